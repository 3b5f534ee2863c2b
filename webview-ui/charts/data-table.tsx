import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../format';
import { t } from '../l10n';
import { Scroll } from '../scroll';
import { pageOf } from './table-data';

/** The numbers of a chart, fifty rows at a time. They are asked for only when the table is opened. */
export function DataTable(props: {
  label: string;
  read: () => { head: string[]; rows: string[][] };
  /** A last cell, such as a button. */
  extra?: (row: number) => ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details class="data" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('Data as a table')}</summary>
      {open && <Pages {...props} />}
    </details>
  );
}

function Pages(props: Parameters<typeof DataTable>[0]) {
  const [wanted, setWanted] = useState(0);
  const { head, rows } = props.read();
  const { page, pages, from, to } = pageOf(rows.length, wanted);
  return (
    <>
      <Scroll label={t('Data: {0}', props.label)}>
        <table>
          <thead>
            <tr>
              {head.map((text, index) => (
                <th key={text} scope="col" class={index === 0 ? undefined : 'number'}>
                  <bdi>{text}</bdi>
                </th>
              ))}
              {props.extra && <th scope="col">{t('Action')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.slice(from, to).map(([name, ...cells], index) => (
              <tr key={from + index}>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                {cells.map((text, place) => (
                  <td key={head[place + 1]} class="number">
                    <bdi>{text}</bdi>
                  </td>
                ))}
                {props.extra && <td>{props.extra(from + index)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {pages > 1 && (
        <p class="pager">
          <button type="button" class="secondary" disabled={page === 0} onClick={() => setWanted(page - 1)}>
            {t('Previous')}
          </button>{' '}
          <span role="status">
            {t('Rows {0}–{1} of {2}', formatCount(from + 1), formatCount(to), formatCount(rows.length))}
          </span>{' '}
          <button
            type="button"
            class="secondary"
            disabled={page === pages - 1}
            onClick={() => setWanted(page + 1)}
          >
            {t('Next')}
          </button>
        </p>
      )}
    </>
  );
}
