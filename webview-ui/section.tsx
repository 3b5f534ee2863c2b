import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Boundary } from './boundary';
import { usePanel } from './panel';

/** A part of the page under a heading that opens and closes it; which ones are open is kept. */
export function Section(props: {
  id: string;
  title: string;
  /** Beside the title, also while it is closed. */
  aside?: string;
  children: ComponentChildren;
}) {
  const { view, change } = usePanel();
  const body = useId();
  const open = view.open[props.id] ?? true;
  return (
    <section class="section">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={body}
          onClick={() => change({ open: { ...view.open, [props.id]: !open } })}
        >
          <span class="twistie" aria-hidden="true">
            {open ? '▾' : '▸'}
          </span>
          {props.title}
        </button>
        {props.aside && <span class="aside">{props.aside}</span>}
      </h2>
      <div id={body} hidden={!open}>
        {open && <Boundary what={props.title}>{props.children}</Boundary>}
      </div>
    </section>
  );
}
