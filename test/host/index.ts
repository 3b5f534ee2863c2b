import { format } from 'node:util';
import type { MochaOptions } from 'mocha';

/** The test files by name; loading one declares its tests. */
export type TestFiles = Record<string, () => unknown>;

/**
 * Runs mocha inside VS Code's extension host. `WARMSTART_TEST_FILES` (part of a file's name) and `WARMSTART_TEST_GREP`
 * choose what runs.
 * @throws when a test failed, which is how the host learns of it
 */
export async function runTests(files: TestFiles): Promise<void> {
  // Mocha is a package of ES modules, and stays outside of the bundle.
  const { default: Mocha } = await import('mocha');
  const {
    WARMSTART_TEST_FILES: part = '',
    WARMSTART_TEST_GREP: grep,
    WARMSTART_TEST_MARK: mark = '',
    WARMSTART_TEST_TRUST: trust,
  } = process.env;
  // Everybody's console ends in one stream; the mark tells the runner which lines are ours.
  Mocha.reporters.Base.consoleLog = (...line) => console.log(`${mark}${format(...line)}`);
  const options: MochaOptions = {
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 30_000,
    forbidOnly: true,
  };
  const mocha = new Mocha(grep === undefined ? options : { ...options, grep });
  for (const [name, load] of Object.entries(files)) {
    // Files of this name are for the window that nobody trusts; all others are not.
    if (name.startsWith('untrusted') !== (trust === 'untrusted') || !name.includes(part)) continue;
    mocha.suite.emit('pre-require', globalThis, name, mocha);
    load();
  }
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} of the host's tests failed.`);
}
