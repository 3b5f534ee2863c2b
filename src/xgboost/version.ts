import type { Version } from './booster';

/**
 * The XGBoost library in an image or release: "1.2-2", "1.7-1-cpu-py3" and "1.7.4" alike, or null when the text is no version.
 * The number after the dash is AWS's own build number.
 */
export function libraryVersion(image: string): Version | null {
  const match = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?![\d.])/.exec(image);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

/** Whether `version` is `major.minor` or later. */
export function atLeast(version: Version, major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor);
}

/** "1.7.4", "1.7" where the patch number is unknown (the binary format) or zero, "before 1.0" where the model says nothing. */
export function versionText(version: Version): string {
  const [major, minor, patch] = version;
  if (major === 0) return 'before 1.0';
  return patch === 0 ? `${major}.${minor}` : version.join('.');
}
