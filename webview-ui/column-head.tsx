import { dropColumn, moveColumn, type Placed, versionName } from './columns';
import { t } from './l10n';
import { Menu, MenuItem } from './menu';
import { ariaSort, nextSort } from './metric-rows';
import { usePanel } from './panel';
import type { Sort } from './view';

const dragged = 'application/x-warmstart-column';

/** The name of a column; it can be dragged, and its menu does the same by keyboard. */
export function ColumnHead(props: { place: Placed; placed: Placed[]; span: number; role: string }) {
  const { view, change } = usePanel();
  const { place, placed } = props;
  const { arn } = place.column;
  const name = versionName(place.column);
  const move = (by: -1 | 1) => {
    const order = moveColumn(placed, arn, by);
    return (
      <MenuItem disabled={order === null} onClick={() => order && change({ order })}>
        {by < 0 ? t('Move Left') : t('Move Right')}
      </MenuItem>
    );
  };
  return (
    <th
      scope="colgroup"
      colSpan={props.span}
      class={`column${place.pinned ? ' pinned' : ''}`}
      draggable
      onDragStart={(event) => event.dataTransfer?.setData(dragged, arn)}
      onDragOver={(event) => event.dataTransfer?.types.includes(dragged) && event.preventDefault()}
      onDrop={(event) => {
        const from = event.dataTransfer?.getData(dragged);
        if (from) change({ order: dropColumn(placed, from, arn) });
      }}
    >
      <span class="head">
        <span>
          {name}
          <span class="aside small">{props.role}</span>
        </span>
        <Menu label={t('Arrange {0}', name)} text="⋯">
          <MenuItem onClick={() => change({ pinned: { ...view.pinned, [arn]: !place.pinned } })}>
            {place.pinned ? t('Unpin') : t('Pin to the Left')}
          </MenuItem>
          {move(-1)}
          {move(1)}
        </Menu>
      </span>
    </th>
  );
}

/** A header that sorts: once in the way that is wanted first, again in the other, and then not. */
export function SortHead(props: { by: string; of: Sort['of']; class?: string; text: string; label: string }) {
  const { view, change } = usePanel();
  const state = ariaSort(view.sort, props.by, props.of);
  return (
    <th scope="col" class={props.class} aria-sort={state}>
      <button
        type="button"
        class="sort"
        aria-label={t('Sort by {0}', props.label)}
        onClick={() => change({ sort: nextSort(view.sort, props.by, props.of) })}
      >
        {props.text}
        <span aria-hidden="true">{state === 'none' ? '' : state === 'ascending' ? ' ↑' : ' ↓'}</span>
      </button>
    </th>
  );
}
