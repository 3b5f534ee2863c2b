import type { ArtifactFormat, Version } from './booster';
import { atLeast, libraryVersion, versionText } from './version';

/** SageMaker's XGBoost images: the library inside, and how training saves (sagemaker.md B1, B3; container sources). */
const IMAGES: { image: string; library: Version; writes: ArtifactFormat; multiModel: boolean }[] = [
  { image: '0.90-1', library: [0, 90, 0], writes: 'pickle', multiModel: false },
  { image: '0.90-2', library: [0, 90, 0], writes: 'pickle', multiModel: true },
  { image: '1.0-1', library: [1, 0, 0], writes: 'pickle', multiModel: true },
  { image: '1.2-1', library: [1, 2, 0], writes: 'pickle', multiModel: true },
  { image: '1.2-2', library: [1, 2, 0], writes: 'pickle', multiModel: true },
  { image: '1.3-1', library: [1, 3, 3], writes: 'binary', multiModel: true },
  { image: '1.5-1', library: [1, 5, 2], writes: 'binary', multiModel: true },
  { image: '1.7-1', library: [1, 7, 4], writes: 'binary', multiModel: true },
  { image: '3.0-5', library: [3, 0, 5], writes: 'ubjson', multiModel: true },
  { image: '3.2-0', library: [3, 2, 0], writes: 'ubjson', multiModel: true },
];

const BEFORE_1: Version = [0, 0, 0];

/** Whether and why an image can serve an artifact. `why` is a full sentence. */
export interface Verdict {
  ok: boolean;
  why: string;
}

/** How training in this image saves its model; null for versions nobody knows. */
export function artifactFormatOf(imageVersion: string): ArtifactFormat | null {
  const library = libraryVersion(imageVersion);
  if (!library) return null;
  const known = IMAGES.find(({ library: other }) => sameMinor(other, library));
  if (known) return known.writes;
  if (!atLeast(library, 1, 3)) return 'pickle';
  return atLeast(library, 2, 1) ? 'ubjson' : 'binary';
}

/**
 * Whether the container of `imageVersion` loads an artifact of this format, written by `xgboostVersion` ("1.7.4", [1, 7, 4];
 * null, [0, 0, 0] or "before 1.0" when the model does not say). Newer libraries read older models, never the reverse, and pickles are promised to their own version alone.
 */
export function canServe(
  format: ArtifactFormat,
  xgboostVersion: Version | string | null,
  imageVersion: string,
): Verdict {
  const image = libraryVersion(imageVersion);
  const written =
    (typeof xgboostVersion === 'string' ? libraryVersion(xgboostVersion) : xgboostVersion) ?? BEFORE_1;
  if (!image) return no(`"${imageVersion}" is not a version of an XGBoost image.`);
  const writer = written[0] === 0 ? 'an XGBoost before 1.0' : `XGBoost ${written[0]}.${written[1]}`;
  const reader = `Image ${imageVersion}`;
  if (format === 'pickle') {
    const same = written[0] === 0 ? image[0] === 0 : sameMinor(written, image);
    return same
      ? yes(`${reader} loads pickles of its own XGBoost version.`)
      : no(
          `The artifact is a pickle of ${writer}; XGBoost promises to load a pickle only with the version that wrote it.`,
        );
  }
  if (written[0] > image[0] || (written[0] === image[0] && written[1] > image[1]))
    return no(
      `The artifact was written by ${writer}; the older library of image ${imageVersion} need not understand it.`,
    );
  if (format === 'binary')
    return atLeast(image, 3, 1)
      ? no(`The artifact is in the deprecated binary format, which XGBoost 3.1 removed.`)
      : yes(`${reader} reads the deprecated binary format.`);
  if (format === 'ubjson')
    return atLeast(image, 1, 6)
      ? yes(`${reader} reads UBJSON.`)
      : no('The artifact is UBJSON, which XGBoost reads from 1.6 on.');
  return atLeast(image, 1, 0)
    ? yes(`${reader} reads JSON.`)
    : no(`The artifact is JSON, which XGBoost reads from 1.0 on.`);
}

/** The verdict of every image that can serve several models. */
export function servableBy(
  format: ArtifactFormat,
  version: Version | null,
): { image: string; ok: boolean; why: string }[] {
  return IMAGES.filter(({ multiModel }) => multiModel).map(({ image }) => ({
    image,
    ...canServe(format, version, image),
  }));
}

/** The image that writes such artifacts, the newest build of it; null when none does. */
export function imageGuess(format: ArtifactFormat, version: Version): string | null {
  const candidates = IMAGES.filter(
    ({ library, writes }) =>
      writes === format && (version[0] === 0 ? library[0] === 0 : sameMinor(library, version)),
  );
  return candidates.at(-1)?.image ?? null;
}

/** "a pickle of XGBoost 1.2.0, as image 1.2-2 writes it". */
export function describe(format: ArtifactFormat, version: Version): string {
  const names: Record<ArtifactFormat, string> = {
    pickle: 'a pickle',
    binary: 'a model in the deprecated binary format',
    ubjson: 'a UBJSON model',
    json: 'a JSON model',
  };
  const guess = imageGuess(format, version);
  return `${names[format]} of XGBoost ${versionText(version)}${guess ? `, as image ${guess} writes it` : ''}`;
}

function sameMinor(a: Version, b: Version): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function yes(why: string): Verdict {
  return { ok: true, why };
}

function no(why: string): Verdict {
  return { ok: false, why };
}
