import * as vscode from 'vscode';
import type { Model, Project } from '../../project/project';
import { modelOf } from '../../project/project';
import type { Ticket } from '../connection';
import type { Subject } from './subject';

/** What the person chose; whoever closes a pick or an input has cancelled the command. */
export function chosen<T>(value: T | undefined): T {
  if (value === undefined) throw new vscode.CancellationError();
  return value;
}

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

/** Asks for one of `choices`; the only one is not asked for, unless `always`. */
export async function pickOne<T>(
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  { title, placeHolder, always = false }: { title: string; placeHolder: string; always?: boolean },
): Promise<T> {
  const known = await choices;
  if (known.length === 1 && known[0] && !always) return known[0].value;
  const picked = await vscode.window.showQuickPick(known, {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return chosen(picked).value;
}

export async function pickModels(project: Project, subject: Subject, title: string): Promise<Model[]> {
  if (subject.model !== undefined) return [modelOf(project, subject.model)];
  if (project.models.length === 1) return project.models;
  const picked = await vscode.window.showQuickPick(project.models.map(modelChoice), {
    title,
    placeHolder: vscode.l10n.t('One or several models'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  const models = chosen(picked).map(({ value }) => value);
  return chosen(models.length ? models : undefined);
}

export async function pickModel(project: Project, subject: Subject, title: string): Promise<Model> {
  if (subject.model !== undefined) return modelOf(project, subject.model);
  return pickOne(project.models.map(modelChoice), { title, placeHolder: vscode.l10n.t('A model') });
}

function modelChoice(model: Model): Choice<Model> {
  return {
    label: model.name,
    description: `${model.endpoint} · ${model.packageGroup}`,
    ...(model.description === undefined ? {} : { detail: model.description }),
    value: model,
  };
}

/** An endpoint and the environment it stands in: those of the subject, else asked for. */
export async function pickPlace(
  ticket: Ticket,
  subject: Subject,
  title: string,
): Promise<{ endpoint: string; environment: string }> {
  const { project } = ticket;
  const endpoint =
    subject.endpoint ??
    (await pickOne(
      Object.entries(project.source.endpoints).map(([key, { name }]) => ({
        label: key,
        ...(name === undefined || name === key ? {} : { description: name }),
        value: key,
      })),
      { title, placeHolder: vscode.l10n.t('An endpoint') },
    ));
  return { endpoint, environment: subject.environment ?? (await pickEnvironment(ticket, title)) };
}

/** The present environment comes first. */
export async function pickEnvironment(
  { project, environment: current }: Ticket,
  title: string,
): Promise<string> {
  const environments = [current, ...project.environments.filter(({ name }) => name !== current.name)];
  return pickOne(
    environments.map((each) => ({
      label: each.name,
      description: [
        each.accountId,
        each.region,
        ...(each.name === current.name ? [vscode.l10n.t('current')] : []),
        ...(each.protected ? [vscode.l10n.t('protected')] : []),
      ].join(' · '),
      value: each.name,
    })),
    { title, placeHolder: vscode.l10n.t('An environment') },
  );
}
