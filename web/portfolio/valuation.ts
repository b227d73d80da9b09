import type { AgentId, VaultId } from '../../shared/ids.ts';
import type { AccountView, Stake, VaultSummary } from '../../shared/platform-schemas.ts';
import {
  AMOUNT_LIMIT,
  LAMPORTS_PER_SOL,
  type Lamports,
  lamports,
  type Price,
  price,
  RATE_SCALE,
  type Rate,
  type Shares,
  type TokenUnits,
  UNITS_PER_TOKEN,
} from '../../shared/units.ts';
import type { PriceChanged } from '../../shared/view-schemas.ts';
import { curveOf } from '../../shared/views/prices.ts';
import { claimableNow, proceedsNow } from '../live/worth.ts';
import { bpsOf } from '../ui/percent.ts';

/** What a wallet has is worth what it would bring now: nobody pays the last price for all of it. */

/** What selling all tokens of a holding would bring now, after fees. */
export type Worth =
  | { readonly kind: 'known'; readonly value: Lamports }
  /** The agent trades elsewhere, at prices that nobody here knows. */
  | { readonly kind: 'graduated' }
  /** Its price has not come yet. */
  | { readonly kind: 'waiting' };

export interface Position {
  readonly agentId: AgentId;
  /** Those at stake included. */
  readonly tokens: TokenUnits;
  readonly staked: TokenUnits;
  /** What the tokens were bought for, fees included. */
  readonly cost: Lamports;
  /** Gain of all sales so far; negative for a loss. */
  readonly realised: bigint;
  readonly worth: Worth;
}

export interface StakeWorth {
  readonly agentId: AgentId;
  readonly staked: TokenUnits;
  /** What can be claimed now. */
  readonly claimable: Lamports;
  readonly claimed: Lamports;
}

export interface VaultWorth {
  readonly vaultId: VaultId;
  readonly shares: Shares;
  /** `null` until the vault is known. */
  readonly summary: VaultSummary | null;
  readonly value: Lamports | null;
}

/** What the rest is valued by. What is missing has not come yet. */
export interface Market {
  readonly prices: ReadonlyMap<AgentId, PriceChanged>;
  readonly pools: ReadonlyMap<AgentId, { readonly rewardPerUnit: Rate }>;
  readonly vaults: ReadonlyMap<VaultId, VaultSummary>;
}

export interface Valuation {
  readonly sol: Lamports;
  /** Holdings that still have tokens, the most valuable first, those without a value last. */
  readonly open: readonly Position[];
  /** Holdings that were sold out, the largest gain first. */
  readonly closed: readonly Position[];
  /** The largest first: a claim must not move what is below the pointer. */
  readonly stakes: readonly StakeWorth[];
  /** The most valuable first. */
  readonly vaults: readonly VaultWorth[];
  readonly totals: Totals;
}

/** Sums of what is known. */
export interface Totals {
  readonly holdings: Lamports;
  readonly claimable: Lamports;
  readonly vaults: Lamports;
  /** SOL and all of these. */
  readonly all: Lamports;
  /** Of the holdings that have a value; negative for a loss. */
  readonly unrealised: bigint;
  /** What those holdings were bought for. */
  readonly cost: Lamports;
  readonly realised: bigint;
  /** Holdings and vaults that are not in the sums because they have graduated, or have no value yet. */
  readonly graduated: number;
  readonly waiting: number;
}

/** Values all that a wallet has. */
export function valuationOf(account: AccountView, market: Market): Valuation {
  const positions = account.holdings.map(
    (holding): Position => ({
      ...holding,
      worth: worthOf(market.prices.get(holding.agentId), holding.tokens),
    }),
  );
  const open = positions.filter(({ tokens }) => tokens > 0n).sort(byWorth);
  const closed = positions
    .filter(({ tokens }) => tokens === 0n)
    .sort((a, b) => descending(a.realised, b.realised) || byNumber(a.agentId, b.agentId));
  const stakes = account.stakes
    .map((stake) => stakeWorth(stake, market.pools.get(stake.agentId)?.rewardPerUnit))
    .sort((a, b) => descending(a.staked, b.staked) || byNumber(a.agentId, b.agentId));
  const vaults = account.shares
    .map(({ vaultId, shares }) => vaultWorth(vaultId, shares, market.vaults.get(vaultId)))
    .sort((a, b) => descending(a.value ?? -1n, b.value ?? -1n) || byNumber(a.vaultId, b.vaultId));
  const { sol } = account;
  return { sol, open, closed, stakes, vaults, totals: totalsOf({ sol, positions, stakes, vaults }) };
}

/** What `tokens` would bring at that price. */
export function worthOf(latest: PriceChanged | undefined, tokens: TokenUnits): Worth {
  if (latest === undefined) return { kind: 'waiting' };
  const curve = curveOf(latest);
  // Sold out is graduated.
  if (curve.realTokens === 0n) return { kind: 'graduated' };
  return { kind: 'known', value: proceedsNow(curve, tokens) };
}

/** Gain of a holding if it were sold now; `null` while nobody knows. */
export const unrealisedOf = ({ worth, cost }: Position): bigint | null =>
  worth.kind === 'known' ? worth.value - cost : null;

/** A gain in basis points of what was paid, rounded towards zero; `null` when nothing was paid. */
export const gainBps = (gain: bigint, cost: Lamports): number | null =>
  cost === 0n ? null : bpsOf(gain, cost);

function stakeWorth(stake: Stake, rewardPerUnit: Rate | undefined): StakeWorth {
  const { agentId, staked, claimed } = stake;
  return { agentId, staked, claimed, claimable: claimableNow(stake, rewardPerUnit) };
}

function vaultWorth(vaultId: VaultId, shares: Shares, summary: VaultSummary | undefined): VaultWorth {
  if (summary === undefined) return { vaultId, shares, summary: null, value: null };
  return { vaultId, shares, summary, value: lamports((shares * summary.shareValue) / RATE_SCALE) };
}

interface Parts {
  readonly sol: Lamports;
  readonly positions: readonly Position[];
  readonly stakes: readonly StakeWorth[];
  readonly vaults: readonly VaultWorth[];
}

function totalsOf({ sol, positions, stakes, vaults }: Parts): Totals {
  const held = positions.filter(({ tokens }) => tokens > 0n);
  const valued = held.flatMap(({ worth, cost }) =>
    worth.kind === 'known' ? [{ value: worth.value, cost }] : [],
  );
  const holdings = sum(valued.map(({ value }) => value));
  const cost = sum(valued.map((one) => one.cost));
  const toClaim = sum(stakes.map((stake) => stake.claimable));
  const inVaults = sum(vaults.map(({ value }) => value ?? 0n));
  const graduated = held.filter(({ worth }) => worth.kind === 'graduated').length;
  return {
    holdings: lamports(holdings),
    claimable: lamports(toClaim),
    vaults: lamports(inVaults),
    all: lamports(sol + holdings + toClaim + inVaults),
    unrealised: holdings - cost,
    cost: lamports(cost),
    realised: sum(positions.map(({ realised }) => realised)),
    graduated,
    waiting: held.length - valued.length - graduated + vaults.filter(({ value }) => value === null).length,
  };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);
const byNumber = (a: string, b: string): number => Number(a) - Number(b);
const RANKS = { known: 0, graduated: 1, waiting: 1 } as const;

function byWorth(a: Position, b: Position): number {
  const values = a.worth.kind === 'known' && b.worth.kind === 'known';
  const order = values ? descending(proceedsOf(a), proceedsOf(b)) : RANKS[a.worth.kind] - RANKS[b.worth.kind];
  return order || byNumber(a.agentId, b.agentId);
}

const proceedsOf = ({ worth }: Position): bigint => (worth.kind === 'known' ? worth.value : 0n);

/** What a token of the holding cost on average, fees included; `null` for a cost that is no price. */
export function averageCost({ cost, tokens }: Pick<Position, 'cost' | 'tokens'>): Price | null {
  if (tokens === 0n) return null;
  // Lamports per base unit, as 10^-18 SOL per token.
  const exact = (cost * UNITS_PER_TOKEN * LAMPORTS_PER_SOL) / tokens;
  return exact < AMOUNT_LIMIT ? price(exact) : null;
}

/** A channel tells the prices of so many agents. */
const PRICED = 100;

/** The agents whose prices are needed; those that cost most, where there are too many. */
export const pricedAgents = (holdings: AccountView['holdings']): readonly AgentId[] =>
  holdings
    .filter(({ tokens }) => tokens > 0n)
    .toSorted((a, b) => descending(a.cost, b.cost))
    .slice(0, PRICED)
    .map(({ agentId }) => agentId);
