import type { Change, ModelComparison, QueryDiff } from '../src/comparison/comparison';
import { Boundary } from './boundary';
import { type Placed, placeColumns, roleName, versionName } from './columns';
import { countChanges, type DiffLine, foldEqual } from './diff-lines';
import { Foreign } from './foreign';
import { t } from './l10n';
import { hiddenNote, visibleRows } from './metric-rows';
import { DifferencesOnly } from './metrics-table';
import { usePanel } from './panel';
import { Scroll } from './scroll';

/** How the versions came to be, and where that differs. */
export function Changes({ model }: { model: ModelComparison }) {
  const { view, change } = usePanel();
  const placed = placeColumns(model.columns, view);
  const changes = visibleRows(model.changes, view.allChanges);
  const sections = [...new Set(changes.map(({ section }) => section))];
  if (model.changes.length === 0 && model.queries.length === 0) {
    return <p class="aside">{t('Nothing is known about how they came to be.')}</p>;
  }
  return (
    <>
      <DifferencesOnly
        note={hiddenNote(model.changes)}
        all={view.allChanges}
        onChange={(allChanges) => change({ allChanges })}
      />
      <Scroll label={t('What changed, as a table')}>
        <table class="changes">
          <thead>
            <tr>
              <th scope="col">{t('Fact')}</th>
              {placed.map(({ column }) => (
                <th key={column.arn} scope="col">
                  {versionName(column)} <span class="aside small">{roleName(column, model.environment)}</span>
                </th>
              ))}
            </tr>
          </thead>
          {sections.map((section) => (
            <tbody key={section}>
              <tr class="group">
                <th scope="rowgroup" colSpan={placed.length + 1}>
                  {sectionName(section)}
                </th>
              </tr>
              {changes
                .filter((row) => row.section === section)
                .map((row) => (
                  <ChangeRow key={row.name} row={row} placed={placed} />
                ))}
            </tbody>
          ))}
        </table>
      </Scroll>
      {changes.length === 0 && <p class="aside">{t('Nothing that is known differs.')}</p>}
      {model.queries.map((query) => (
        <Boundary key={query.arn + query.file} what={query.file}>
          <Query query={query} model={model} />
        </Boundary>
      ))}
    </>
  );
}

function ChangeRow({ row, placed }: { row: Change; placed: Placed[] }) {
  const baseline = placed.find(({ column }) => column.role === 'baseline');
  const reference = baseline ? row.values[baseline.index] : undefined;
  return (
    <tr>
      <th scope="row">
        <bdi>{row.name}</bdi>
      </th>
      {placed.map(({ column, index }) => {
        const value = row.values[index] ?? null;
        const differs = baseline !== undefined && column.role === 'candidate' && value !== reference;
        return (
          <td key={column.arn} class={value === null ? 'missing' : differs ? 'differs' : undefined}>
            {value === null ? t('not known') : <Foreign text={value} length={200} />}
            {differs && value !== null && <span class="hidden"> {t('(differs from the baseline)')}</span>}
          </td>
        );
      })}
    </tr>
  );
}

function sectionName(section: Change['section']): string {
  switch (section) {
    case 'hyperparameters':
      return t('Hyperparameters');
    case 'ranges':
      return t('Ranges');
    case 'tuning':
      return t('Tuning');
    case 'data':
      return t('Data');
    case 'code':
      return t('Code');
    case 'artifact':
      return t('Artifact');
    case 'cost':
      return t('Cost');
  }
}

function Query({ query, model }: { query: QueryDiff; model: ModelComparison }) {
  const column = model.columns.find(({ arn }) => arn === query.arn);
  const { added, removed } = countChanges(query.lines);
  const name = column ? versionName(column) : query.arn;
  return (
    <figure class="query">
      <figcaption>
        <h3>
          <bdi>{query.file}</bdi>
        </h3>
        <span class="aside">
          {t('{0} against the baseline: lines added {1}, removed {2}', name, added, removed)}
        </span>
      </figcaption>
      <Scroll label={t('Differences of {0}', query.file)} class="diff">
        {foldEqual(query.lines).map((part, index) =>
          'hidden' in part ? (
            <p key={index} class="fold">
              ⋯ {part.hidden === 1 ? t('1 equal line') : t('{0} equal lines', part.hidden)}
            </p>
          ) : (
            part.lines.map((line, place) => <Line key={`${index} ${place}`} line={line} />)
          ),
        )}
      </Scroll>
    </figure>
  );
}

function Line({ line: { kind, text } }: { line: DiffLine }) {
  const body =
    kind === 'added' ? <ins>{text}</ins> : kind === 'removed' ? <del>{text}</del> : <span>{text}</span>;
  return (
    <div class={`line ${kind}`}>
      <span class="mark" aria-hidden="true">
        {kind === 'added' ? '+' : kind === 'removed' ? '−' : ' '}
      </span>
      {kind !== 'same' && <span class="hidden">{kind === 'added' ? t('added:') : t('removed:')} </span>}
      {body}
    </div>
  );
}
