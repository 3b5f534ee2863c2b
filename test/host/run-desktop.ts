import { resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleTests, testsPath } from './bundle';
import { makeSurroundings } from './surroundings';

/** The trusted half of the suite in the desktop's VS Code, which is downloaded once. */
async function main(): Promise<void> {
  await bundleTests();
  const { workspace, env, stop } = await makeSurroundings();
  try {
    await runTests({
      extensionDevelopmentPath: resolve(__dirname, '..', '..'),
      extensionTestsPath: testsPath,
      extensionTestsEnv: { ...env, WARMSTART_TEST_TRUST: 'trusted' },
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
    });
  } finally {
    await stop();
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
