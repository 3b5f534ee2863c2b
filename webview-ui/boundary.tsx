import { Component, type ComponentChildren } from 'preact';
import { t } from './l10n';

/** Shows in words what could not be drawn, and leaves the rest as it is. */
export class Boundary extends Component<
  { what: string; children: ComponentChildren },
  { error: string | null }
> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <p class="problem" role="alert">
        {t('{0} could not be shown: {1}', this.props.what, error)}
      </p>
    );
  }
}
