import * as vscode from 'vscode';
import { endpointOf, environmentOf } from '../../project/project';
import type { Ticket } from '../connection';
import type { Services } from '../services';
import { theDocuments } from './documents';
import { type LogSource, logSourceOf, logText } from './log-texts';
import { pickPlace } from './pick';
import { registryOf, runScene, withTicket } from './scenes';
import { type Subject, subjectOf } from './subject';
import { whileLooking } from './while-looking';

const limit = 5000;

/** Opens what CloudWatch has of a training job, a run's tuning job or an endpoint. */
export function openLogsCommand(services: Services, argument: unknown): Promise<void> {
  return withTicket(services, async (ticket) => {
    const subject = subjectOf(argument);
    const source = logSourceOf(subject) ??
      (await ofNamedRun(services, ticket, subject)) ?? {
        kind: 'endpoint' as const,
        ...(await pickPlace(ticket, subject, vscode.l10n.t('Open Logs'))),
      };
    await open(services, ticket, source);
  });
}

/** A run that this window has just begun knows its tuning job only in its record. */
async function ofNamedRun(
  services: Services,
  ticket: Ticket,
  { model, runId, endpoint }: Subject,
): Promise<LogSource | null> {
  if (model === undefined || endpoint !== undefined) return null;
  const { store } = await runScene(services, ticket);
  const run = await services.engine().findRun(store, model, runId);
  const tuningJob = run.steps.tune?.result?.tuningJob;
  return tuningJob === undefined ? null : logSourceOf({ tuningJob });
}

async function open(services: Services, ticket: Ticket, source: LogSource): Promise<void> {
  const { project } = ticket;
  const environment =
    source.kind === 'training' ? registryOf(ticket) : environmentOf(project, source.environment);
  const { logGroups, readLogs } = services.engine();
  const [name, group, prefix] =
    source.kind === 'training'
      ? [source.name, logGroups.training, source.streamPrefix]
      : endpointLogs(endpointOf(project, source.endpoint, environment.name).name, logGroups.endpoint);
  try {
    const lines = await whileLooking(vscode.l10n.t('Reading the log…'), async ({ signal }) => {
      const session = await services.connection.session(ticket, environment);
      return readLogs(session, group, prefix, { limit, signal });
    });
    if (!services.connection.isCurrent(ticket)) return;
    const title = vscode.l10n.t('Log of {0} in {1}', name, environment.name);
    await theDocuments().showText(title, logText(vscode.l10n, `${title} (${group})`, lines, limit));
  } catch (error) {
    services.connection.report(ticket, error, environment);
    throw error;
  }
}

function endpointLogs(name: string, groupOf: (endpointName: string) => string): [string, string, string] {
  return [name, groupOf(name), ''];
}
