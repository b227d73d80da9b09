import { protocolFee } from '../../shared/curve.ts';
import { stakersPart } from '../../shared/staking.ts';
import { type Lamports, lamports, type Price, type TokenUnits, UNITS_PER_TOKEN } from '../../shared/units.ts';
import type { Candle } from '../../shared/view-schemas.ts';
import { bpsOf } from '../ui/percent.ts';

const DAY_MS = 86_400_000;
/** Lamports in units of 10^-18 SOL. */
const PRICE_PER_LAMPORT = 10n ** 9n;

/** What was traded in the 24 hours before `now`, in SOL; by candles, so it may be of less by the length of one. */
export function dayVolume(candles: readonly Candle[], now: number): Lamports {
  let volume = 0n;
  for (const candle of candles) if (candle.start >= now - DAY_MS) volume += candle.volume;
  return lamports(volume);
}

interface Staked {
  readonly staked: TokenUnits;
  readonly price: Price;
}

/**
 * What a day like the one in which `volume` was traded earns all stakers, in basis points of what their tokens are worth
 * now; `null` when nothing is staked.
 */
export function dayYieldBps(volume: Lamports, { staked, price }: Staked): number | null {
  const value = (staked * price) / (UNITS_PER_TOKEN * PRICE_PER_LAMPORT);
  if (value === 0n) return null;
  const reward = stakersPart(lamports(protocolFee(volume)));
  return bpsOf(reward, value);
}
