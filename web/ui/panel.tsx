import { Component, type HTMLAttributes, type ReactNode } from 'react';
import { useConnection } from '../live/hooks.ts';

interface PanelProps extends HTMLAttributes<HTMLElement> {
  /** Names the panel, also where it fails. */
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of the page that may fail without taking the rest along. */
export function Panel({ title, aside, className = '', children, ...rest }: PanelProps) {
  return (
    <section className={`panel ${className}`} aria-label={title} {...rest}>
      <header className="panel-head">
        <h2>{title}</h2>
        {aside}
      </header>
      <ErrorBoundary name={title}>{children}</ErrorBoundary>
    </section>
  );
}

interface BoundaryProps {
  readonly name: string;
  readonly children: ReactNode;
}

type BoundaryState = { readonly kind: 'fine' } | { readonly kind: 'failed' };

/** Shows that what is in it has failed, instead of it, and draws it anew when asked. */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { kind: 'fine' };

  static getDerivedStateFromError(): BoundaryState {
    return { kind: 'failed' };
  }

  readonly #retry = (): void => this.setState({ kind: 'fine' });

  override render(): ReactNode {
    if (this.state.kind === 'fine') return this.props.children;
    return (
      <ProblemNotice
        what={this.props.name}
        detail="Something went wrong on this page."
        action="Try again"
        onAction={this.#retry}
      />
    );
  }
}

interface ProblemProps {
  readonly what: string;
  readonly detail: string;
  readonly onRetry: () => void;
}

/** What cannot be shown because it did not come: which panel, why, and a way to try again. */
export function Problem({ what, detail, onRetry }: ProblemProps) {
  // Of a connection that has ended nothing can be asked again.
  const isEnded = useConnection().state === 'ended';
  return (
    <ProblemNotice
      what={what}
      detail={detail}
      action={isEnded ? 'Reload' : 'Try again'}
      onAction={isEnded ? () => location.reload() : onRetry}
    />
  );
}

interface ProblemNoticeProps extends Omit<ProblemProps, 'onRetry'> {
  /** The way out of it, as its button says. */
  readonly action: string;
  readonly onAction: () => void;
}

/** As {@link Problem}, also where everything else has failed: it needs nothing of what is around it. */
export function ProblemNotice({ what, detail, action, onAction }: ProblemNoticeProps) {
  return (
    <div className="blank" role="alert">
      <p className="blank-title">{what} cannot be shown</p>
      <p>{detail}</p>
      <button type="button" className="button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A list with nothing in it yet: what will appear here. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="blank">
      <p className="blank-title">{title}</p>
      <p>{children}</p>
    </div>
  );
}
