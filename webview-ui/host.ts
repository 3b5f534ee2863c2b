import type { FromPanel, KeptState, PanelState, ToPanel } from '../src/comparison/panel';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: KeptState): void;
}

declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

/** Whoever shows the page: VS Code, or nobody when it is a report file. */
export interface Host {
  /** False in a report file: nobody answers. */
  live: boolean;
  /** The view that was kept when the page was last shown; undefined when there is none. */
  keptView: unknown;
  post(message: FromPanel): void;
  keep(state: KeptState): void;
  /** Calls back with each state, from the first one on. */
  listen(listener: (message: ToPanel) => void): void;
}

export function connectHost(): Host {
  return typeof acquireVsCodeApi === 'function' ? vsCode(acquireVsCodeApi()) : reportFile();
}

function vsCode(api: VsCodeApi): Host {
  return {
    live: true,
    keptView: viewOf(api.getState()),
    post: (message) => api.postMessage(message),
    keep: (state) => api.setState(state),
    listen(listener) {
      window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
        if (data?.type === 'state') listener(data);
      });
      api.postMessage({ type: 'ready' });
    },
  };
}

function reportFile(): Host {
  return {
    live: false,
    keptView: undefined,
    post: () => undefined,
    keep: () => undefined,
    listen(listener) {
      const text = document.getElementById('state')?.textContent ?? '{"kind":"loading"}';
      const pushed: PanelState | ToPanel = JSON.parse(text);
      listener('type' in pushed ? pushed : { type: 'state', state: pushed, translations: {} });
    },
  };
}

function viewOf(kept: unknown): unknown {
  return typeof kept === 'object' && kept !== null && 'view' in kept ? kept.view : undefined;
}
