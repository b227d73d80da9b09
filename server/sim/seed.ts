import { readFile } from 'node:fs/promises';
import { walletAddress } from '../../shared/ids.ts';
import type { App } from '../app.ts';
import type { SettableClock } from './clock.ts';
import { LocalPlayers } from './players.ts';
import { parseRecordedTrades } from './recorded-trades.ts';
import { type ReplayResult, replayTrades } from './replay.ts';

/** The recording lies beside this module, in the sources and in the build. */
const RECORDING = new URL('./mainnet-trades.csv', import.meta.url);

/**
 * Fills an empty market with the recorded mainnet trades, moved in time so that the last one is now. Each one must come
 * out as it was recorded.
 * @throws Error when one does not
 */
export async function seedMarket(app: App, clock: SettableClock): Promise<ReplayResult> {
  const trades = parseRecordedTrades(await readFile(RECORDING, 'utf8'));
  const shift = Date.now() - (trades.at(-1)?.at ?? 0);
  try {
    const result = await replayTrades(trades, {
      players: new LocalPlayers((session) => app.caller(session), walletAddress),
      before: ({ at }) => clock.set(at + shift),
      onMismatch: (problem) => {
        throw new Error(`the recording does not reproduce: ${problem}`);
      },
    });
    return result;
  } finally {
    clock.release();
  }
}
