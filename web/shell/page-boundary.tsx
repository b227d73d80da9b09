import { Component, type ReactNode } from 'react';
import { ProblemNotice } from '../ui/panel.tsx';
import { LoadError } from './patiently.ts';

interface PageBoundaryProps {
  /** Of another address the page is another one, which may work. */
  readonly address: string;
  /** Stands for a page that could not be loaded because the server has another one by now, which is said elsewhere. */
  readonly outdated: ReactNode | null;
  readonly children: ReactNode;
}

type State =
  | { readonly kind: 'fine'; readonly address: string }
  | { readonly kind: 'failed'; readonly address: string; readonly error: unknown };

/** A page that may fail without taking along what is around it: going somewhere else still works. */
export class PageBoundary extends Component<PageBoundaryProps, State> {
  override state: State = { kind: 'fine', address: this.props.address };

  static getDerivedStateFromError(
    error: unknown,
  ): Pick<Extract<State, { kind: 'failed' }>, 'kind' | 'error'> {
    return { kind: 'failed', error };
  }

  static getDerivedStateFromProps({ address }: PageBoundaryProps, state: State): State | null {
    return state.address === address ? null : { kind: 'fine', address };
  }

  readonly #retry = (): void => this.setState({ kind: 'fine' });

  override render(): ReactNode {
    if (this.state.kind === 'fine') return this.props.children;
    const isMissing = this.state.error instanceof LoadError;
    if (isMissing && this.props.outdated !== null) return this.props.outdated;
    return (
      <main id="main" className="page-lone">
        <h1 className="visually-hidden">This page cannot be shown</h1>
        <div className="panel">
          <ProblemNotice
            what="This page"
            detail={isMissing ? 'It could not be loaded.' : 'Something went wrong on it.'}
            action={isMissing ? 'Reload' : 'Try again'}
            onAction={isMissing ? () => location.reload() : this.#retry}
          />
        </div>
      </main>
    );
  }
}
