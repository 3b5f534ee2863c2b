// The only file that knows which component library draws the controls.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeProgressRing());

interface Labelled {
  children: ComponentChildren;
  class?: string;
}

/** Of a control that has a shadow: what stands outside of it cannot describe what has the focus inside. */
interface Shadowed extends HTMLElement {
  control?: HTMLElement;
}

/** With `refused` or `waits` it can be reached and read, and keeps the focus, but does nothing. */
export function Button(
  props: Labelled & {
    primary?: boolean;
    label?: string;
    refused?: string | null;
    waits?: boolean;
    onClick(): void;
  },
) {
  const host = useRef<Shadowed>(null);
  const refused = props.refused ?? null;
  const off = refused !== null || props.waits === true;
  useEffect(() => {
    const control = host.current?.shadowRoot?.querySelector('button');
    control?.setAttribute('aria-disabled', String(off));
    if (refused === null) control?.removeAttribute('aria-description');
    else control?.setAttribute('aria-description', refused);
  }, [off, refused]);
  return h(
    'vscode-button',
    {
      ref: host,
      class: off ? `${props.class ?? ''} off` : props.class,
      appearance: props.primary ? 'primary' : 'secondary',
      'aria-label': props.label,
      title: refused ?? props.label,
      onClick: () => !off && props.onClick(),
    },
    props.children,
  );
}

export function Checkbox(props: Labelled & { checked: boolean; onChange(checked: boolean): void }) {
  return h(
    'vscode-checkbox',
    {
      class: props.class,
      checked: props.checked,
      // It says `change` also when it is told what it is.
      onChange: ({ currentTarget }: { currentTarget: HTMLElement & { checked: boolean } }) =>
        currentTarget.checked !== props.checked && props.onChange(currentTarget.checked),
    },
    props.children,
  );
}

/** Our own: the toolkit's carries a style attribute, which the page's policy does not admit. */
export function Badge({ children, class: name }: Labelled) {
  return <span class={name ? `badge ${name}` : 'badge'}>{children}</span>;
}

export function Busy({ children }: Labelled) {
  return (
    <p class="busy">
      {h('vscode-progress-ring', { 'aria-hidden': 'true' })} <span>{children}</span>
    </p>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** The browser's own: the toolkit's names its list across the border of its shadow, where no screen reader finds it. */
export function Select(props: {
  label: string;
  value: string;
  choices: Choice[];
  disabled?: boolean;
  /** It keeps the focus, but a choice made meanwhile is taken back. */
  waits?: boolean;
  onChange(value: string): void;
}) {
  const id = useId();
  return (
    <span class="select">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        disabled={props.disabled}
        aria-disabled={props.waits ? 'true' : undefined}
        onChange={({ currentTarget }) => {
          const { value } = currentTarget;
          currentTarget.value = props.value;
          if (!props.waits) props.onChange(value);
        }}
      >
        {props.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
