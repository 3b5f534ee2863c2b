import { parseS3Uri } from '../aws/uri';
import { WarmstartError } from '../errors';
import { parseDocument } from '../evaluation/document';
import type { Evaluation } from '../evaluation/report';
import { ensureGroup, ensureGroupReadable } from '../registry/groups';
import { registerVersion, registrationRequest } from '../registry/register';
import { readDataset } from './export-step';
import { type RegisterResult, resultOf } from './record';
import type { StepScene } from './scene';

/** Registers the candidate as a version that waits for approval; a version of the same training job is found again. */
export async function registerStep(scene: StepScene): Promise<RegisterResult> {
  const { project, session, model, run, task } = scene;
  const { registry } = project;
  await ensureGroup(session, model, registry);
  // Every time, not only for a new group: an environment may have been added since. It only ever adds.
  await ensureGroupReadable(
    session,
    registry,
    model.packageGroup,
    project.environments.map((environment) => environment.accountId),
  );
  const evaluated = resultOf(run, 'evaluate');
  const request = registrationRequest({
    registry,
    model,
    evaluation: await readEvaluation(scene, evaluated.evaluationUri),
    evaluationUri: evaluated.evaluationUri,
    tuningJob: resultOf(run, 'tune').tuningJob,
    probes: evaluated.probes,
    git: (await readDataset(scene)).git,
  });
  const { version, existed } = await registerVersion(session, registry, request, task);
  task.report({
    step: 'register',
    message: `version ${version.version} of ${model.packageGroup} ${existed ? 'was registered already' : 'waits for approval'}`,
  });
  return { packageArn: version.arn, version: version.version };
}

async function readEvaluation({ store }: StepScene, uri: string): Promise<Evaluation> {
  const text = await store.getText(parseS3Uri(uri).key);
  if (text === undefined) throw new WarmstartError('evaluation.missing', `${uri} is not there any more.`);
  return parseDocument(text);
}
