import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useRef } from 'preact/hooks';

const CloseContext = createContext<() => void>(() => undefined);

/** A button that opens a few more below it. Escape and a click elsewhere close it. */
export function Menu(props: {
  label: string;
  text: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLFieldSetElement>(null);
  const place = () => {
    if (!button.current || !popover.current) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const widest = document.documentElement.clientWidth - popover.current.offsetWidth - 4;
    popover.current.style.left = `${Math.max(4, Math.min(left, widest))}px`;
    popover.current.style.top = `${bottom + 2}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.class ?? 'plain'}
        aria-label={props.label}
        title={props.label}
        popovertarget={id}
      >
        {props.text}
      </button>
      <fieldset ref={popover} id={id} class="menu" popover="auto" aria-label={props.label} onToggle={place}>
        <CloseContext.Provider value={() => popover.current?.hidePopover()}>
          {props.children}
        </CloseContext.Provider>
      </fieldset>
    </>
  );
}

export function MenuItem(props: { disabled?: boolean; onClick(): void; children: ComponentChildren }) {
  const close = useContext(CloseContext);
  return (
    <button
      type="button"
      disabled={props.disabled}
      onClick={() => {
        close();
        props.onClick();
      }}
    >
      {props.children}
    </button>
  );
}
