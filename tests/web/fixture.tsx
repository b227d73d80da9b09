import { act, cleanup } from '@testing-library/react';
import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { Backoff } from '../../shared/client/backoff.ts';
import type { ClientSession, SessionState, SigningWallet } from '../../shared/client/index.ts';
import { RECONNECT } from '../../shared/client/options.ts';
import { Cell } from '../../shared/client/store.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { reduceAccount } from '../../shared/views/account.ts';
import {
  reduceActivities,
  reduceAgentDetail,
  reduceGraduations,
  reduceKings,
  reduceNewAgents,
  reduceOlympics,
  reducePrices,
  reduceStaking,
  reduceTrades,
  reduceVaults,
} from '../../shared/views/channel-views.ts';
import { reduceVault } from '../../shared/views/vault.ts';
import { Clock } from '../../web/clock.ts';
import type { LiveMessage, StreamError, StreamObserver } from '../../web/live/channel.ts';
import { ServerClock } from '../../web/live/clock-offset.ts';
import { Connection } from '../../web/live/connection.ts';
import { ChannelFamily } from '../../web/live/family.ts';
import { Frames } from '../../web/live/frames.ts';
import type { LiveClient } from '../../web/live/live-client.ts';
import { Orders } from '../../web/orders/orders.ts';
import { Router } from '../../web/router.ts';
import { type Services, ServicesProvider } from '../../web/services.ts';
import { createSettings } from '../../web/settings/settings.ts';
import { Announcer } from '../../web/shell/announcer.ts';
import { Toasts } from '../../web/ui/toasts.ts';
import { SignInFlow } from '../../web/wallet/sign-in-flow.ts';
import type { UsableWallet } from '../../web/wallet/wallets.ts';
import { tradeExecuted } from '../support/entries.ts';

/** A subscription somebody opened. */
export class OpenedStream<Input, M> {
  closed = false;

  constructor(
    readonly input: Input,
    readonly lastEventId: string | undefined,
    private readonly observer: StreamObserver<M>,
  ) {}

  /** Sends items as one burst, outside of any frame. */
  send(...items: readonly Item<M>[]): void {
    act(() => {
      for (const item of items) this.observer.onItem(item);
    });
  }

  fail(error: StreamError): void {
    act(() => this.observer.onError(error));
  }

  end(): void {
    act(() => this.observer.onEnd());
  }
}

/** Stands in for one procedure of the server: what was opened, in order. */
class FakeProcedure<Input, M extends LiveMessage> {
  readonly opened: OpenedStream<Input, M>[] = [];

  readonly open = (input: Input, lastEventId: string | undefined, observer: StreamObserver<M>) => {
    const stream = new OpenedStream(input, lastEventId, observer);
    this.opened.push(stream);
    return {
      unsubscribe: () => {
        stream.closed = true;
      },
    };
  };

  /** The subscription at that place; @throws when there is none */
  at(index: number): OpenedStream<Input, M> {
    const stream = this.opened.at(index);
    if (stream === undefined) throw new Error(`no subscription ${index} of ${this.opened.length}`);
    return stream;
  }
}

type InputOf<F> = F extends ChannelFamily<infer Input, infer _View, infer _M> ? Input : never;

/** A session that is as the test says, and knows what was asked of it. */
export class FakeSession implements ClientSession {
  readonly state = new Cell<SessionState>({ kind: 'signed_out', why: 'never' });
  readonly signIn = vi.fn((_wallet: SigningWallet): Promise<void> => Promise.resolve());
  readonly signOut = vi.fn((): Promise<boolean> => Promise.resolve(true));

  /** Outside of any frame. */
  is(state: SessionState): void {
    act(() => this.state.set(state));
  }

  isOf(wallet: string, sessionId = `session of ${wallet}`): void {
    this.is({ kind: 'signed_in', wallet, operator: false, sessionId, accessExpiresAt: 0 });
  }
}

/** The app's live stores on a server that the test plays. */
export class FakeMarket {
  readonly trades = new FakeProcedure<InputOf<LiveClient['trades']>, MessageOf<'trades'>>();
  readonly prices = new FakeProcedure<InputOf<LiveClient['prices']>, MessageOf<'prices'>>();
  readonly agent = new FakeProcedure<InputOf<LiveClient['agent']>, MessageOf<'agent'>>();
  readonly graduations = new FakeProcedure<InputOf<LiveClient['graduations']>, MessageOf<'graduations'>>();
  readonly newAgents = new FakeProcedure<InputOf<LiveClient['newAgents']>, MessageOf<'agents'>>();
  readonly kings = new FakeProcedure<InputOf<LiveClient['kings']>, MessageOf<'kings'>>();
  readonly activities = new FakeProcedure<InputOf<LiveClient['activities']>, MessageOf<'activities'>>();
  readonly olympics = new FakeProcedure<InputOf<LiveClient['olympics']>, MessageOf<'olympics'>>();
  readonly staking = new FakeProcedure<InputOf<LiveClient['staking']>, MessageOf<'staking'>>();
  readonly vaults = new FakeProcedure<InputOf<LiveClient['vaults']>, MessageOf<'vaults'>>();
  readonly vault = new FakeProcedure<InputOf<LiveClient['vault']>, MessageOf<'vault'>>();
  readonly account = new FakeProcedure<InputOf<LiveClient['account']>, MessageOf<'account'>>();
  readonly frames = new Frames();
  /** Agrees with the page's, until a test has it measured. */
  readonly serverClock = new ServerClock(Date.now);
  readonly connection = new Connection(this.frames, Date.now, this.serverClock);
  readonly clock = new Clock();
  readonly session = new FakeSession();
  readonly wallets = new Cell<readonly UsableWallet[]>([]);
  readonly signIn = new SignInFlow(this.session, this.wallets);
  /** Of a server that nobody is at: what calls it waits. */
  readonly client = createTRPCClient<AppRouter>({ links: [() => () => observable(() => undefined)] });
  readonly settings = createSettings();
  readonly toasts = new Toasts();
  readonly orders = new Orders(this.toasts, Date.now);
  readonly announcer = new Announcer();
  readonly preload = vi.fn();
  readonly outdated = new Cell(false);
  readonly services: Services;

  constructor() {
    const { frames, connection, clock } = this;
    const runtime = { frames, connection, newBackoff: () => new Backoff(RECONNECT, Date.now, () => 0.5) };
    const family = <Input, View, M extends LiveMessage>(
      procedure: FakeProcedure<Input, M>,
      initial: View,
      reduce: (view: View, message: M) => View,
    ) => new ChannelFamily<Input, View, M>({ initial, reduce, open: procedure.open }, runtime);
    const live: LiveClient = {
      trades: family(this.trades, [], reduceTrades),
      prices: family(this.prices, new Map(), reducePrices),
      agent: family(this.agent, null, reduceAgentDetail),
      graduations: family(this.graduations, [], reduceGraduations),
      newAgents: family(this.newAgents, [], reduceNewAgents),
      kings: family(this.kings, [], reduceKings),
      activities: family(this.activities, [], reduceActivities),
      olympics: family(this.olympics, { season: null, last: null }, reduceOlympics),
      staking: family(this.staking, new Map(), reduceStaking),
      vaults: family(this.vaults, [], reduceVaults),
      vault: family(this.vault, null, reduceVault),
      account: family(this.account, null, reduceAccount),
    };
    const { client, session, wallets, signIn, settings, toasts, orders, serverClock, announcer, outdated } =
      this;
    this.services = {
      client,
      live,
      connection,
      frames,
      clock,
      serverClock,
      router: new Router(window),
      preload: this.preload,
      session,
      wallets,
      signIn,
      settings,
      toasts,
      orders,
      announcer,
      outdated,
    };
  }

  readonly Provider = ({ children }: { readonly children: ReactNode }) => (
    <ServicesProvider value={this.services}>{children}</ServicesProvider>
  );

  readonly StrictProvider = ({ children }: { readonly children: ReactNode }) => (
    <StrictMode>
      <ServicesProvider value={this.services}>{children}</ServicesProvider>
    </StrictMode>
  );
}

const EPOCH = 'aa';
export const position = (seq: number, epoch = EPOCH): string => `${epoch}-${seq}`;

export const tradeItem = (seq: number, given: Partial<TradeExecuted> = {}): Item<TradeExecuted> => ({
  id: position(seq),
  data: tradeExecuted(seq, given),
});

export const tapeSnapshot = (
  seq: number,
  trades: TradeExecuted[] = [],
  reason: 'start' | 'gap' = 'start',
): Item<MessageOf<'trades'>> => ({ id: position(seq), data: { type: 'snapshot', reason, trades } });

/** Lets time pass, frames included. */
export const pass = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));
/** Lets one frame pass. */
export const frame = (): void => pass(17);

/** Time stands still unless a test moves it, and nothing stays mounted after a test. */
export function withFakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });
}
