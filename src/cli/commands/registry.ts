import type { Command } from 'commander';
import { WarmstartError } from '../../errors';
import { decide } from '../../registry/approval';
import { versionArn } from '../../registry/groups';
import { describeVersion } from '../../registry/versions';
import type { Context } from '../context';
import type { Run } from '../run';

export function addRegistryCommands(program: Command, run: Run): void {
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
