/**
 * Control and format characters: they turn the direction of writing, end lines, or are not seen at all. Tab, line feed and the
 * joiners that scripts and emoji need are left alone.
 */
const unseen = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of others on one line, in which nothing is hidden: `U+202E` stands where such a character was. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s*[\r\n]+\s*/g, ' '));
}

/** The same with its lines left as they are. */
export function visible(text: string): string {
  const named = (character: string) =>
    `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  return text.replace(unseen, named);
}
