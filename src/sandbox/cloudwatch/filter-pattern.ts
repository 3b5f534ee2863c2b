import { ServiceError } from '../service';

/**
 * The text part of CloudWatch's filter patterns: all plain terms must occur, none that begins with `-`, and one of those that
 * begin with `?`; quotes hold a phrase together. @throws ServiceError InvalidParameterException for JSON and column patterns
 */
export function filterOf(pattern: string | undefined): (message: string) => boolean {
  const text = pattern?.trim() ?? '';
  if (/^[{[%]/.test(text)) {
    throw new ServiceError(
      'InvalidParameterException',
      'Invalid filter pattern: the sandbox takes terms and quoted phrases only.',
    );
  }
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    term: phrase?.replaceAll('\\"', '"') ?? word ?? '',
  }));
  const optional = terms.filter((each) => each.sign === '?');
  return (message) =>
    terms.every(({ sign, term }) => {
      if (sign === '?') return true;
      return message.includes(term) !== (sign === '-');
    }) &&
    (optional.length === 0 || optional.some(({ term }) => message.includes(term)));
}
