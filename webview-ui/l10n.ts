let translations: Record<string, string> = {};

/** English text → translation, as the host pushed them. */
export function setTranslations(pushed: Record<string, string>): void {
  translations = pushed;
}

/** The text in the person's language, `{0}` … filled in. Call it with a literal: texts are collected from the source. */
export function t(english: string, ...values: (string | number)[]): string {
  const text = Object.hasOwn(translations, english) ? translations[english]! : english;
  return text.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}
