import * as vscode from 'vscode';
import type { Comparison, ComparisonRequest } from '../../comparison/comparison';
import type { ComparisonScene } from '../../comparison/reader';
import { WarmstartError } from '../../errors';
import { quietTask } from '../../task';
import { runScene } from '../commands/scenes';
import type { Ticket } from '../connection';
import type { Services } from '../services';

const deadlineSeconds = 60;
/** Two artifacts and a test set of up to half a gibibyte are fetched and scored. */
const measuringSeconds = 900;

/** Reads comparisons, of which only the one that was asked for last counts. */
export class Reader {
  /** Of the reading under way. */
  #cancel: AbortController | undefined;

  /** As long as the panel is open. */
  readonly #measured: ComparisonScene['measured'] = new Map();

  constructor(private readonly services: Services) {}

  /**
   * Undefined when another one was asked for meanwhile.
   * @param signal of somebody who may want it no more; then it is thrown that it was cancelled
   * @throws `comparison.late`, and what the engine throws
   */
  async read(
    ticket: Ticket,
    request: ComparisonRequest,
    signal?: AbortSignal,
  ): Promise<Comparison | undefined> {
    this.drop();
    const cancel = new AbortController();
    this.#cancel = cancel;
    signal?.addEventListener('abort', () => cancel.abort(), { once: true });
    const seconds = request.measure ? measuringSeconds : deadlineSeconds;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        cancel.abort();
        reject(tooLate(ticket, seconds));
      }, seconds * 1000);
    });
    try {
      const comparison = await Promise.race([this.#ask(ticket, request, cancel.signal), late]);
      return this.#cancel === cancel ? comparison : undefined;
    } catch (error) {
      if (this.#cancel !== cancel) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether a version was decided, changed or deleted since it was read: one Describe for each. */
  async isOutdated(ticket: Ticket, { models }: Comparison): Promise<boolean> {
    const { describeVersions, isNotFound } = this.services.engine();
    const all = models.flatMap((model) => model.columns).filter(({ status }) => status !== 'Deleted');
    const columns = new Map(all.map((column) => [column.arn, column]));
    const session = await this.services.connection.session(ticket, ticket.project.registry);
    const versions = await describeVersions(session, [...columns.keys()]).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    // Somebody deleted one.
    if (!versions) return true;
    return versions.some(({ arn, approval, lastModified, status }) => {
      const column = columns.get(arn);
      return (
        column?.approval !== approval || column.lastModified !== lastModified || column.status !== status
      );
    });
  }

  /** Whatever is being read is not wanted any more. */
  drop(): void {
    this.#cancel?.abort();
    this.#cancel = undefined;
  }

  async #ask(ticket: Ticket, request: ComparisonRequest, signal: AbortSignal): Promise<Comparison> {
    const scene = await runScene(this.services, ticket, quietTask(signal));
    return this.services.engine().readComparison({ ...scene, measured: this.#measured }, request);
  }
}

function tooLate({ project: { registry } }: Ticket, seconds: number): WarmstartError {
  const place = [registry.name, registry.accountId, registry.region].join(', ');
  return new WarmstartError(
    'comparison.late',
    vscode.l10n.t('No answer after {0} seconds from {1}.', seconds, place),
    { remedy: vscode.l10n.t('Check the network, or try again.') },
  );
}
