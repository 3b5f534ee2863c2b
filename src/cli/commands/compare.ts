import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readReportAssets } from '../../comparison/assets';
import type { Comparison, ModelComparison } from '../../comparison/comparison';
import { comparisonCsv } from '../../comparison/csv';
import { deleted } from '../../comparison/deleted';
import { comparisonMarkdown } from '../../comparison/markdown';
import { hiddenText, standingOf } from '../../comparison/outline';
import { readComparison } from '../../comparison/read';
import { comparisonHtml } from '../../comparison/report';
import { metricTable } from '../../comparison/tables';
import { visibleLine } from '../../comparison/visible';
import { messageOf, WarmstartError } from '../../errors';
import { readEvaluation } from '../../evaluation/stored';
import { type Model, modelOf } from '../../project/project';
import { groupArn, versionArn } from '../../registry/groups';
import { describeVersion, listSummaries } from '../../registry/versions';
import type { RunScene } from '../../runs/scene';
import { positive } from '../arguments';
import type { Context } from '../context';
import type { Run } from '../run';

interface Options {
  version?: string[];
  baseline?: string;
  html?: string;
  /** True for standard output. */
  markdown?: string | true;
  csv?: string | true;
  all?: boolean;
  measure?: boolean;
}

export function addCompareCommand(program: Command, run: Run): void {
  program
    .command('compare <model>')
    .description('versions against the one that serves: how certain the difference is, gates, what changed')
    .option('--version <n...>', 'the versions to compare; the newest when absent')
    .option(
      '--baseline <environment>',
      'against what serves there; against what each was evaluated with when absent',
    )
    .option('--measure', 'score the baseline here, on the rows of versions that were not measured beside it')
    .option('--html <file>', 'write the whole comparison as one self-contained page')
    .option('--markdown [file]', 'write it for a pull request, or print it')
    .option('--csv [file]', 'write the metrics for a spreadsheet, or print them')
    .option('--all', 'show metrics that are equal, too')
    .addHelpText(
      'after',
      '\nExample:\n  warmstart compare delay-ord --baseline production --html report.html',
    )
    .action(run(compareCommand));
}

async function compareCommand(context: Context, modelName: string, options: Options): Promise<void> {
  if (options.markdown === true && options.csv === true) {
    throw new WarmstartError('usage.two-outputs', 'Only one of --markdown and --csv can be printed.', {
      kind: 'usage',
      remedy: 'Name a file for the other one.',
    });
  }
  const numbers = (options.version ?? []).map((text) => positive(text, '--version'));
  const model = modelOf(await context.project(), modelName);
  const scene = await context.runScene();
  const arns = numbers.length
    ? numbers.map((number) => versionArn(scene.project.registry, model.packageGroup, number))
    : [await newestOf(scene, model)];
  const { baseline = null, measure = false } = options;
  const comparison = await readComparison(scene, { arns, baseline, measure });
  const printed = textToPrint(comparison, options);
  if (printed !== undefined) context.output.note(printed.trimEnd());
  else for (const each of comparison.models) show(context, each, options);
  await writeFiles(context, comparison, options, printed !== undefined);
  if (context.output.wantsEvents) {
    context.output.event('compare', { ...(await firstOf(scene, firstLeft(arns, comparison))), comparison });
  }
}

async function newestOf({ session, project }: RunScene, model: Model): Promise<string> {
  const [newest] = await listSummaries(session, groupArn(project.registry, model.packageGroup));
  if (newest) return newest.arn;
  throw new WarmstartError('registry.no-version', `${model.name} has no registered version yet.`, {
    remedy: `Run: warmstart retrain ${model.name}`,
  });
}

function textToPrint(comparison: Comparison, { markdown, csv }: Options): string | undefined {
  if (markdown === true) return comparisonMarkdown(comparison);
  return csv === true ? comparisonCsv(comparison) : undefined;
}

async function writeFiles(
  context: Context,
  comparison: Comparison,
  { html, markdown, csv }: Options,
  quiet: boolean,
): Promise<void> {
  const write = async (file: string, text: string) => {
    try {
      await writeFile(file, text);
    } catch (cause) {
      throw new WarmstartError('usage.not-writable', `${file} cannot be written: ${messageOf(cause)}`, {
        kind: 'usage',
        cause,
      });
    }
    if (!quiet) context.output.note(`Wrote ${file}.`);
  };
  if (html !== undefined) await write(html, comparisonHtml(comparison, await readReportAssets()));
  if (typeof markdown === 'string') await write(markdown, comparisonMarkdown(comparison));
  if (typeof csv === 'string') await write(csv, comparisonCsv(comparison));
}

function show({ output }: Context, model: ModelComparison, { all = false }: Options): void {
  const note = (text: string) => output.note(visibleLine(text));
  const baseline = model.columns.find(({ role }) => role === 'baseline');
  const place = model.environment === null ? '' : `, in ${model.environment}`;
  note(
    `${model.model}: ${baseline ? `the baseline is version ${baseline.version}${place}` : 'no baseline'}.`,
  );
  for (const text of model.notes) note(text);
  for (const column of model.columns) {
    const { decision } = column;
    if (!decision) continue;
    note(`Version ${column.version} (${standingOf(column)}): ${decision.sentence}`);
    for (const { passed, reason } of decision.gates) {
      note(`${passed ? 'gate passed' : 'GATE FAILED'}: ${reason}`);
    }
    for (const warning of decision.warnings) note(`warning: ${warning}`);
  }
  const table = metricTable(model, { all });
  if (table.rows.length > 0) {
    output.table({ columns: table.columns, rows: table.rows.map((cells) => cells.map(visibleLine)) });
  } else if (table.hidden === 0) {
    note('No metric is known of any of these versions.');
  }
  if (table.hidden > 0) note(`${hiddenText(table.hidden, 'metric')} Shown with --all.`);
}

/** Of those asked for, the first that the registry still has. */
function firstLeft(arns: readonly string[], { models }: Comparison): string {
  const left = models.flatMap(({ columns }) => columns).filter(({ status }) => status !== deleted);
  return arns.find((arn) => left.some((column) => column.arn === arn)) ?? '';
}

/** What stood in this event before there were comparisons of several versions. */
async function firstOf({ session, store }: RunScene, arn: string): Promise<object> {
  const version = await describeVersion(session, arn);
  const { group, approval } = version;
  const facts = { group, version: version.version, approval };
  try {
    return { ...facts, evaluation: await readEvaluation(store, version) };
  } catch (error) {
    if (error instanceof WarmstartError && error.code.startsWith('evaluation.')) {
      return { ...facts, evaluation: null };
    }
    throw error;
  }
}
