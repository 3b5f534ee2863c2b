import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension';
import { recorded, services, sleep, stateIs, useServices } from './support';

const budgetMs = 50;
const rounds = 7;

describe('activation', () => {
  // VS Code makes the folder of a log while the extension already runs; before it is there, a closed log stays closed.
  before(async () => {
    await services();
    await sleep(500);
  });

  it('asks AWS nothing until a view or a command needs it', async () => {
    const from = (await recorded()).length;
    await activateAnew();
    await stateIs('unchecked');
    await sleep(500);
    assert.deepEqual((await recorded()).slice(from), []);
  });

  it(`takes less than ${budgetMs} ms, opens no socket, and can be undone and done again`, async () => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await activateAnew());
    const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
    console.log(`${process.env.WARMSTART_TEST_MARK ?? ''}      median ${median.toFixed(1)} ms of ${rounds}`);
    assert.ok(median < budgetMs, `${times.map((time) => time.toFixed(1)).join(', ')} ms`);
    assert.ok((await services()).views, 'the last round stays');
  });
});

/** Loads the bundle and activates it as VS Code does, after undoing the activation before. */
async function activateAnew(): Promise<number> {
  const { context } = await services();
  for (const disposable of context.subscriptions.splice(0).reverse()) disposable.dispose();
  const bundle = join(context.extensionPath, 'dist', 'extension.js');
  delete require.cache[require.resolve(bundle)];
  const connect = Socket.prototype.connect;
  let connections = 0;
  Socket.prototype.connect = function (this: Socket, ...args: Parameters<Socket['connect']>) {
    connections++;
    return connect.apply(this, args);
  } as typeof connect;
  const start = performance.now();
  let api: TestApi | undefined;
  try {
    api = require(bundle).activate(context);
  } finally {
    Socket.prototype.connect = connect;
  }
  const took = performance.now() - start;
  assert.ok(api && vscode.extensions.getExtension('warmstart.warmstart'));
  assert.equal(connections, 0);
  useServices(api);
  return took;
}
