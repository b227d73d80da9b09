import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { createClient } from '../../shared/client/index.ts';
import type { KeypairWallet } from '../../shared/wallet/keypair.ts';
import { TradeFollower } from './follower.ts';
import type { RecordedTrade } from './recorded-trades.ts';
import { RemotePlayers } from './remote-players.ts';
import { replayTrades } from './replay.ts';
import type { ReplayHooks, ReplayReport } from './replay-here.ts';

export interface ReplayTarget extends ReplayHooks {
  readonly url: string;
  /** One of the server's operators. */
  readonly operator: KeypairWallet;
}

/** How long what was traded may take to come to the subscriber, in milliseconds. */
const RECEIVED_WITHIN_MS = 10_000;

/**
 * Replays into the market of a server: every recorded wallet becomes a keypair that signs in, every token a new agent.
 * Others may trade there meanwhile, but not in those agents, as simulated traders would.
 */
export async function replayElsewhere(
  trades: readonly RecordedTrade[],
  { url, operator, before, say }: ReplayTarget,
): Promise<ReplayReport> {
  // Another run is other wallets and other agents.
  const seed = randomBytes(16).toString('hex');
  const { client, close } = createClient({
    url: new URL('/trpc', url.replace(/^http/, 'ws')).href,
    WebSocket,
  });
  const follower = new TradeFollower();
  try {
    await new Promise<void>((resolve, reject) => {
      client.onTrade.subscribe(
        {},
        {
          onData: (item) => {
            follower.take(item);
            if (follower.started) resolve();
          },
          onError: reject,
        },
      );
    });
    const { agents, mismatches, seqs } = await replayTrades(trades, {
      players: new RemotePlayers({ url, seed, operator }),
      symbolPrefix: `M${seed.slice(0, 6).toUpperCase()}`,
      ...(before === undefined ? {} : { before }),
      onMismatch: say,
    });
    await within(RECEIVED_WITHIN_MS, follower.received(seqs));
    return { trades: seqs.length, agents, mismatches, ...follower.result(seqs) };
  } finally {
    await close();
  }
}

/** Waits no longer than that: what is missing is counted then. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, enough]);
  clearTimeout(timer);
}
