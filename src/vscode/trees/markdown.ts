/**
 * Text of AWS or of a file as literal Markdown: every ASCII punctuation mark escaped (CommonMark 2.4), so that no link,
 * image, HTML or theme icon can come from data, and line breaks made spaces, so that it stays in its table cell.
 */
export function literal(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

export type Fact = [name: string, value: string | number | null | undefined];

/** A tooltip: a title, a table of what is known, and full sentences. What is not known is left out. */
export function tooltip(title: string, facts: readonly Fact[], sentences: readonly string[] = []): string {
  const rows = facts.flatMap(([name, value]) =>
    value === null || value === undefined || value === ''
      ? []
      : [`| ${literal(name)} | ${literal(String(value))} |`],
  );
  return [
    `**${literal(title)}**`,
    ...(rows.length ? [['| | |', '|---|---|', ...rows].join('\n')] : []),
    ...sentences.filter(Boolean).map(literal),
  ].join('\n\n');
}
