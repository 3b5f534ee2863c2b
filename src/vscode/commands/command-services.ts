import type { Panels } from '../panels/panels';
import type { Services } from '../services';
import type { Views } from '../trees/commands';

/** What commands are given beside the services of all: the views and panels that show what they did. */
export interface CommandServices extends Services {
  views: Views;
  panels: Panels;
}

/** Reads again what views and panels show, after something was written; the connection stays as it is. */
export function lookAgain({ views, panels }: Pick<CommandServices, 'views' | 'panels'>): void {
  for (const view of Object.values(views)) void view.reload({ forget: true });
  panels.lookAgain();
}
