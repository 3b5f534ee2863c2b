import { useRef } from 'preact/hooks';
import type { MetricCell, MetricDifference, MetricRow, ModelComparison } from '../src/comparison/comparison';
import { ColumnHead, SortHead } from './column-head';
import { type Placed, placeColumns, roleName, versionName } from './columns';
import { formatKnown, unbroken } from './format';
import { t } from './l10n';
import { hiddenNote, readingWords, sortRows, visibleRows } from './metric-rows';
import { usePanel } from './panel';
import { usePinned } from './pinned';
import { Scroll } from './scroll';
import { Checkbox } from './toolkit';
import { verdictSign } from './verdict';

/** Two columns for each candidate, its value and what it differs by, so that numbers stand under numbers. */
export function MetricsTable({ model }: { model: ModelComparison }) {
  const { view, change } = usePanel();
  const table = useRef<HTMLTableElement>(null);
  const placed = placeColumns(model.columns, view);
  const rows = sortRows(visibleRows(model.metrics, view.allMetrics), view.sort, placed);
  usePinned(table);
  if (model.metrics.length === 0) return <p class="aside">{t('Nothing was measured.')}</p>;
  return (
    <>
      <DifferencesOnly
        note={hiddenNote(model.metrics)}
        all={view.allMetrics}
        onChange={(allMetrics) => change({ allMetrics })}
      />
      <Scroll label={t('Metrics table')}>
        <table ref={table} class="metrics">
          <colgroup />
          {placed.map(({ column }) => (
            <colgroup key={column.arn} span={spanOf(column)} />
          ))}
          <thead>
            <tr>
              <td class="pinned corner" />
              {placed.map((place) => (
                <ColumnHead
                  key={place.column.arn}
                  place={place}
                  placed={placed}
                  span={spanOf(place.column)}
                  role={roleName(place.column, model.environment)}
                />
              ))}
            </tr>
            <tr>
              <SortHead by="metric" of="name" class="pinned" text={t('Metric')} label={t('Metric')} />
              {placed.flatMap((place) => sortHeads(place))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.metric} row={row} placed={placed} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length === 0 && <p class="aside">{t('All metrics are the same.')}</p>}
    </>
  );
}

export function DifferencesOnly(props: { note: string | null; all: boolean; onChange(all: boolean): void }) {
  if (props.note === null) return null;
  return (
    <p class="differences">
      <Checkbox checked={!props.all} onChange={(only) => props.onChange(!only)}>
        {t('Differences only')}
      </Checkbox>
      <span class="aside">
        {props.note}{' '}
        <button type="button" class="link" onClick={() => props.onChange(!props.all)}>
          {props.all ? t('Hide them') : t('Show all')}
        </button>
      </span>
    </p>
  );
}

const spanOf = ({ role }: Placed['column']) => (role === 'baseline' ? 1 : 2);
const pinClass = ({ pinned }: Placed) => (pinned ? ' pinned' : '');

function sortHeads(place: Placed) {
  const { arn, role } = place.column;
  const name = versionName(place.column);
  const value = (
    <SortHead
      key={`${arn} value`}
      by={arn}
      of="value"
      class={`number${pinClass(place)}`}
      text={t('Value')}
      label={t('Value of {0}', name)}
    />
  );
  if (role === 'baseline') return [value];
  return [
    value,
    <SortHead
      key={`${arn} difference`}
      by={arn}
      of="difference"
      class={pinClass(place).trim()}
      text={t('Difference')}
      label={t('Difference of {0}', name)}
    />,
  ];
}

function Row({ row, placed }: { row: MetricRow; placed: Placed[] }) {
  const values = row.cells.map(({ value }) => value);
  const baseline = placed.find(({ column }) => column.role === 'baseline');
  const reference = (baseline && row.cells[baseline.index]?.value) ?? null;
  return (
    <tr>
      <th scope="row" class="pinned name">
        <bdi>{row.metric}</bdi>
        <span class="aside small">
          {row.unit !== null && <bdi class="fact">{row.unit}</bdi>}
          <span class="fact">{readingWords(row)}</span>
        </span>
      </th>
      {placed.flatMap((place) => {
        const cell = row.cells[place.index] ?? { value: null, difference: null };
        const value = (
          <td
            key={place.column.arn}
            class={`number value${pinClass(place)}${cell.value === null ? ' missing' : ''}`}
          >
            {formatKnown(cell.value, values)}
          </td>
        );
        if (place.column.role === 'baseline') return [value];
        return [
          value,
          <DifferenceCell key={`${place.column.arn} difference`} {...{ cell, place, reference }} />,
        ];
      })}
    </tr>
  );
}

/** What a difference is from, where that is not what the baseline's column shows. */
function Against(props: {
  difference: MetricDifference;
  value: MetricCell['value'];
  reference: MetricCell['value'];
}) {
  const { shared, against } = props.difference;
  if (shared && against === props.reference) return null;
  const value = formatKnown(against, [props.value, props.reference, against]);
  return (
    <span class="aside small">
      ≠ {shared ? t('against {0} on its own test set', value) : t('other test set: against {0}', value)}
    </span>
  );
}

function DifferenceCell(props: { cell: MetricCell; place: Placed; reference: MetricCell['value'] }) {
  const { difference } = props.cell;
  if (!difference) return <td class={`missing${pinClass(props.place)}`}>–</td>;
  return (
    <td class={`difference verdict-${difference.verdict}${pinClass(props.place)}`}>
      <span class="sign" aria-hidden="true">
        {verdictSign(difference.verdict)}
      </span>{' '}
      <span>{unbroken(difference.words)}</span>
      {difference.shared && (
        <span class="aside small">
          {difference.interval === '' ? t('no interval is known') : `${t('95 %:')} ${difference.interval}`}
        </span>
      )}
      <Against difference={difference} value={props.cell.value} reference={props.reference} />
    </td>
  );
}
