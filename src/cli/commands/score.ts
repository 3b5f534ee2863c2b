import type { Command } from 'commander';
import { metricsOf } from '../../evaluation/metrics';
import { comparable } from '../../evaluation/predictions';
import { objectiveOf } from '../../project/objectives';
import { type Artifact, predictArtifact, readArtifact } from '../../xgboost/artifact';
import { readCsv, splitLabel } from '../../xgboost/csv';
import { float32Text } from '../../xgboost/format';
import { openFile } from '../arguments';
import type { Context } from '../context';
import type { Run } from '../run';

export function addScoreCommands(program: Command, run: Run): void {
  program
    .command('predict')
    .description('score rows with a saved XGBoost model, exactly as its container would; no Python, no AWS')
    .requiredOption('--artifact <file>', 'model.tar.gz or xgboost-model')
    .requiredOption('--data <file.csv>', 'features only, no header, empty = missing')
    .option('--margin', 'print margins instead of predictions')
    .option(
      '--serving <version>',
      'the serving image, such as 1.2-2; the version of the artifact when absent',
    )
    .option('--ensemble', 'average the folds of a k-fold artifact, as a container told to does')
    .addHelpText('after', '\nExample:\n  warmstart predict --artifact model.tar.gz --data features.csv')
    .action(run(predictCommand));
  program
    .command('evaluate')
    .description('metrics of a saved XGBoost model on a test set')
    .requiredOption('--artifact <file>', 'model.tar.gz or xgboost-model')
    .requiredOption('--data <file.csv>', 'label first, no header, empty = missing')
    .option(
      '--serving <version>',
      'the serving image, such as 1.2-2; the version of the artifact when absent',
    )
    .option('--ensemble', 'average the folds of a k-fold artifact, as a container told to does')
    .addHelpText('after', '\nExample:\n  warmstart evaluate --artifact model.tar.gz --data test.csv')
    .action(run(evaluateCommand));
}

interface ScoreOptions {
  artifact: string;
  data: string;
  margin?: boolean;
  serving?: string;
  ensemble?: boolean;
}

async function predictCommand({ output }: Context, options: ScoreOptions): Promise<void> {
  const artifact = await openArtifact(options);
  const features = await readCsv(openFile(options.data));
  const { rows, outputs, values } = predictArtifact(artifact, features, scoring(options));
  const predictions: number[][] = [];
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const answer = values.subarray(row * outputs, (row + 1) * outputs);
    if (output.wantsEvents) predictions.push([...answer]);
    else lines.push([...answer].map(float32Text).join(','));
  }
  if (lines.length) output.note(lines.join('\n'));
  output.event('predict', { artifact: artifact.sentence, rows, outputs, predictions });
}

async function evaluateCommand({ output }: Context, options: ScoreOptions): Promise<void> {
  const artifact = await openArtifact(options);
  const { labels, features } = splitLabel(await readCsv(openFile(options.data)));
  const objective = artifact.boosters[0]?.objective ?? '';
  const { kind } = objectiveOf(objective);
  const predictions = comparable(kind, objective, predictArtifact(artifact, features, scoring(options)));
  const metrics = metricsOf(kind, labels, predictions);
  output.note(artifact.sentence);
  for (const { image, ok, why } of artifact.servableBy)
    output.note(`  ${ok ? 'served by' : 'not by'} ${image}: ${why}`);
  output.table({
    columns: ['metric', 'value'],
    rows: Object.entries(metrics).map(([name, value]) => [name, value]),
  });
  output.event('evaluate', {
    artifact: artifact.sentence,
    format: artifact.format,
    xgboostVersion: artifact.xgboostVersion,
    servableBy: artifact.servableBy,
    objective,
    kind,
    rows: labels.length,
    metrics,
  });
}

function openArtifact(options: ScoreOptions): Promise<Artifact> {
  return readArtifact(openFile(options.artifact), { ensemble: options.ensemble ?? false });
}

function scoring(options: ScoreOptions) {
  return {
    margin: options.margin ?? false,
    ...(options.serving === undefined ? {} : { servingVersion: options.serving }),
  };
}
