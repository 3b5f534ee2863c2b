import type { Column, ModelComparison } from '../src/comparison/comparison';
import { Actions } from './actions';
import { approvalName, roleName, versionName } from './columns';
import { Foreign } from './foreign';
import { formatCount, formatKnown, formatTime } from './format';
import { intervalPicture } from './interval';
import { t } from './l10n';
import { usePanel } from './panel';
import { Badge, Button } from './toolkit';
import { verdictSign, verdictWord } from './verdict';

/** What a person decides from, one card for each candidate, and what they are held against. */
export function Decision({ model }: { model: ModelComparison }) {
  const baseline = model.columns.find(({ role }) => role === 'baseline');
  const candidates = model.columns.filter(({ role }) => role === 'candidate');
  return (
    <section aria-label={t('Decision')} class="decision">
      {baseline && <BaselineLine column={baseline} model={model} />}
      {model.notes.map((note) => (
        <p key={note} class="note">
          <bdi>{note}</bdi>
        </p>
      ))}
      <div class="cards">
        {candidates.map((column) => (
          <Card key={column.arn} column={column} model={model} />
        ))}
      </div>
    </section>
  );
}

function BaselineLine({ column, model }: { column: Column; model: ModelComparison }) {
  return (
    <div class="baseline">
      <p>
        <span class="aside">{roleName(column, model.environment)}</span>{' '}
        <strong>{versionName(column)}</strong>{' '}
        {column.status === 'Deleted' ? <Badge>{t('Deleted')}</Badge> : <Approval column={column} />}{' '}
        <Headline column={column} model={model} />
      </p>
      <Actions column={column} model={model} />
    </div>
  );
}

function Card({ column, model }: { column: Column; model: ModelComparison }) {
  const { decision } = column;
  const verdict = decision?.verdict ?? 'unknown';
  return (
    <article class={`card verdict-${verdict}`} aria-label={versionName(column)}>
      <header>
        <h2>{versionName(column)}</h2>
        <Approval column={column} />
        {column.testing && <Badge class="warned">{t('Testing run')}</Badge>}
        {column.status !== 'Completed' && <Badge>{column.status}</Badge>}
      </header>
      <p class="verdict">
        <span class="sign" aria-hidden="true">
          {verdictSign(verdict)}
        </span>
        <span class="word">{verdictWord(verdict)}</span>
        <Headline column={column} model={model} />
      </p>
      <p class="sentence">
        <bdi>{decision?.sentence ?? t('It was never evaluated.')}</bdi>
      </p>
      <Interval column={column} model={model} />
      <Measure column={column} model={model} />
      <Gates gates={decision?.gates ?? []} isKnown={column.scorecard !== null} />
      <Warnings warnings={decision?.warnings ?? []} />
      <Facts column={column} />
      <Actions column={column} model={model} />
    </article>
  );
}

function Approval({ column }: { column: Column }) {
  return <Badge class={`approval ${column.approval}`}>{approvalName(column)}</Badge>;
}

function Headline({ column, model }: { column: Column; model: ModelComparison }) {
  const row = model.metrics.find(({ metric }) => metric === model.headline);
  const cell = row?.cells[model.columns.indexOf(column)];
  if (!row || !cell) return null;
  const values = row.cells.map(({ value }) => value);
  return (
    <span class="headline">
      <span class="aside">
        <bdi>{row.metric}</bdi>
      </span>{' '}
      <strong>{formatKnown(cell.value, values)}</strong>
      {cell.value !== null && row.unit && (
        <span class="aside">
          {' '}
          <bdi>{row.unit}</bdi>
        </span>
      )}
    </span>
  );
}

/** The words are the sentence above; this is only how it looks. */
function Interval({ column, model }: { column: Column; model: ModelComparison }) {
  const row = model.metrics.find(({ metric }) => metric === model.headline);
  const difference = row?.cells[model.columns.indexOf(column)]?.difference ?? null;
  const among = row?.cells.map((cell) => cell.difference) ?? [];
  const picture = intervalPicture(row?.reading ?? null, difference, among);
  if (!picture || !difference) return null;
  const label = t('95 % interval of the difference: {0}', difference.interval);
  return (
    <figure class="interval">
      <svg role="img" aria-label={label} width="100%" height="18">
        <line class="axis" x1="0" x2="100%" y1="9" y2="9" />
        <line class="zero" x1={`${picture.zero}%`} x2={`${picture.zero}%`} y1="0" y2="18" />
        <line class="range" x1={`${picture.from}%`} x2={`${picture.to}%`} y1="9" y2="9" />
        {[picture.from, picture.to].map((end) => (
          <line key={end} class="end" x1={`${end}%`} x2={`${end}%`} y1="4" y2="14" />
        ))}
        <circle class="estimate" cx={`${picture.at}%`} cy="9" r="4" />
      </svg>
      <figcaption aria-hidden="true">
        <span>← {t('worse')}</span>
        <span>{t('no difference')}</span>
        <span>{t('better')} →</span>
      </figcaption>
    </figure>
  );
}

/** Offered where no difference is certain: the two were measured on different rows, or never together. */
function Measure({ column, model }: { column: Column; model: ModelComparison }) {
  const { live, actions, busy, measured, post } = usePanel();
  const differences = model.metrics.flatMap(
    (row) => row.cells[model.columns.indexOf(column)]?.difference ?? [],
  );
  const isCertain = differences.some(({ interval }) => interval !== '');
  if (differences.length === 0 || isCertain || measured || !live || !actions) return null;
  return (
    <p>
      <Button
        label={`${t('Measure on the Same Rows')} (${versionName(column)})`}
        waits={busy}
        onClick={() => post({ type: 'measure' })}
      >
        {t('Measure on the Same Rows')}
      </Button>
    </p>
  );
}

function Gates(props: {
  gates: { metric: string; passed: boolean; reason: string }[];
  /** False without an evaluation: whether there were gates nobody knows. */
  isKnown: boolean;
}) {
  const { gates, isKnown } = props;
  if (!isKnown) return <p class="aside">{t('Without an evaluation it is not known what the gates say.')}</p>;
  if (gates.length === 0) return <p class="aside">{t('It was evaluated without gates.')}</p>;
  return (
    <ul class="gates" aria-label={t('Gates')}>
      {gates.map(({ metric, passed, reason }) => (
        <li key={metric + reason} class={passed ? 'passed' : 'failed'}>
          <span class="sign" aria-hidden="true">
            {passed ? '✓' : '✗'}
          </span>
          <span>
            <strong>{passed ? t('Passed') : t('FAILED')}</strong> <bdi>{reason}</bdi>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Warnings({ warnings }: { warnings: string[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings" aria-label={t('Warnings')}>
      {warnings.map((warning) => (
        <li key={warning}>
          <span class="sign" aria-hidden="true">
            ⚠
          </span>
          <bdi>{warning}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Facts({ column }: { column: Column }) {
  const rows = column.decision?.rows ?? column.test?.rows ?? null;
  return (
    <dl class="facts">
      <dt>{t('Test set')}</dt>
      <dd>{rows === null ? t('not known') : t('{0} rows', formatCount(rows))}</dd>
      <dt>{t('Registered')}</dt>
      <dd>{formatTime(column.createdAt)}</dd>
      {column.approvedBy !== null && (
        <>
          <dt>{t('Decided by')}</dt>
          <dd>
            <Foreign text={column.approvedBy} />
          </dd>
        </>
      )}
      {column.comment !== null && (
        <>
          <dt>{t('Comment')}</dt>
          <dd>
            <Foreign text={column.comment} />
          </dd>
        </>
      )}
      {column.description !== null && (
        <>
          <dt>{t('Description')}</dt>
          <dd>
            <Foreign text={column.description} />
          </dd>
        </>
      )}
    </dl>
  );
}
