import * as vscode from 'vscode';
import type { Model } from '../../project/project';
import type { RetrainPreview } from '../../runs/preview';
import { mapParallel } from '../../task';
import type { Ticket } from '../connection';
import { type CommandServices, lookAgain } from './command-services';
import { theDocuments } from './documents';
import { chosen, pickModels } from './pick';
import { isBlocked, previewLines, type RetrainChoices, retrainMarkdown } from './retrain-texts';
import { showOutcomes } from './run-outcomes';
import { registryOf, requireCurrent, runScene, withTicket } from './scenes';
import { subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** How many models are retrained side by side, as on the command line. */
const parallel = 4;

export function retrainCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(
    services,
    async (ticket) => {
      const title = vscode.l10n.t('Retrain');
      const models = await pickModels(ticket.project, subjectOf(argument), title);
      await reviewAndStart(services, ticket, models);
    },
    registryOf,
  );
}

export function retrainAllCommand(services: CommandServices): Promise<void> {
  return withTicket(
    services,
    (ticket) => reviewAndStart(services, ticket, ticket.project.models),
    registryOf,
  );
}

async function reviewAndStart(services: CommandServices, ticket: Ticket, models: Model[]): Promise<void> {
  const choices = await review(services, ticket, models);
  requireCurrent(services, ticket);
  await start(services, ticket, models, choices);
}

interface Item extends vscode.QuickPickItem {
  action?: 'start' | 'testing' | 'until' | 'details';
}

/** Shows what would happen until the person starts it; nothing is written before. */
async function review(services: CommandServices, ticket: Ticket, models: Model[]): Promise<RetrainChoices> {
  let choices: RetrainChoices = { testing: false, until: undefined };
  let previews = await look(services, ticket, models, choices);
  for (;;) {
    const picked = await vscode.window.showQuickPick(reviewItems(previews, choices), {
      title: titleOf(models),
      placeHolder: vscode.l10n.t('What will happen. Nothing has been started yet.'),
      ignoreFocusOut: true,
    });
    const { action } = chosen(picked);
    if (action === 'start') return choices;
    if (action === 'testing') choices = { ...choices, testing: !choices.testing };
    else if (action === 'until') choices = { ...choices, until: await askUntil(choices.until) };
    else {
      const text = retrainMarkdown(vscode.l10n, previews, choices);
      await theDocuments().showMarkdown(titleOf(models), text);
      continue;
    }
    previews = await look(services, ticket, models, choices);
  }
}

function reviewItems(previews: readonly RetrainPreview[], choices: RetrainChoices): Item[] {
  const { l10n } = vscode;
  const jobs = previews.reduce((sum, preview) => sum + preview.jobs.total, 0);
  const separator = { label: l10n.t('What will happen'), kind: vscode.QuickPickItemKind.Separator };
  return [
    {
      label: `$(play) ${l10n.t('Start')}`,
      description: jobs === 1 ? l10n.t('1 training job') : l10n.t('{0} training jobs', jobs),
      action: 'start',
    },
    {
      label: `$(beaker) ${choices.testing ? l10n.t('Testing: yes') : l10n.t('Testing: no')}`,
      description: l10n.t('one training job a model, never released'),
      action: 'testing',
    },
    {
      label: `$(calendar) ${choices.until === undefined ? l10n.t('Until: as the project says') : l10n.t('Until: {0}', choices.until)}`,
      description: l10n.t('the day before which the data ends'),
      action: 'until',
    },
    { label: `$(open-preview) ${l10n.t('Show the details')}`, action: 'details' },
    separator,
    ...previews.map((preview): Item => {
      const { label, description, detail } = previewLines(l10n, preview);
      const icon = isBlocked(preview) ? '$(warning)' : '$(symbol-method)';
      return { label: `${icon} ${label}`, description, detail, action: 'details' };
    }),
  ];
}

function titleOf(models: readonly Model[]): string {
  const [first] = models;
  return models.length === 1 && first
    ? vscode.l10n.t('Retrain {0}', first.name)
    : vscode.l10n.t('Retrain {0} models', models.length);
}

async function askUntil(before: string | undefined): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Data until'),
    prompt: vscode.l10n.t('The data ends before this day (YYYY-MM-DD). Empty: as the project says.'),
    value: before ?? '',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value === '' || isDay(value) ? undefined : vscode.l10n.t('A day such as 2024-12-31'),
  });
  return chosen(text) || undefined;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

function look(
  services: CommandServices,
  ticket: Ticket,
  models: readonly Model[],
  { testing, until }: RetrainChoices,
): Promise<RetrainPreview[]> {
  return whileLooking(vscode.l10n.t('Looking at what retraining would do…'), async (task) => {
    const scene = await runScene(services, ticket, task);
    const options = { testing, ...(until === undefined ? {} : { until }) };
    return mapParallel(models, parallel, (model) => services.engine().previewRetrain(scene, model, options));
  });
}

async function start(
  services: CommandServices,
  ticket: Ticket,
  models: readonly Model[],
  { testing, until }: RetrainChoices,
): Promise<void> {
  const options = { testing, ...(until === undefined ? {} : { until }) };
  const requests = models.map((model) => ({
    title: vscode.l10n.t('Retrain {0}', model.name),
    kind: 'retrain' as const,
    subject: model.name,
    // Runs are the registry's: they show whichever environment is looked at.
    connectionKey: null,
    operation: { kind: 'retrain' as const, model: model.name, runId: null },
    model,
  }));
  const outcomes = await services.activity.runEach(
    titleOf(models),
    requests,
    parallel,
    async ({ model }, task) =>
      services.engine().retrain(await runScene(services, ticket, task), model, options),
  );
  lookAgain(services);
  showOutcomes(
    services,
    models.map(({ name }, i) => ({ model: name, ...outcomes[i] })),
  );
}
