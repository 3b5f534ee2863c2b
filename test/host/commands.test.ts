import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CreateModelPackageCommand, DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import * as vscode from 'vscode';
import type { Session } from '../../src/aws/session';
import type { TestApi } from '../../src/extension';
import type { RunRecord } from '../../src/runs/record';
import { commandIds } from '../../src/vscode/command-ids';
import { type Asked, answering, connect, home, services, until, useServices } from './support';
import { makeCheap } from './trained';

const model = 'delay-ord';
const group = 'flights-delay-ord';
const until2001 = '2001-03-01';
const choosingDay = ['Until: as the project says', until2001];

/** These tests write a history of their own, so they have a sandbox of their own, too. */
const ownHome = join(home, 'sandbox-of-commands');

const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);
const modals = (asked: Asked[]) => asked.filter(({ modal }) => modal);
const messages = (asked: Asked[]) =>
  asked.filter(({ kind, modal }) => !modal && kind !== 'pick' && kind !== 'input');
const registryArn = (version: number) =>
  `arn:aws:sagemaker:us-east-1:111111111111:model-package/${group}/${version}`;

async function sessionOf(environment: string): Promise<Session> {
  const { connection } = await services();
  const ticket = connection.ticket ?? assert.fail('no ticket');
  return connection.session(
    ticket,
    ticket.project.environments.find(({ name }) => name === environment),
  );
}

async function storeOf(environment: string) {
  const { engine, connection } = await services();
  const bucket = connection.ticket?.project.environments.find(({ name }) => name === environment)?.bucket;
  return new (engine().Store)(await sessionOf(environment), bucket);
}

async function newestRun(): Promise<RunRecord> {
  const { engine } = await services();
  return engine().findRun(await storeOf('training'), model);
}

async function releasesIn(environment: string) {
  const { engine } = await services();
  return engine().listManifests(await storeOf(environment), 'flights');
}

async function versionOf(version: number) {
  const { engine } = await services();
  return engine().describeVersion(await sessionOf('training'), registryArn(version));
}

/** What becomes of the extension when its window closes, in the order of VS Code. */
async function closeWindow(): Promise<void> {
  const { context } = await services();
  for (const disposable of context.subscriptions.splice(0).reverse()) disposable.dispose();
}

async function openWindow(context: vscode.ExtensionContext): Promise<void> {
  const bundle = join(context.extensionPath, 'dist', 'extension.js');
  delete require.cache[require.resolve(bundle)];
  const api: TestApi | undefined = require(bundle).activate(context);
  useServices(api ?? assert.fail('not activated'));
}

/**
 * Begins to retrain and answers as soon as its tuning job is under way.
 * @param further answers to what is asked while it goes on
 */
async function retrainUntilTuning(
  ...further: (string | undefined)[]
): Promise<{ ended: Promise<Asked[]>; runId: string }> {
  const { activity } = await services();
  const known = new Set(activity.entries().map(({ id }) => id));
  const ended = answering([...choosingDay, 'Start', ...further], () => run(commandIds.retrain, model));
  const runId = await until('a tuning job', async () => {
    const entry = activity.entries().find(({ id }) => !known.has(id));
    const runId = entry?.operation?.kind === 'retrain' ? entry.operation.runId : null;
    if (entry?.steps.at(-1)?.name !== 'tune' || runId === null) return false;
    return runId;
  });
  return { ended: ended.then(({ asked }) => asked), runId };
}

describe('the loop by commands', function () {
  this.timeout(120_000);

  before(async () => {
    await makeCheap();
    const { asked, value } = await answering([undefined], () =>
      run<{ configFile: string }>(commandIds.startSandbox, { home: ownHome, speed: 600 }),
    );
    assert.match(messages(asked)[0]?.title ?? '', /^The local sandbox is up at http:\/\/127\.0\.0\.1:\d+\./);
    assert.deepEqual(messages(asked)[0]?.choices, ['Open Sample Project', 'Open in New Window']);
    const { connection } = await services();
    await connection.useAwsConfig(value.configFile);
    await connect('training');
  });

  after(async () => {
    const { connection } = await services();
    const { asked } = await answering([], () => run(commandIds.stopSandbox, { home: ownHome }));
    await connection.useAwsConfig(undefined);
    assert.match(asked.at(-1)?.title ?? '', /^The sandbox is down\./);
  });

  it('finds a running sandbox and starts no second one', async () => {
    const { activity } = await services();
    const { value } = await answering([undefined], () =>
      run<{ pid: number }>(commandIds.startSandbox, { home: ownHome }),
    );
    const again = await answering([undefined], () =>
      run<{ pid: number }>(commandIds.startSandbox, { home: ownHome }),
    );
    assert.equal(again.value.pid, value.pid);
    const { kind, status } = activity.entries()[0] ?? assert.fail();
    assert.deepEqual([kind, status], ['sandbox', 'done']);
  });

  it('shows what retraining would do, and nothing is begun by whoever turns away', async () => {
    const { asked } = await answering([...choosingDay, 'Testing: no', undefined], () =>
      run(commandIds.retrain, model),
    );
    const [first, day, second, third] = asked;
    assert.equal(first?.title, 'Retrain delay-ord');
    assert.match(first?.choices.at(-1) ?? '', /delay-ord$/);
    assert.equal(day?.kind, 'input');
    assert.ok(second?.choices.includes('$(calendar) Until: 2001-03-01'));
    assert.ok(third?.choices.includes('$(beaker) Testing: yes'));
    assert.equal(asked.length, 4, 'no message');
    await assert.rejects(newestRun(), /There is no run/);
    const { activity } = await services();
    assert.ok(activity.entries().every(({ kind }) => kind === 'sandbox'));
  });

  it('retrains, and says what waits for approval', async () => {
    const { asked } = await answering([...choosingDay, 'Start'], () => run(commandIds.retrain, model));
    assert.deepEqual(
      messages(asked).map(({ kind, title, choices }) => [kind, title, choices]),
      [['information', 'delay-ord: version 1 waits for approval.', ['Compare', 'Show Approvals']]],
    );
    const { activity, views } = await services();
    const [entry] = activity.entries();
    assert.deepEqual(
      [entry?.status, entry?.kind, entry?.subject, entry?.steps.map(({ name }) => name)],
      ['done', 'retrain', model, ['export', 'tune', 'evaluate', 'register', 'record']],
    );
    const record = await newestRun();
    assert.deepEqual(entry?.operation, { kind: 'retrain', model, runId: record.runId });
    assert.equal(record.window.until, until2001);
    const nodes = await views.approvals.getChildren();
    assert.deepEqual(
      nodes.map((node) => node.kind === 'pendingVersion' && [node.model, node.version.version]),
      [[model, 1]],
    );
  });

  it('retrains several models at a time; a testing run is told as such', async () => {
    const { asked } = await answering(
      [['delay-atl', 'delay-dfw'], ...choosingDay, 'Testing: no', 'Start'],
      () => run(commandIds.retrain),
    );
    const [pick] = asked;
    assert.deepEqual(pick?.choices, ['delay-atl', 'delay-ord', 'delay-dfw']);
    const [message] = messages(asked);
    assert.match(message?.title ?? '', /delay-atl: version 1 comes from a testing run.*delay-dfw: version 1/);
    assert.deepEqual(message?.choices, []);
  });

  it('compares the newest version of a model in a panel, and says why it stands alone', async () => {
    await answering([], () => run(commandIds.compare, { model }));
    const { panels } = await services();
    const [panel] = panels.open;
    assert.deepEqual(panel?.request, { arns: [registryArn(1)], baseline: null });
    const { comparison } = await until('the comparison', () => panel?.state.kind === 'shown' && panel.state);
    assert.match(
      comparison.models[0]?.notes.join(' ') ?? '',
      /nothing of delay-ord serves in production yet/,
    );
    panel?.view.dispose();
  });

  it('approves what was shown, with account, metric, gates and where it would serve', async () => {
    const { asked } = await answering([/^flights-delay-ord\/1$/, 'Approve', 'looked at the residuals'], () =>
      run(commandIds.approve),
    );
    const [pick, modal, input, message] = asked;
    assert.ok(pick?.choices.includes('flights-delay-ord/1'));
    assert.equal(modal?.modal, true);
    assert.equal(modal?.title, 'Approve version 1 of flights-delay-ord?');
    assert.match(modal?.detail ?? '', /Registry: training, account 111111111111/);
    assert.match(modal?.detail ?? '', /^rmse [\d.]+/m);
    assert.match(modal?.detail ?? '', /gate passed/);
    assert.match(modal?.detail ?? '', /Would serve in production \(333333333333\) .* after one to qa/);
    assert.equal(input?.kind, 'input');
    assert.match(message?.title ?? '', /Version 1 of flights-delay-ord is approved/);
    assert.deepEqual(message?.choices, ['Release…']);
    const { approval, comment } = await versionOf(1);
    assert.deepEqual([approval, comment], ['Approved', 'looked at the residuals']);
  });

  it('decides nothing twice, and says so once', async () => {
    const { asked } = await answering(['Approve', '', undefined], () =>
      run(commandIds.approve, { arn: registryArn(1) }),
    );
    const [message, ...others] = messages(asked);
    assert.deepEqual([message?.kind, others.length], ['warning', 0]);
    assert.match(message?.title ?? '', /is approved already/);
    assert.ok(message?.choices.includes('Show Log'));
  });

  it('releases after the plan was seen, and says what serves', async () => {
    const { asked } = await answering(['Release'], () =>
      run(commandIds.release, { endpoint: 'flights', environment: 'qa' }),
    );
    const [plan, message] = asked;
    assert.equal(plan?.title, 'Release flights to qa · 222222222222');
    assert.ok(plan?.choices.includes('$(add) delay-ord.tar.gz'));
    assert.match(
      message?.title ?? '',
      /^flights in qa serves release \S+: 1 target models, \d+ probes answered/,
    );
    assert.equal(modals(asked).length, 0, 'qa is not protected');
    const [manifest] = await releasesIn('qa');
    assert.deepEqual([manifest?.status, manifest?.targets[0]?.version], ['released', 1]);
    const { activity } = await services();
    const [entry] = activity.entries();
    assert.deepEqual(entry?.operation, {
      kind: 'release',
      endpoint: 'flights',
      environment: 'qa',
      releaseId: manifest?.releaseId,
    });
    assert.equal(entry?.status, 'done');
  });

  it('has nothing to do where everything serves already', async () => {
    const { asked } = await answering([], () =>
      run(commandIds.release, { endpoint: 'flights', environment: 'qa' }),
    );
    assert.deepEqual(
      asked.map(({ kind, choices }) => [kind, choices]),
      [['information', ['Show the Plan']]],
    );
    assert.match(asked[0]?.title ?? '', /^Nothing to do: flights in qa/);
  });

  it('asks before a protected environment, naming account, endpoint and versions; no is no', async () => {
    const target = { endpoint: 'flights', environment: 'production' };
    const refused = await answering(['Release', undefined], () => run(commandIds.release, target));
    const [modal] = modals(refused.asked);
    assert.equal(modal?.title, 'Release flights to production, which is protected?');
    assert.match(modal?.detail ?? '', /Account: 333333333333 \(production, us-east-1\)/);
    assert.match(modal?.detail ?? '', /Endpoint: flights, which is created/);
    assert.match(modal?.detail ?? '', /delay-ord\.tar\.gz: new: version 1/);
    assert.deepEqual(messages(refused.asked), []);
    assert.deepEqual(await releasesIn('production'), []);

    const { asked } = await answering(['Release', 'Release'], () => run(commandIds.release, target));
    assert.match(messages(asked)[0]?.title ?? '', /^flights in production serves release/);
    assert.equal((await releasesIn('production'))[0]?.status, 'released');
  });

  it('is refused by a profile of another account, before anything is written', async () => {
    const settings = vscode.workspace.getConfiguration('warmstart');
    const before = (await releasesIn('production')).length;
    await settings.update('profiles', { '333333333333': 'sandbox-qa' }, vscode.ConfigurationTarget.Global);
    try {
      const { connection } = await services();
      await connection.reload();
      const { asked } = await answering([undefined], () =>
        run(commandIds.release, { endpoint: 'flights', environment: 'production' }),
      );
      assert.equal(asked.length, 1, 'one error, one message');
      assert.match(asked[0]?.title ?? '', /333333333333.*222222222222/);
      assert.ok(asked[0]?.choices.includes('Choose Profile'));
    } finally {
      await settings.update('profiles', undefined, vscode.ConfigurationTarget.Global);
      await connect('training');
    }
    await until('the profile of before', async () => {
      const { connection } = await services();
      const production = connection.project?.environments.at(-1) ?? assert.fail();
      return connection.profileOf(production)?.profile === 'sandbox-production';
    });
    assert.equal((await releasesIn('production')).length, before);
  });

  it('invokes a target model with a row that it was verified with', async () => {
    await answering([], () =>
      run(commandIds.invokeTarget, {
        endpoint: 'flights',
        environment: 'qa',
        targetModel: 'delay-ord.tar.gz',
      }),
    );
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no editor');
    assert.equal(document.uri.scheme, 'warmstart-request');
    const [lens] = await run<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
    assert.equal(lens?.command?.command, commandIds.sendRequest);
    const answers = await run<number[]>(commandIds.sendRequest);
    const expected = Number(/^# expected: (.*)$/m.exec(document.getText())?.[1]);
    assert.ok(Math.abs((answers[0] ?? Number.NaN) - expected) < 1e-3, `${answers} is not ${expected}`);
    assert.match(document.getText(), /^# .* UTC: \d+ ms, (cold|warm)/m);
    assert.match(document.getText(), /^# = [-\d.]+$/m);
    assert.equal(document.isDirty, false, 'closing it asks nothing');
    await run('workbench.action.closeActiveEditor');
  });

  it('opens the logs of a run', async () => {
    const { runId } = await newestRun();
    await answering([], () => run(commandIds.openLogs, { model, runId }));
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /^Log of ws-delay-ord-\w+ in training \(\/aws\/sagemaker\/TrainingJobs\)/);
    assert.match(text, /^== ws-delay-ord-\w+-001-\w+\/algo-1/m);
    assert.match(text, /validation-rmse/);
  });

  it('shows the lineage of a model in its view', async () => {
    await run(commandIds.showLineage, { model });
    const { views } = await services();
    const selected = await until('a selection', () => views.lineage.tree.selection[0]);
    assert.deepEqual(selected.kind === 'lineageModel' && selected.model, model);
  });

  it('cancels without an error, says how to go on, and resumes', async () => {
    const { activity } = await services();
    const { ended, runId } = await retrainUntilTuning();
    const [entry] = activity.entries();
    await run(commandIds.cancelActivity, { activityId: entry?.id });
    const told = messages(await ended);
    assert.deepEqual(
      told.map(({ kind, choices }) => [kind, choices]),
      [['information', ['Resume', 'Stop the Run']]],
    );
    assert.match(told[0]?.title ?? '', /^Stopped waiting for delay-ord\./);
    assert.equal(activity.entries()[0]?.status, 'cancelled');
    assert.deepEqual(activity.interrupted(), []);
    assert.equal((await newestRun()).status, 'running', 'its record waits to be resumed');

    const { asked } = await answering([new RegExp(model)], () => run(commandIds.resumeRun));
    assert.match(asked[0]?.title ?? '', /^Resume$/);
    assert.match(messages(asked)[0]?.title ?? '', /^delay-ord: version 2 waits for approval\.$/);
    const record = await newestRun();
    assert.deepEqual([record.runId, record.status], [runId, 'completed']);
    assert.ok(record.steps.tune?.result?.parents.length, 'warm start from the run before');
  });

  it('rejects with a reason', async () => {
    const { asked } = await answering(['Reject…', 'too eager'], () =>
      run(commandIds.reject, { arn: registryArn(2) }),
    );
    assert.equal(modals(asked)[0]?.title, 'Reject version 2 of flights-delay-ord?');
    const { approval, comment } = await versionOf(2);
    assert.deepEqual([approval, comment], ['Rejected', 'too eager']);
  });

  it('survives a reload in the middle of a tuning job', async () => {
    const { context } = await services();
    const { ended, runId } = await retrainUntilTuning();
    await closeWindow();
    await ended;
    const { asked } = await answering(['Resume'], async () => {
      await openWindow(context);
      const { activity } = await services();
      assert.deepEqual(
        activity.interrupted().map(({ operation }) => operation),
        [{ kind: 'retrain', model, runId }],
      );
      await until(
        'the end of the run',
        () => {
          const { status, error } = activity.entries()[0] ?? { status: 'none' };
          if (error) assert.fail(error.message);
          return status === 'done';
        },
        60_000,
      );
    });
    const offered = messages(asked).find(({ choices }) => choices.includes('Dismiss'));
    assert.equal(offered?.title, 'Under way when this window was closed: Retrain delay-ord.');
    const record = await newestRun();
    assert.deepEqual([record.runId, record.status], [runId, 'completed']);
    const { activity } = await services();
    assert.deepEqual(activity.interrupted(), []);
    assert.equal(record.steps.register?.result?.version, 3);
  });

  it('stops a run and its tuning job, when the person is sure', async () => {
    const { ended, runId } = await retrainUntilTuning(undefined, 'Stop the Run');
    await run(commandIds.stopRun, { model, runId });
    assert.equal((await newestRun()).status, 'running', 'whoever turns away stops nothing');
    await run(commandIds.stopRun, { model, runId });
    const asked = await ended;
    assert.equal(modals(asked)[0]?.title, `Stop run ${runId} of delay-ord?`);
    assert.deepEqual(
      messages(asked).filter(({ kind }) => kind !== 'information'),
      [],
      'being stopped is no error',
    );
    assert.equal((await newestRun()).status, 'stopped');
  });

  it('reports an update that SageMaker took back as rolled back', async () => {
    await approveBrokenVersion();
    const before = (await releasesIn('qa'))[0];
    const { asked } = await answering(['Release', undefined], () =>
      run(commandIds.release, { endpoint: 'flights', environment: 'training' }),
    );
    assert.match(
      messages(asked)[0]?.title ?? '',
      /failed/,
      'the first release of an endpoint has nothing to go back to',
    );

    const second = await answering(['Release', undefined], () =>
      run(commandIds.release, { endpoint: 'flights', environment: 'qa' }),
    );
    const [message, ...others] = messages(second.asked);
    assert.equal(others.length, 0, 'one error, one message');
    assert.match(message?.title ?? '', /was rolled back; flights serves what it served before/);
    assert.deepEqual(message?.kind, 'error');
    const { activity } = await services();
    assert.deepEqual(
      [activity.entries()[0]?.status, activity.entries()[0]?.error?.code],
      ['failed', 'release.rolled-back'],
    );
    const [manifest] = await releasesIn('qa');
    assert.deepEqual([manifest?.status, manifest?.previousRelease], ['rolled-back', before?.releaseId]);
    await answering(['Reject…', 'broken', undefined], () => run(commandIds.reject, { arn: registryArn(4) }));
  });

  it('rolls back to the release that is named, after asking', async () => {
    await answering(['Approve', '', undefined], () => run(commandIds.approve, { arn: registryArn(3) }));
    await answering(['Release'], () => run(commandIds.release, { endpoint: 'flights', environment: 'qa' }));
    const [now] = await releasesIn('qa');
    assert.deepEqual([now?.status, now?.targets[0]?.version], ['released', 3]);
    const { asked } = await answering([now?.previousRelease ?? '', 'Roll Back'], () =>
      run(commandIds.rollBack, { endpoint: 'flights', environment: 'qa' }),
    );
    const [modal] = modals(asked);
    assert.equal(modal?.title, 'Roll back flights in qa?');
    assert.match(modal?.detail ?? '', /delay-ord\.tar\.gz: version 3 → 1/);
    assert.match(messages(asked).at(-1)?.title ?? '', /^flights in qa serves release \S+ again; \d+ probes/);
    const { engine, connection } = await services();
    const ticket = connection.ticket ?? assert.fail();
    const qa = ticket.project.environments[1] ?? assert.fail();
    const serving = await engine().readServing(await sessionOf('qa'), ticket.project, 'flights', qa);
    assert.equal(serving?.targets[0]?.version, 1);
  });

  it('goes on with a release that nobody waits for any more', async () => {
    const { activity } = await services();
    const target = { endpoint: 'flights', environment: 'qa' };
    const known = activity.entries().length;
    const ended = answering(['Release', undefined], () => run(commandIds.release, target));
    const entry = await until('a release under way', () => {
      const [newest] = activity.entries();
      return activity.entries().length > known && newest?.steps.at(-1)?.name === 'update' && newest;
    });
    await run(commandIds.cancelActivity, { activityId: entry.id });
    const { asked } = await ended;
    assert.deepEqual(
      messages(asked).map(({ kind, choices }) => [kind, choices]),
      [['information', ['Resume']]],
    );
    const [left] = await releasesIn('qa');
    assert.equal(left?.status, 'in-progress');
    assert.equal(activity.entries()[0]?.status, 'cancelled');

    const resumed = await answering([], () => run(commandIds.resumeRelease, target));
    assert.match(messages(resumed.asked)[0]?.title ?? '', /^flights in qa serves release/);
    const [done] = await releasesIn('qa');
    assert.deepEqual(
      [done?.releaseId, done?.status, done?.targets[0]?.version],
      [left?.releaseId, 'released', 3],
    );

    const again = await answering([], () => run(commandIds.resumeRelease, target));
    assert.match(again.asked[0]?.title ?? '', /^No release of flights to qa waits to be resumed\.$/);
  });
});

/** A fourth version, approved, whose container no fleet can be started with. */
async function approveBrokenVersion(): Promise<void> {
  const sagemaker = (await sessionOf('training')).sagemaker();
  const good = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: registryArn(3) }));
  const [container] = good.InferenceSpecification?.Containers ?? [];
  await sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: group,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: good.CustomerMetadataProperties,
      InferenceSpecification: {
        ...good.InferenceSpecification,
        Containers: [
          {
            Image: (container?.Image ?? '').replace(/:[^:]+$/, ':9.9-9'),
            ModelDataUrl: container?.ModelDataUrl,
          },
        ],
      },
    }),
  );
  await until('a complete version', async () => (await versionOf(4)).status === 'Completed');
}
