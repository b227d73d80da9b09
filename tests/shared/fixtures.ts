import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  INITIAL_CURVE,
  type Side,
  spotPrice,
  tokensSold,
} from '../../shared/curve.ts';
import type {
  AgentCreated,
  AgentGraduated,
  RewardsClaimed,
  Staked,
  TradeExecuted,
  Unstaked,
} from '../../shared/events.ts';
import {
  type AgentId,
  agentId,
  mintAddress,
  poolId,
  type WalletAddress,
  walletAddress,
} from '../../shared/ids.ts';
import { type Lamports, type Rate, rate, type TokenUnits, tokenUnits } from '../../shared/units.ts';

/** The recorded mainnet trades, as text. */
export const recording = (): string =>
  readFileSync(new URL('../../server/sim/mainnet-trades.csv', import.meta.url), 'utf8');

export const alice = walletAddress('Ab6VFq1eje9J8zNCqE9RdjYESMTPgz6cdir5gzWv2fxt');
export const bob = walletAddress('6qLTMKJgbSNwAswYmWndG6mXHakSVmHRWuqGRYCMfftY');
export const carol = walletAddress('DzboQe5f53CqfQ8wTwpHMW6Y5oYjmHJKo4taGwvj5xTY');
const mint = mintAddress('FCuk4XWLR6fAJFTcQoMrm3KeywSt2X6wK4Ufh4Xjpump');
export const pool = poolId('8gQkv453h8zzwBNDvJdtVo74DYX5kqAAog1tdHNypump');
const agentOne = agentId('1');

/** Entries of one agent that follow from each other, one seq and one second apart unless told otherwise. */
export class AgentStory {
  readonly id: AgentId;
  curve: Curve = INITIAL_CURVE;
  seq = 1;
  at = 1_757_782_380_000;
  /** What a staked unit has earned; a test may raise it. */
  rewardPerUnit: Rate = rate(0n);
  readonly #stakes = new Map<WalletAddress, TokenUnits>();

  constructor(id: AgentId = agentOne) {
    this.id = id;
  }

  created(): AgentCreated {
    return {
      type: 'agent_created',
      ...this.#next(),
      agentId: this.id,
      name: 'Ada',
      symbol: 'ADA',
      purpose: 'Thinks.',
      imageUrl: null,
      creator: alice,
      mint,
    };
  }

  buy(trader: WalletAddress, tokens: TokenUnits): TradeExecuted {
    return this.#traded(trader, fillBuyTokens(this.curve, tokens));
  }

  sell(trader: WalletAddress, tokens: TokenUnits): TradeExecuted {
    return this.#traded(trader, fillSellTokens(this.curve, tokens));
  }

  graduated(): AgentGraduated {
    const { realSol, realTokens } = this.curve;
    return {
      type: 'agent_graduated',
      ...this.#next(),
      agentId: this.id,
      poolId: pool,
      sol: realSol,
      tokens: realTokens,
    };
  }

  staked(wallet: WalletAddress, tokens: TokenUnits): Staked {
    return { type: 'staked', ...this.#stakeMoved(wallet, tokens, tokens) };
  }

  unstaked(wallet: WalletAddress, tokens: TokenUnits): Unstaked {
    return { type: 'unstaked', ...this.#stakeMoved(wallet, tokens, -tokens) };
  }

  claimed(wallet: WalletAddress, sol: Lamports): RewardsClaimed {
    const { id: agentId, rewardPerUnit } = this;
    return { type: 'rewards_claimed', ...this.#next(), agentId, wallet, sol, rewardPerUnit };
  }

  #stakeMoved(wallet: WalletAddress, tokens: TokenUnits, change: bigint): Omit<Staked, 'type'> {
    const { id: agentId, rewardPerUnit } = this;
    const stake = tokenUnits((this.#stakes.get(wallet) ?? 0n) + change);
    this.#stakes.set(wallet, stake);
    const totalStaked = tokenUnits([...this.#stakes.values()].reduce((sum, each) => sum + each, 0n));
    return { ...this.#next(), agentId, wallet, tokens, stake, totalStaked, rewardPerUnit };
  }

  #next(): { seq: number; at: number } {
    const entry = { seq: this.seq, at: this.at };
    this.seq += 1;
    this.at += 1_000;
    return entry;
  }

  #traded(trader: WalletAddress, { after, side, tokens, sol, protocolFee, creatorFee }: Fill): TradeExecuted {
    this.curve = after;
    return {
      type: 'trade_executed',
      ...this.#next(),
      agentId: this.id,
      trader,
      side,
      tokens,
      sol,
      protocolFee,
      creatorFee,
      ...after,
      price: spotPrice(after),
    };
  }
}

/** Freezes a value and all in it; a map or a list that is written to afterwards throws. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const [key, item] of value) {
      frozen(key);
      frozen(item);
    }
    for (const name of ['set', 'delete', 'clear']) {
      Object.defineProperty(value, name, {
        value: () => {
          throw new TypeError(`${name} on a frozen map`);
        },
      });
    }
  }
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

/** Property tests run the same cases every time. */
export const SEEDED = { seed: 20_250_913, numRuns: 500 };

interface Step {
  readonly side: Side;
  /** Of what can be bought or sold, in millionths. */
  readonly share: bigint;
}

function step(curve: Curve, { side, share }: Step): Curve {
  const most = side === 'buy' ? curve.realTokens : tokensSold(curve);
  const amount = tokenUnits((most * share) / 1_000_000n);
  if (amount === 0n) return curve;
  return (side === 'buy' ? fillBuyTokens(curve, amount) : fillSellTokens(curve, amount)).after;
}

const steps = fc.array(
  fc.record<Step>({ side: fc.constantFrom('buy', 'sell'), share: fc.bigInt(1n, 1_000_000n) }),
  { maxLength: 6 },
);

/** Curves that trades from the start can lead to, the fresh and the sold-out one among them. */
export const curves: fc.Arbitrary<Curve> = steps.map((taken) => taken.reduce(step, INITIAL_CURVE));

/** From 1 to `most`, small and large amounts alike. */
export const amountsUpTo = (most: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt(1n, most), fc.bigInt(1n, most < 1_000n ? most : 1_000n), fc.constant(most));
