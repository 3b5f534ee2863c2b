import type { ComponentChildren } from 'preact';

/** What can be wider than the page scrolls by itself, also by keyboard. */
export function Scroll(props: { label: string; class?: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class={props.class ?? 'scroll'} aria-label={props.label} tabIndex={0}>
      {props.children}
    </section>
  );
}
