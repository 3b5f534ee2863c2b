import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WarmstartError } from '../errors';

/** The panel's program and style, as the build makes them. */
export interface ReportAssets {
  script: string;
  style: string;
}

/**
 * Reads what a report file is made of; it lies beside the bundle that this is called from.
 * @throws WarmstartError `comparison.assets` in an installation without them
 */
export async function readReportAssets(
  directory: string = join(__dirname, 'webview'),
): Promise<ReportAssets> {
  try {
    const [script, style] = await Promise.all(
      ['comparison.js', 'comparison.css'].map((file) => readFile(join(directory, file), 'utf8')),
    );
    return { script: script ?? '', style: style ?? '' };
  } catch (cause) {
    throw new WarmstartError('comparison.assets', `The parts of a report file are not in ${directory}.`, {
      remedy: 'Install Warmstart again, or run its build.',
      cause,
    });
  }
}
