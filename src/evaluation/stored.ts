import type { Store } from '../aws/store';
import { parseS3Uri } from '../aws/uri';
import { WarmstartError } from '../errors';
import type { Version } from '../registry/versions';
import { fromDocument } from './document';
import type { Evaluation } from './report';

/**
 * The evaluation that a version was registered with.
 * @throws WarmstartError `evaluation.missing`, `evaluation.unreadable`
 */
export async function readEvaluation(
  store: Store,
  version: Pick<Version, 'version' | 'group' | 'evaluationUri'>,
): Promise<Evaluation> {
  if (version.evaluationUri === null) {
    throw new WarmstartError(
      'evaluation.missing',
      `Version ${version.version} of ${version.group} was registered without an evaluation.`,
    );
  }
  const { key } = parseS3Uri(version.evaluationUri);
  const document = await store.getJson<unknown>(key);
  if (document === undefined) {
    throw new WarmstartError('evaluation.missing', `${version.evaluationUri} is not there.`, {
      remedy: 'Restore the object from its earlier S3 version.',
    });
  }
  return fromDocument(document);
}
