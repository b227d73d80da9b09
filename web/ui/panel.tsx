import { Component, type HTMLAttributes, type ReactNode } from 'react';

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

export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { kind: 'fine' };

  static getDerivedStateFromError(): BoundaryState {
    return { kind: 'failed' };
  }

  readonly #retry = (): void => this.setState({ kind: 'fine' });

  override render(): ReactNode {
    if (this.state.kind === 'fine') return this.props.children;
    return (
      <Problem what={this.props.name} detail="Something went wrong on this page." onRetry={this.#retry} />
    );
  }
}

interface ProblemProps {
  readonly what: string;
  readonly detail: string;
  readonly onRetry: () => void;
}

/** A panel that cannot be shown: which one, why, and a way to try again. */
export function Problem({ what, detail, onRetry }: ProblemProps) {
  return (
    <div className="blank" role="alert">
      <p className="blank-title">{what} cannot be shown</p>
      <p>{detail}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
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
