/**
 * How long the comparison takes to open in VS Code, with a history of 10,000 evaluations and what is kept of a test set
 * of 1,000,000 rows: the packaged extension in code-server, the sandbox as the AWS, a click of the mouse.
 * Run: npm run package && npx tsx bench/comparison-in-vscode.ts [evaluations] [test rows] [openings]
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Store } from '../src/aws/store';
import { documentText } from '../src/evaluation/document';
import { evaluationHistoryKey, historyRow } from '../src/evaluation/history';
import type { Evaluation } from '../src/evaluation/report';
import type { RecordedRequest } from '../src/sandbox/record';
import { quietTask } from '../src/task';
import type { Dataset } from '../src/warehouse/dataset';
import { ComparisonPanel } from '../test/ui/comparison-panel';
import { Others } from '../test/ui/others';
import { Session } from '../test/ui/session';
import { historyText, measuredOn } from './comparison-data';

type Engine = typeof import('../src/engine');

const evaluations = Number(process.argv[2] ?? 10_000);
const rows = Number(process.argv[3] ?? 1_000_000);
const openings = Number(process.argv[4] ?? 9);
const minute = 60_000;
const group = 'flights-delay-ord';

/** Milliseconds since 1970 of one opening. */
interface Opening {
  clicked: number;
  /** When the sandbox had answered the last request. */
  read: number;
  received: number;
  shown: number;
}

async function main(): Promise<void> {
  const session = await Session.open();
  try {
    await measure(session);
  } finally {
    await session.close();
  }
}

async function measure(session: Session): Promise<void> {
  const record = join(session.home, 'requests.jsonl');
  const program = await session.commandLine();
  const others = new Others(session.sandboxHome, program);
  const project = join(session.sandboxHome, 'project');
  await others.colleague('sandbox', 'up', '--home', session.sandboxHome, '--record', record);
  await others.colleague('retrain', 'delay-ord', '--until', '2001-04-01');
  await others.colleague('approve', `${group}/1`);
  for (const environment of ['qa', 'production'])
    await others.colleague('release', 'flights', '--env', environment, '--yes');
  await others.colleague('retrain', 'delay-ord', '--until', '2001-06-01');
  const engine = createRequire(program)(join(dirname(program), 'aws.js')) as Engine;
  process.env.AWS_CONFIG_FILE = join(session.sandboxHome, 'aws', 'config');
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(session.sandboxHome, 'no-credentials');
  const scene = await sceneOf(engine, project);
  console.log(await enlarge(engine, scene));
  await measureEngine(engine, scene, record);
  await session.workbench.run('Start Local Sandbox');
  await session.workbench.notifications.press('The local sandbox is up', 'Open Sample Project');
  await session.workbench.statusItem('training · 111111111111').waitFor({ timeout: minute });
  const kinds = { 'window reloaded': true, 'in the same window': false };
  for (const [kind, isCold] of Object.entries(kinds)) {
    const all: Opening[] = [];
    for (let i = 0; i < openings; i++) all.push(await open(session, project, record, isCold));
    report(kind, all);
  }
}

async function sceneOf(engine: Engine, folder: string) {
  const project = await engine.loadProject(folder);
  const session = await engine.openSession(project.registry);
  return {
    project,
    session,
    store: new engine.Store(session),
    sessionOf: (environment: typeof project.registry) => engine.openSession(environment),
    task: quietTask(),
  };
}

type Scene = Awaited<ReturnType<typeof sceneOf>>;

/** Puts what is known of very many rows in the place of what was measured on a few. */
async function enlarge(engine: Engine, { session, store }: Scene): Promise<string> {
  const made = measuredOn(rows);
  const datasets = [made.before, made.now];
  const sizes: number[] = [];
  const put = async (key: string, text: string) => {
    await store.put(key, text);
    sizes.push(Math.round(text.length / 1000));
  };
  for (const [i, version] of (await engine.listVersions(session, group)).reverse().entries()) {
    const measured = await engine.readEvaluation(store, version);
    const evaluation = enlarged(measured, made.evaluation);
    await put(keyOf(store, version.evaluationUri), documentText(evaluation));
    const key = keyOf(store, version.dataset);
    const dataset = await store.getJson<Dataset>(key);
    await put(key, JSON.stringify({ ...dataset, columns: datasets[i]?.columns }, null, 2));
    if (measured.champion === null) continue;
    const example = historyRow(evaluation, { packageArn: version.arn, gitCommit: 'c0ffee' });
    await put(evaluationHistoryKey('flights', 'delay-ord'), historyText(evaluations, example));
  }
  return `in S3: evaluation.json and dataset.json of two versions, evaluationhistory.csv: ${sizes.join(', ')} kB`;
}

function enlarged(measured: Evaluation, { dataset, candidate, champion, ...made }: Evaluation): Evaluation {
  return {
    ...measured,
    dataset: { ...measured.dataset, test: { ...measured.dataset.test, rows: dataset.test.rows } },
    candidate: { ...measured.candidate, scorecard: candidate.scorecard },
    champion: measured.champion && champion && { ...measured.champion, scorecard: champion.scorecard },
    differences: made.differences,
    gates: made.gates,
    drift: made.drift,
  };
}

function keyOf(store: Store, uri: string | null): string {
  return (uri ?? '').slice(store.uri('').length);
}

/** The extension's own bundle in this process, to see how long nothing else can run in the extension host. */
async function measureEngine(engine: Engine, scene: Scene, record: string): Promise<void> {
  const request = {
    arns: (await engine.listVersions(scene.session, group)).slice(0, 1).map(({ arn }) => arn),
  };
  const blocks: number[] = [];
  const totals: number[] = [];
  const builds: number[] = [];
  for (let i = 0; i < openings; i++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await new Promise((wake) => setTimeout(wake, 100));
    const from = now();
    delay.enable();
    await engine.readComparison(scene, { ...request, baseline: null });
    const until = now();
    // The histogram learns of a block when the loop turns again.
    await new Promise((wake) => setTimeout(wake, 20));
    delay.disable();
    blocks.push(delay.max / 1e6);
    totals.push(until - from);
    builds.push(until - (await lastAnswer(record, from, until)));
  }
  console.log(`engine alone, ${openings} times: ${spread(totals)}`);
  console.log(`  after the last answer: ${spread(builds)}`);
  console.log(`  longest block of the event loop: ${spread(blocks)}`);
}

async function open(session: Session, folder: string, record: string, isCold: boolean): Promise<Opening> {
  const { page, workbench } = session;
  if (isCold) {
    await session.openFolder(folder);
    await workbench.statusItem('training · 111111111111').waitFor({ timeout: minute });
  }
  await workbench.openContainer('Warmstart');
  await workbench.view('Approvals').waitForRow('delay-ord');
  // What follows a start of the window is not what is measured.
  await page.waitForTimeout(3000);
  await page.evaluate(
    `addEventListener('click', (e) => { window.clicked = performance.timeOrigin + e.timeStamp; }, { capture: true, once: true })`,
  );
  await workbench.view('Approvals').inlineAction('delay-ord', /Compare/);
  const frame = await new ComparisonPanel(page).shown();
  await frame.waitForFunction(`performance.getEntriesByName('warmstart:shown').length > 0`);
  const clicked = await page.evaluate<number>('window.clicked');
  const marks = await frame.evaluate<{ name: string; at: number }[]>(
    `performance.getEntriesByType('mark').map((e) => ({ name: e.name, at: performance.timeOrigin + e.startTime }))`,
  );
  const shown = marks.find(({ name }) => name === 'warmstart:shown')?.at ?? Number.NaN;
  const received =
    marks.findLast(({ name, at }) => name === 'warmstart:received' && at < shown)?.at ?? Number.NaN;
  await workbench.run('View: Close All Editors');
  await workbench.tab(/^Compare/).waitFor({ state: 'hidden' });
  return { clicked, received, shown, read: await lastAnswer(record, clicked, received) };
}

/** When the sandbox had the answer to the last request of a time, by the clock that all programs here share. */
async function lastAnswer(record: string, from: number, until: number): Promise<number> {
  const lines = (await readFile(record, 'utf8')).trim().split('\n');
  const times = lines.map((line) => Date.parse((JSON.parse(line) as RecordedRequest).time));
  return Math.max(...times.filter((time) => time >= from - 1 && time <= until));
}

function report(kind: string, all: Opening[]): void {
  const between = (a: keyof Opening, b: keyof Opening) => spread(all.map((each) => each[b] - each[a]));
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${kind}, ${all.length} openings, load ${load}`);
  console.log(`  click → shown: ${between('clicked', 'shown')}`);
  console.log(`  click → last answer: ${between('clicked', 'read')}`);
  console.log(`  last answer → received in the webview: ${between('read', 'received')}`);
  console.log(`  received → shown: ${between('received', 'shown')}`);
  console.log(`  last answer → shown: ${between('read', 'shown')}`);
}

function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return `${at(0.5)} ms (${at(0)} … ${at(1)})`;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
