import { CREATOR_FEE_BPS, POOL_SUPPLY, PROTOCOL_FEE_BPS } from '../../shared/curve.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import {
  AMOUNT_LIMIT,
  ceilDiv,
  type Lamports,
  lamports,
  type Shares,
  shares,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';
import { partOf, performanceFee, poolProceeds, sharesFor } from '../../shared/vaults.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { proceedsNow } from '../live/worth.ts';

/** What vaults are worth, as the market reckons it when somebody deposits or withdraws (`server/market/vaults.ts`). */
type Valued = Pick<AgentView, 'curve' | 'phase'>;
type Agents = ReadonlyMap<AgentId, Valued>;

/** What `tokens` would sell for now, after fees; once graduated, what the pool would give as it was made. */
export function worthOf({ phase, curve }: Valued, tokens: TokenUnits): Lamports {
  if (phase.kind === 'graduated') {
    return poolProceeds({ sol: curve.realSol, tokens: POOL_SUPPLY }, tokens);
  }
  return proceedsNow(curve, tokens);
}

const BPS = 10_000n;
const AFTER_FEES_BPS = BPS - PROTOCOL_FEE_BPS - CREATOR_FEE_BPS;

/** What `tokens` would sell for if that did not move the price, rounded up: at that deposits are priced. */
const worthAtPrice = ({ phase, curve }: Valued, tokens: TokenUnits): bigint =>
  phase.kind === 'graduated'
    ? ceilDiv(tokens * curve.realSol, POOL_SUPPLY)
    : ceilDiv(tokens * curve.virtualSol * AFTER_FEES_BPS, curve.virtualTokens * BPS);

/** A vault at the prices of now, with the performance fee that the next deposit or withdrawal pays first. */
export interface Stock {
  readonly netAssetValue: Lamports;
  /** What a deposit is priced at; at least the net asset value. */
  readonly entryValue: Lamports;
  /** Shares that the manager is due. */
  readonly feeShares: Shares;
  /** All shares, those included. */
  readonly totalShares: Shares;
}

type Stocked = Pick<VaultDetail, 'sol' | 'shares' | 'positions' | 'performanceFeeBps' | 'highWaterMark'>;

/** Takes stock; `null` while an agent that the vault holds is not known. */
export function stockOf(vault: Stocked, agents: Agents): Stock | null {
  let netAssetValue: bigint = vault.sol;
  let entryValue: bigint = vault.sol;
  for (const { agentId, tokens } of vault.positions) {
    if (tokens === 0n) continue;
    const agent = agents.get(agentId);
    if (agent === undefined) return null;
    netAssetValue += worthOf(agent, tokens);
    entryValue += worthAtPrice(agent, tokens);
  }
  const feeShares = feeDue(vault, lamports(netAssetValue));
  return {
    netAssetValue: lamports(netAssetValue),
    entryValue: lamports(entryValue),
    feeShares,
    totalShares: shares(vault.shares + feeShares),
  };
}

function feeDue(
  { shares: total, performanceFeeBps, highWaterMark }: Stocked,
  netAssetValue: Lamports,
): Shares {
  // Nobody has gained what lies in a vault without shareholders.
  if (total === 0n) return shares(0n);
  const terms = { feeBps: performanceFeeBps, highWaterMark };
  const { feeShares } = performanceFee({ netAssetValue, totalShares: total }, terms);
  // A fee that would take the vault over its limit of shares waits until there is room.
  return shares(total + feeShares < AMOUNT_LIMIT ? feeShares : 0n);
}

/** Shares that a deposit would give now; `null` when there would be too many of them. */
export function sharesOf(sol: Lamports, { entryValue, totalShares }: Stock): Shares | null {
  const made = sharesFor(sol, entryValue, totalShares);
  return totalShares + made < AMOUNT_LIMIT ? shares(made) : null;
}

/** The fewest shares that a deposit may give when prices may move by so much. */
export const leastShares = (expected: Shares, slippageBps: number): Shares =>
  shares((expected * (BPS - BigInt(slippageBps))) / BPS);

/** What a withdrawal gives, in kind. */
export interface Payout {
  readonly sol: Lamports;
  readonly positions: readonly {
    readonly agentId: AgentId;
    readonly tokens: TokenUnits;
    /** What they would sell for now. */
    readonly value: Lamports;
  }[];
}

/** The part of everything that so many shares would be paid now; `null` while an agent is not known. */
export function payoutOf(vault: Stocked, agents: Agents, given: Shares): Payout | null {
  const stock = stockOf(vault, agents);
  if (stock === null) return null;
  const positions = vault.positions.flatMap(({ agentId, tokens }) => {
    const part = tokenUnits(partOf(tokens, given, stock.totalShares));
    const agent = agents.get(agentId);
    return part === 0n || agent === undefined ? [] : [{ agentId, tokens: part, value: worthOf(agent, part) }];
  });
  return { sol: lamports(partOf(vault.sol, given, stock.totalShares)), positions };
}
