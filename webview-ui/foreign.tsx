import { useState } from 'preact/hooks';
import { clip } from './format';
import { t } from './l10n';

/** What somebody else wrote: always text, in its own direction, long ones cut until asked for. */
export function Foreign({ text, length = 280 }: { text: string; length?: number }) {
  const [whole, setWhole] = useState(false);
  const { text: beginning, clipped } = clip(text, length);
  if (!clipped) return <bdi class="foreign">{text}</bdi>;
  return (
    <>
      <bdi class="foreign">{whole ? text : `${beginning}…`}</bdi>{' '}
      <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? t('Show less') : t('Show all')}
      </button>
    </>
  );
}
