import type { Command } from 'commander';
import { Store } from '../../aws/store';
import { WarmstartError } from '../../errors';
import type { Evaluation } from '../../evaluation/report';
import { readEvaluation } from '../../evaluation/stored';
import { comparisonRows } from '../../evaluation/text';
import { modelOf } from '../../project/project';
import { decide } from '../../registry/approval';
import { groupArn, versionArn } from '../../registry/groups';
import { describeVersion, listSummaries, type Version } from '../../registry/versions';
import { positive } from '../arguments';
import type { Context } from '../context';
import type { Run } from '../run';

export function addRegistryCommands(program: Command, run: Run): void {
  program
    .command('compare <model>')
    .description('candidate against champion on the same test set, with gates and drift')
    .option('--version <n>', 'the version to compare; the newest when absent')
    .addHelpText('after', '\nExample:\n  warmstart compare delay-ord')
    .action(run(compareCommand));
  for (const [name, decision] of [
    ['approve', 'Approved'],
    ['reject', 'Rejected'],
  ] as const) {
    program
      .command(`${name} <version>`)
      .description(`${name} a version, written <group>/<number>`)
      .option(
        '--comment <text>',
        decision === 'Rejected' ? 'why; required' : 'why; required when a gate failed',
      )
      .addHelpText(
        'after',
        `\nExample:\n  warmstart ${name} flights-delay-ord/3 --comment "looked at the residuals"`,
      )
      .action(
        run((context: Context, version: string, options: { comment?: string }) =>
          decideCommand(context, version, decision, options.comment ?? ''),
        ),
      );
  }
}

async function decideCommand(
  context: Context,
  name: string,
  decision: 'Approved' | 'Rejected',
  comment: string,
): Promise<void> {
  const project = await context.project();
  const session = await context.session(project.registry);
  const arn = arnOf(project.registry, name);
  await session.assertAccount();
  const seen = await describeVersion(session, arn);
  const version = await decide(
    session,
    { arn, decision, comment, expect: seen, by: (await session.whoAmI()).arn },
    context.task.now(),
  );
  context.output.note(`Version ${version.version} of ${version.group} is ${decision.toLowerCase()}.`);
  context.output.event('decision', {
    group: version.group,
    version: version.version,
    arn,
    approval: version.approval,
    comment: version.comment,
  });
}

async function compareCommand(
  context: Context,
  modelName: string,
  options: { version?: string },
): Promise<void> {
  const project = await context.project();
  const model = modelOf(project, modelName);
  const session = await context.session(project.registry);
  const arn = options.version
    ? versionArn(project.registry, model.packageGroup, positive(options.version, '--version'))
    : (await listSummaries(session, groupArn(project.registry, model.packageGroup)))[0]?.arn;
  if (arn === undefined) {
    throw new WarmstartError('registry.no-version', `${modelName} has no registered version yet.`, {
      remedy: `Run: warmstart retrain ${modelName}`,
    });
  }
  const version = await describeVersion(session, arn);
  const evaluation = await readEvaluation(new Store(session), version);
  showComparison(context, version, evaluation);
}

function showComparison({ output }: Context, version: Version, evaluation: Evaluation): void {
  const { champion, championEnvironment, championNote } = evaluation;
  output.note(
    `Version ${version.version} of ${version.group} (${version.approval}) against ${
      champion
        ? `version ${champion.version ?? '?'}, which serves in ${championEnvironment}`
        : `nothing: ${championNote}`
    }; ${evaluation.dataset.test.rows} test rows.`,
  );
  output.table({
    columns: ['metric', 'candidate', 'champion', 'difference', '95 % interval'],
    rows: comparisonRows(evaluation).map((row) => [
      row.metric,
      row.candidate,
      row.champion,
      row.words,
      row.interval,
    ]),
  });
  for (const gate of evaluation.gates)
    output.note(`${gate.passed ? 'gate passed' : 'GATE FAILED'}: ${gate.reason}`);
  for (const warning of evaluation.warnings) output.note(`warning: ${warning}`);
  output.event('compare', {
    group: version.group,
    version: version.version,
    approval: version.approval,
    evaluation,
  });
}

function arnOf(registry: Parameters<typeof versionArn>[0], name: string): string {
  if (name.startsWith('arn:')) return name;
  const [, group, version] = /^(.+)\/(\d+)$/.exec(name) ?? [];
  if (!group || !version) {
    throw new WarmstartError('usage.version', `"${name}" is not a version.`, {
      kind: 'usage',
      remedy: 'Write it as <group>/<number>, such as flights-delay-ord/3.',
    });
  }
  return versionArn(registry, group, Number(version));
}
