import type { Services } from '../services';
import type { Views } from '../trees/commands';

/** What commands are given beside the services of all: the views that show what they did. */
export interface CommandServices extends Services {
  views: Views;
}

/** Reads again what the views show, after something was written; the connection stays as it is. */
export function lookAgain({ views }: Pick<CommandServices, 'views'>): void {
  for (const view of Object.values(views)) void view.reload({ forget: true });
}
