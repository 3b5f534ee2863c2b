import { useId } from 'preact/hooks';
import type { Column, ModelComparison } from '../src/comparison/comparison';
import type { FromPanel } from '../src/comparison/panel';
import { versionName } from './columns';
import { t } from './l10n';
import { usePanel } from './panel';
import { refusalsOf } from './refusals';
import { Button } from './toolkit';

/** What can be done with a version. What cannot is said why, and stays in its place. */
export function Actions({ column, model }: { column: Column; model: ModelComparison }) {
  const { live, actions, busy, post } = usePanel();
  const reasons = useId();
  if (!live) return null;
  const { arn } = column;
  const name = versionName(column);
  const refusals = refusalsOf(column, model, actions);
  const action = (text: string, refused: string | null, message: FromPanel, primary = false) => (
    <Button
      label={`${text} (${name})`}
      primary={primary}
      refused={refused}
      waits={busy}
      onClick={() => post(message)}
    >
      {text}
    </Button>
  );
  const told = [
    ...new Set([refusals.approve, refusals.reject, refusals.release].filter((reason) => reason !== null)),
  ];
  return (
    <>
      {column.role === 'candidate' && (
        <fieldset class="actions" aria-label={t('Decide on {0}', name)} aria-describedby={reasons}>
          {action(
            column.reasonNeeded ? t('Approve with a Reason…') : t('Approve…'),
            refusals.approve,
            { type: 'decide', arn, decision: 'Approved' },
            refusals.approve === null && !column.reasonNeeded,
          )}
          {action(t('Reject…'), refusals.reject, { type: 'decide', arn, decision: 'Rejected' })}
          {action(t('Release…'), refusals.release, { type: 'release', endpoint: model.endpoint ?? '' })}
        </fieldset>
      )}
      {column.role === 'candidate' && told.length > 0 && (
        <ul class="reasons" id={reasons}>
          {told.map((reason) => (
            <li key={reason}>
              <bdi>{reason}</bdi>
            </li>
          ))}
        </ul>
      )}
      <fieldset class="links" aria-label={t('More about {0}', name)}>
        <LinkButton name={name} onClick={() => post({ type: 'copyArn', arn })}>
          {t('Copy ARN')}
        </LinkButton>
        {column.evaluationUri !== null && (
          <LinkButton
            name={name}
            disabled={busy || !actions}
            onClick={() => post({ type: 'openEvaluation', arn })}
          >
            {t('Open evaluation.json')}
          </LinkButton>
        )}
        {column.role === 'candidate' && model.columns.length > 1 && (
          <LinkButton name={name} disabled={busy || !actions} onClick={() => post({ type: 'remove', arn })}>
            {t('Remove from Comparison')}
          </LinkButton>
        )}
      </fieldset>
    </>
  );
}

function LinkButton(props: { name: string; children: string; disabled?: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      class="link"
      aria-label={`${props.children} (${props.name})`}
      aria-disabled={props.disabled === true}
      onClick={() => props.disabled !== true && props.onClick()}
    >
      {props.children}
    </button>
  );
}
