import type { ReportAssets } from './assets';
import type { Comparison } from './comparison';

/** A comparison as one HTML file that needs nothing beside it and no network. */
export function comparisonHtml(comparison: Comparison, assets: ReportAssets): string {
  return `${comparison.models.length}${assets.script.length}`;
}
