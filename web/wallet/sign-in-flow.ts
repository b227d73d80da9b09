import {
  type ClientSession,
  type SessionState,
  SignInError,
  type SigningWallet,
  type Store,
} from '../../shared/client/index.ts';
import { Cell } from '../../shared/client/store.ts';
import { comingWallets, type UsableWallet } from './wallets.ts';

/** How far a sign-in has come that the session does not know of yet, or that has failed. */
export type SignInStep =
  | { readonly kind: 'idle' }
  /** There is no wallet yet; one may be about to register. */
  | { readonly kind: 'looking' }
  /** There are several wallets to choose from. */
  | { readonly kind: 'choosing' }
  /** The wallet is asked for an account. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'no_wallet' }
  /** In the words of the wallet or of the server. */
  | { readonly kind: 'failed'; readonly text: string };

/** Where it was begun and is shown: by the button in the top bar, or anywhere else, which has no room of its own for it. */
export type SignInPlace = 'bar' | 'elsewhere';

export interface SignInView {
  readonly step: SignInStep;
  readonly place: SignInPlace;
  /** The state of the session of which nothing more is to be said. */
  readonly read: SessionState | null;
}

/** How long somebody who begins before there is a wallet waits to hear that there is none. */
const LOOK_MS = 2_000;
const IDLE = { kind: 'idle' } as const;

/** One sign-in at a time, wherever on the page it is begun: finds the wallet, has it sign, and keeps what went wrong. */
export class SignInFlow implements Store<SignInView> {
  readonly #view = new Cell<SignInView>({ step: IDLE, place: 'bar', read: null });
  /** Of the newest attempt; what comes of older ones is of no interest. */
  #attempts = 0;

  constructor(
    private readonly session: ClientSession,
    private readonly wallets: Store<readonly UsableWallet[]>,
  ) {
    session.state.subscribe(() => {
      // By another tab, perhaps: there is nothing to choose or to complain of any more.
      if (session.state.get().kind === 'signed_in' && this.#step.kind !== 'connecting') this.#show(IDLE);
    });
  }

  readonly get = (): SignInView => this.#view.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#view.subscribe(listener);

  /** Signs in with the only wallet there is, lets choose among several, and waits a moment where there is none. */
  readonly begin = (place: SignInPlace): void => {
    if (!this.#isSignedOut()) return;
    const looking = this.#step.kind === 'looking';
    this.#view.set({ ...this.get(), place, read: this.session.state.get() });
    if (!looking) void this.#find();
  };

  /** Signs in with this wallet. */
  readonly choose = (wallet: UsableWallet): void => void this.#signIn(wallet);

  /** Gives up what is under way. */
  readonly cancel = (): void => {
    this.#attempts += 1;
    this.#show(IDLE);
    if (this.session.state.get().kind === 'signing_in') void this.session.signOut();
  };

  /** What was said has been read. */
  readonly close = (): void => {
    this.#attempts += 1;
    this.#view.set({ ...this.get(), step: IDLE, read: this.session.state.get() });
  };

  get #step(): SignInStep {
    return this.get().step;
  }

  async #find(): Promise<void> {
    this.#attempts += 1;
    const attempt = this.#attempts;
    if (this.wallets.get().length === 0) this.#show({ kind: 'looking' });
    const [first, ...others] = await comingWallets(this.wallets, LOOK_MS);
    // Closed, or another tab has signed in meanwhile.
    if (attempt !== this.#attempts) return;
    if (!this.#isSignedOut()) this.#show(IDLE);
    else if (first === undefined) this.#show({ kind: 'no_wallet' });
    else if (others.length === 0) await this.#signIn(first);
    // The button in the bar is a menu of them by now.
    else this.#show(this.get().place === 'bar' ? IDLE : { kind: 'choosing' });
  }

  async #signIn(wallet: UsableWallet): Promise<void> {
    this.#attempts += 1;
    const attempt = this.#attempts;
    this.#view.set({ ...this.get(), step: { kind: 'connecting' }, read: this.session.state.get() });
    try {
      const account: SigningWallet = await wallet.connect();
      if (attempt !== this.#attempts) return;
      this.#show(IDLE);
      await this.session.signIn(account);
    } catch (error) {
      const text = textOf(error);
      if (attempt === this.#attempts) this.#show(text === null ? IDLE : { kind: 'failed', text });
    }
  }

  #isSignedOut(): boolean {
    return this.session.state.get().kind === 'signed_out';
  }

  #show(step: SignInStep): void {
    this.#view.set({ ...this.get(), step });
  }
}

/** Wallets say in words of their own what was declined. */
function textOf(error: unknown): string | null {
  if (error instanceof SignInError) return error.why === 'superseded' ? null : error.message;
  return error instanceof Error && error.message !== '' ? error.message : 'The wallet did not sign in.';
}
