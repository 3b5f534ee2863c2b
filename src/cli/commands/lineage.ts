import type { Command } from 'commander';
import { Store } from '../../aws/store';
import { modelOf } from '../../project/project';
import { lineageText, readLineage } from '../../tuning/lineage';
import type { Context } from '../context';
import type { Run } from '../run';

export function addLineageCommand(program: Command, run: Run): void {
  program
    .command('lineage <model>')
    .description('the tuning jobs of a model, each under the parent it was warm-started from')
    .addHelpText('after', '\nExample:\n  warmstart lineage delay-ord')
    .action(run(lineageCommand));
}

async function lineageCommand(context: Context, modelName: string): Promise<void> {
  const project = await context.project();
  const session = await context.session(project.registry);
  const nodes = await readLineage(session, new Store(session), modelOf(project, modelName));
  context.output.note(nodes.length ? lineageText(nodes) : `${modelName} has no tuning job yet.`);
  context.output.event('lineage', { model: modelName, nodes });
}
