import type { ComparisonRequest } from '../../comparison/comparison';
import type { CommandServices } from '../commands/command-services';
import { requireCurrent } from '../commands/scenes';
import type { Ticket } from '../connection';

/** Opens the evaluations of versions side by side, or shows the panel that does already. The one way in to a comparison. */
export function openComparison(services: CommandServices, ticket: Ticket, request: ComparisonRequest): void {
  requireCurrent(services, ticket);
  services.panels.show(ticket, request);
}
