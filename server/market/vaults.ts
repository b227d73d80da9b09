import {
  CREATOR_FEE_BPS,
  type Curve,
  POOL_SUPPLY,
  PROTOCOL_FEE_BPS,
  saleProceeds,
  walletSol,
} from '../../shared/curve.ts';
import type {
  Entry,
  TradeExecuted,
  VaultCreated,
  VaultDeposited,
  VaultWithdrawn,
} from '../../shared/events.ts';
import { type AgentId, vaultId as parseVaultId, type VaultId, type WalletAddress } from '../../shared/ids.ts';
import {
  AMOUNT_LIMIT,
  ceilDiv,
  type Lamports,
  lamports,
  shares as parseShares,
  type Rate,
  type Shares,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';
import {
  FIRST_SHARE_VALUE,
  MAX_POSITIONS,
  partOf,
  performanceFee,
  poolProceeds,
  sharesFor,
  shareValue,
} from '../../shared/vaults.ts';
import { vaultAddressOf } from './addresses.ts';
import type { CreateVault, VaultDeposit, VaultTrade, VaultWithdraw } from './command.ts';
import { accepted, type Decision, rejected, type Stamp } from './decision.ts';
import { LedgerError, solOf } from './ledger.ts';
import { decideTrade, type TradingState } from './trading.ts';

const BPS = 10_000n;
const AFTER_FEES_BPS = BPS - PROTOCOL_FEE_BPS - CREATOR_FEE_BPS;

/** A vault: a wallet of its own, which a manager trades and whose worth belongs to those who have shares. */
export interface Vault {
  readonly vaultId: VaultId;
  readonly address: WalletAddress;
  readonly manager: WalletAddress;
  readonly name: string;
  readonly performanceFeeBps: number;
  readonly createdAt: number;
  /** What its wallet has. */
  sol: Lamports;
  readonly positions: Map<AgentId, TokenUnits>;
  totalShares: Shares;
  /** Nobody with zero is in it; the sum is `totalShares`. */
  readonly holders: Map<WalletAddress, Shares>;
  highWaterMark: Rate;
}

export interface Vaults {
  readonly byId: Map<VaultId, Vault>;
  readonly byAddress: Map<WalletAddress, Vault>;
  /** How many vaults hold tokens of an agent; none with zero is in it. */
  readonly held: Map<AgentId, number>;
}

export const emptyVaults = (): Vaults => ({ byId: new Map(), byAddress: new Map(), held: new Map() });

/** Where the tokens of an agent can be sold, or could be. */
export type Market =
  | { readonly kind: 'bonding'; readonly curve: Curve }
  /** On its pool, with all that its curve held. */
  | { readonly kind: 'graduated'; readonly poolSol: Lamports };

/** What `tokens` would sell for now. After graduation that is what the pool would give as it was made. */
export function worthOf(market: Market, tokens: TokenUnits): Lamports {
  return market.kind === 'bonding'
    ? saleProceeds(market.curve, tokens)
    : poolProceeds({ sol: market.poolSol, tokens: POOL_SUPPLY }, tokens);
}

/** Idle SOL plus what the tokens would sell for now. */
export function netAssetValue(vault: Vault, marketOf: (agentId: AgentId) => Market): Lamports {
  let value: bigint = vault.sol;
  for (const [agentId, tokens] of vault.positions) value += worthOf(marketOf(agentId), tokens);
  return lamports(value);
}

/**
 * What a deposit is priced at: idle SOL plus what every token would sell for at the price of now, after fees. It is at
 * least the net asset value, for selling them all would lower the price. Were deposits priced at that, whoever puts SOL in
 * and takes a part out in kind at once could sell it for more than was paid, at the others' cost.
 */
export function entryValue(vault: Vault, marketOf: (agentId: AgentId) => Market): Lamports {
  let value: bigint = vault.sol;
  for (const [agentId, tokens] of vault.positions) value += worthAtPrice(marketOf(agentId), tokens);
  return lamports(value);
}

/** What `tokens` would sell for if that did not move the price, rounded up. */
const worthAtPrice = (market: Market, tokens: TokenUnits): bigint =>
  market.kind === 'bonding'
    ? ceilDiv(tokens * market.curve.virtualSol * AFTER_FEES_BPS, market.curve.virtualTokens * BPS)
    : ceilDiv(tokens * market.poolSol, POOL_SUPPLY);

/** What vaults depend on, of the market's state. */
interface VaultsState extends TradingState {
  readonly vaults: Vaults;
}

const marketIn =
  (state: TradingState) =>
  (agentId: AgentId): Market => {
    const agent = state.agents.get(agentId);
    if (agent === undefined) throw new LedgerError(`a vault holds tokens of unknown agent ${agentId}`);
    return agent.phase;
  };

export function decideVaultCreation(state: VaultsState, command: CreateVault, { seq, at }: Stamp): Decision {
  const { wallet: manager, name, performanceFeeBps } = command;
  const vaultId = parseVaultId(`${state.vaults.byId.size + 1}`);
  const address = vaultAddressOf(state.epoch, seq);
  return accepted([{ type: 'vault_created', seq, at, vaultId, address, manager, name, performanceFeeBps }]);
}

interface Valued {
  readonly netAssetValue: Lamports;
  /** The performance fee that is due, and the shares with it. */
  readonly feeShares: bigint;
  readonly totalShares: bigint;
  readonly highWaterMark: Rate;
}

/** Takes stock before shares are made or paid out. */
function valued(state: VaultsState, vault: Vault): Valued {
  const { totalShares, highWaterMark, performanceFeeBps: feeBps } = vault;
  const value = netAssetValue(vault, marketIn(state));
  // Nobody has gained what lies in a vault without shareholders.
  if (totalShares === 0n) {
    return {
      netAssetValue: value,
      feeShares: 0n,
      totalShares,
      highWaterMark: shareValue(value, totalShares),
    };
  }
  const fee = performanceFee({ netAssetValue: value, totalShares }, { feeBps, highWaterMark });
  return { netAssetValue: value, ...fee, totalShares: totalShares + fee.feeShares };
}

export function decideDeposit(state: VaultsState, command: VaultDeposit, { seq, at }: Stamp): Decision {
  const { vaultId, wallet, sol, minShares } = command;
  const vault = state.vaults.byId.get(vaultId);
  if (vault === undefined) return rejected({ reason: 'vault_not_found', vaultId });
  const available = solOf(state.ledger, wallet);
  if (sol > available) return rejected({ reason: 'insufficient_sol', needed: sol, available });
  const { totalShares, feeShares, ...stock } = valued(state, vault);
  const room = AMOUNT_LIMIT - 1n - totalShares;
  // Shares of a vault that has lost nearly everything are so cheap that there would be too many of them.
  const made = room < 0n ? 0n : sharesFor(sol, entryValue(vault, marketIn(state)), parseShares(totalShares));
  if (made > room) {
    return rejected({ reason: 'shares_limit', vaultId, available: parseShares(room < 0n ? 0n : room) });
  }
  if (made === 0n) return rejected({ reason: 'amount_too_small' });
  const shares = parseShares(made);
  if (shares < minShares) return rejected({ reason: 'too_few_shares', minimum: minShares, actual: shares });
  const deposited: VaultDeposited = {
    type: 'vault_deposited',
    seq,
    at,
    vaultId,
    address: vault.address,
    manager: vault.manager,
    wallet,
    shares,
    feeShares: parseShares(feeShares),
    totalShares: parseShares(totalShares + shares),
    ...stock,
    sol,
  };
  return accepted([deposited]);
}

export function decideWithdrawal(state: VaultsState, command: VaultWithdraw, { seq, at }: Stamp): Decision {
  const { vaultId, wallet, shares } = command;
  const vault = state.vaults.byId.get(vaultId);
  if (vault === undefined) return rejected({ reason: 'vault_not_found', vaultId });
  const { totalShares: all, feeShares: fee, ...stock } = valued(state, vault);
  // A fee that would take the vault over its limit of shares waits until there is room.
  const feeShares = all < AMOUNT_LIMIT ? fee : 0n;
  const totalShares = parseShares(all < AMOUNT_LIMIT ? all : vault.totalShares);
  const highWaterMark = all < AMOUNT_LIMIT ? stock.highWaterMark : vault.highWaterMark;
  const held = vault.holders.get(wallet) ?? 0n;
  const available = parseShares(wallet === vault.manager ? held + feeShares : held);
  if (shares > available) return rejected({ reason: 'insufficient_shares', needed: shares, available });
  const sol = lamports(partOf(vault.sol, shares, totalShares));
  const tokens: VaultWithdrawn['tokens'] = [];
  for (const [agentId, balance] of vault.positions) {
    const part = tokenUnits(partOf(balance, shares, totalShares));
    if (part > 0n) tokens.push({ agentId, tokens: part, value: worthOf(marketIn(state)(agentId), part) });
  }
  if (sol === 0n && tokens.length === 0) return rejected({ reason: 'amount_too_small' });
  const withdrawn: VaultWithdrawn = {
    type: 'vault_withdrawn',
    seq,
    at,
    vaultId,
    address: vault.address,
    manager: vault.manager,
    wallet,
    shares,
    feeShares: parseShares(feeShares),
    totalShares: parseShares(totalShares - shares),
    netAssetValue: stock.netAssetValue,
    highWaterMark,
    sol,
    tokens,
  };
  return accepted([withdrawn]);
}

/** The manager trades with what the vault has. */
export function decideVaultTrade(state: VaultsState, command: VaultTrade, stamp: Stamp): Decision {
  const { vaultId, wallet, terms } = command;
  const vault = state.vaults.byId.get(vaultId);
  if (vault === undefined) return rejected({ reason: 'vault_not_found', vaultId });
  const { manager, positions, address } = vault;
  if (wallet !== manager) return rejected({ reason: 'not_the_manager', vaultId, manager });
  const { agentId } = terms;
  if (terms.kind !== 'sell_tokens') {
    if (state.agents.get(agentId)?.creator === manager)
      return rejected({ reason: 'own_token', vaultId, agentId });
    if (!positions.has(agentId) && positions.size >= MAX_POSITIONS) {
      return rejected({ reason: 'too_many_positions', vaultId, limit: MAX_POSITIONS });
    }
  }
  return decideTrade(state, { terms, trader: address }, stamp);
}

type VaultEntry = Extract<Entry, { vaultId: VaultId }>;

/** @throws LedgerError when the entry is not what the vault comes to */
export function foldVault(vaults: Vaults, entry: VaultEntry): void {
  const { byId, byAddress } = vaults;
  if (entry.type === 'vault_created') {
    const vault = createdVault(entry);
    byId.set(vault.vaultId, vault);
    byAddress.set(vault.address, vault);
    return;
  }
  const vault = byId.get(entry.vaultId);
  if (vault === undefined) throw new LedgerError(`no vault ${entry.vaultId}`);
  const { manager, holders } = vault;
  if (entry.feeShares > 0n) changeHolder(holders, manager, entry.feeShares);
  const deposits = entry.type === 'vault_deposited';
  const shares = deposits ? entry.shares : -entry.shares;
  changeHolder(holders, entry.wallet, shares);
  if (entry.totalShares !== vault.totalShares + entry.feeShares + shares) {
    throw new LedgerError(`shares of vault ${entry.vaultId} do not add up`);
  }
  vault.totalShares = entry.totalShares;
  vault.highWaterMark = entry.highWaterMark;
  vault.sol = lamports(deposits ? vault.sol + entry.sol : vault.sol - entry.sol);
  if (deposits) return;
  for (const { agentId, tokens } of entry.tokens) changePosition(vaults, vault, { agentId, change: -tokens });
}

/** Takes over a trade, if it is a vault's. */
export function foldVaultTrade(vaults: Vaults, trade: TradeExecuted): void {
  const vault = vaults.byAddress.get(trade.trader);
  if (vault === undefined) return;
  const buys = trade.side === 'buy';
  vault.sol = lamports(buys ? vault.sol - walletSol(trade) : vault.sol + walletSol(trade));
  const change = buys ? trade.tokens : -trade.tokens;
  changePosition(vaults, vault, { agentId: trade.agentId, change });
}

/** Takes over SOL that was given to a wallet, if it is a vault's: its shareholders have it. */
export function foldVaultCredit({ byAddress }: Vaults, wallet: WalletAddress, sol: Lamports): void {
  const vault = byAddress.get(wallet);
  if (vault !== undefined) vault.sol = lamports(vault.sol + sol);
}

function createdVault({ at, vaultId, address, manager, name, performanceFeeBps }: VaultCreated): Vault {
  return {
    vaultId,
    address,
    manager,
    name,
    performanceFeeBps,
    createdAt: at,
    sol: lamports(0n),
    positions: new Map(),
    totalShares: parseShares(0n),
    holders: new Map(),
    highWaterMark: FIRST_SHARE_VALUE,
  };
}

function changeHolder(holders: Map<WalletAddress, Shares>, wallet: WalletAddress, change: bigint): void {
  const shares = parseShares((holders.get(wallet) ?? 0n) + change);
  if (shares === 0n) holders.delete(wallet);
  else holders.set(wallet, shares);
}

function changePosition(
  { held }: Vaults,
  { positions }: Vault,
  { agentId, change }: { readonly agentId: AgentId; readonly change: bigint },
): void {
  const before = positions.get(agentId);
  const tokens = tokenUnits((before ?? 0n) + change);
  if (tokens === 0n) positions.delete(agentId);
  else positions.set(agentId, tokens);
  const vaults = (held.get(agentId) ?? 0) + Number(tokens > 0n) - Number(before !== undefined);
  if (vaults === 0) held.delete(agentId);
  else held.set(agentId, vaults);
}
