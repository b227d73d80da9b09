import { POOL_SUPPLY, TOTAL_SUPPLY } from '../../shared/curve.ts';
import type { Entry, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, PoolId, WalletAddress } from '../../shared/ids.ts';
import { type Lamports, lamports, type TokenUnits, tokenUnits } from '../../shared/units.ts';

/**
 * Double entry: an event is a list of transfers between accounts, so for each asset the balances of all accounts
 * add up to zero, always. Only `mint`, where assets come from, is below zero.
 */
export type Account =
  /** A wallet's own account goes by its address. */
  | WalletAddress
  | `curve:${AgentId}`
  | `pool:${PoolId}`
  | `fees:creator:${WalletAddress}`
  /** Tokens at stake in an agent, and the rewards that were not claimed yet. */
  | `stakers:${AgentId}`
  | 'fees:protocol'
  | 'mint';

export type Asset = 'sol' | AgentId;
type Balances = Map<Account, bigint>;

export interface Ledger {
  /** Lamports by account. */
  readonly sol: Balances;
  /** Token base units by account, for each agent. */
  readonly tokens: Map<AgentId, Balances>;
}

export interface Transfer {
  readonly asset: Asset;
  readonly from: Account;
  readonly to: Account;
  readonly amount: bigint;
}

/** A broken invariant: a fault in this program, never a user's doing. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

export const emptyLedger = (): Ledger => ({ sol: new Map(), tokens: new Map() });

export const curveAccount = (agentId: AgentId): Account => `curve:${agentId}`;
export const stakersAccount = (agentId: AgentId): Account => `stakers:${agentId}`;
export const creatorFeeAccount = (creator: WalletAddress): Account => `fees:creator:${creator}`;

/** The accounts of an agent. */
export interface AgentAccounts {
  readonly agentId: AgentId;
  readonly curveAccount: Account;
  /** Where its creator fees go. */
  readonly feeAccount: Account;
}

/** What a trade's transfers depend on besides the trade. */
export interface TradeAccounts {
  /** `undefined`: the agent is unknown. */
  readonly agent: AgentAccounts | undefined;
  /** The part of the protocol fee that goes to the agent's stakers. */
  readonly reward: Lamports;
}

/** What a trade moves. */
function tradeTransfers(event: TradeExecuted, { agent, reward }: TradeAccounts): readonly Transfer[] {
  if (agent === undefined) throw new LedgerError(`trade in unknown agent ${event.agentId}`);
  const { trader, agentId } = event;
  const { curveAccount: curve, feeAccount } = agent;
  const buys = event.side === 'buy';
  const transfers: Transfer[] = [
    { asset: 'sol', from: buys ? trader : curve, to: buys ? curve : trader, amount: event.sol },
    { asset: agentId, from: buys ? curve : trader, to: buys ? trader : curve, amount: event.tokens },
    { asset: 'sol', from: trader, to: 'fees:protocol', amount: event.protocolFee - reward },
    { asset: 'sol', from: trader, to: feeAccount, amount: event.creatorFee },
  ];
  if (reward > 0n)
    transfers.push({ asset: 'sol', from: trader, to: stakersAccount(agentId), amount: reward });
  return transfers;
}

/** What the event moves. */
export function transfersOf(event: Entry, accounts: TradeAccounts): readonly Transfer[] {
  switch (event.type) {
    case 'agent_created':
      return [{ asset: event.agentId, from: 'mint', to: curveAccount(event.agentId), amount: TOTAL_SUPPLY }];
    case 'trade_executed':
      return tradeTransfers(event, accounts);
    case 'agent_graduated': {
      const curve = curveAccount(event.agentId);
      const pool: Account = `pool:${event.poolId}`;
      return [
        { asset: 'sol', from: curve, to: pool, amount: event.sol },
        { asset: event.agentId, from: curve, to: pool, amount: event.tokens },
      ];
    }
    case 'wallet_credited':
      return [{ asset: 'sol', from: 'mint', to: event.wallet, amount: event.sol }];
    case 'season_ended':
      return event.medals.map(({ creator, prize }) => ({
        asset: 'sol',
        from: 'fees:protocol',
        to: creator,
        amount: prize,
      }));
    case 'staked':
    case 'unstaked': {
      const stakers = stakersAccount(event.agentId);
      const [from, to] = event.type === 'staked' ? [event.wallet, stakers] : [stakers, event.wallet];
      return [{ asset: event.agentId, from, to, amount: event.tokens }];
    }
    case 'rewards_claimed':
      return [{ asset: 'sol', from: stakersAccount(event.agentId), to: event.wallet, amount: event.sol }];
    case 'vault_deposited':
      return [{ asset: 'sol', from: event.wallet, to: event.address, amount: event.sol }];
    case 'vault_withdrawn':
      return [
        { asset: 'sol', from: event.address, to: event.wallet, amount: event.sol },
        ...event.tokens.map(({ agentId, tokens }) => ({
          asset: agentId,
          from: event.address,
          to: event.wallet,
          amount: tokens,
        })),
      ];
    case 'king_changed':
    case 'season_started':
    case 'vault_created':
      return [];
    default:
      return event satisfies never;
  }
}

function balancesOf(ledger: Ledger, asset: Asset): Balances {
  if (asset === 'sol') return ledger.sol;
  const known = ledger.tokens.get(asset);
  if (known !== undefined) return known;
  const created: Balances = new Map();
  ledger.tokens.set(asset, created);
  return created;
}

/** Carries out the transfers in order. @throws LedgerError when an account other than `mint` would go below zero. */
export function applyTransfers(ledger: Ledger, transfers: readonly Transfer[]): void {
  for (const { asset, from, to, amount } of transfers) {
    const balances = balancesOf(ledger, asset);
    const left = (balances.get(from) ?? 0n) - amount;
    if (amount < 0n || (left < 0n && from !== 'mint')) {
      throw new LedgerError(`${from} cannot give ${amount} of ${asset}: ${left} would be left`);
    }
    // An empty account is no account: what was sold out must not stay in memory and snapshots for ever.
    if (left === 0n) balances.delete(from);
    else balances.set(from, left);
    const now = (balances.get(to) ?? 0n) + amount;
    if (now === 0n) balances.delete(to);
    else balances.set(to, now);
  }
}

export const solOf = (ledger: Ledger, account: Account): Lamports => lamports(ledger.sol.get(account) ?? 0n);

export const tokensOf = (ledger: Ledger, agentId: AgentId, account: Account): TokenUnits =>
  tokenUnits(ledger.tokens.get(agentId)?.get(account) ?? 0n);

/** SOL brought into the market so far. */
export const solMinted = (ledger: Ledger): Lamports => lamports(-(ledger.sol.get('mint') ?? 0n));

/** The sum over all accounts for each asset; every one is zero unless the program is wrong. */
export function ledgerSums(ledger: Ledger): Map<Asset, bigint> {
  const sum = (balances: Balances): bigint => {
    let total = 0n;
    for (const balance of balances.values()) total += balance;
    return total;
  };
  const sums = new Map<Asset, bigint>([['sol', sum(ledger.sol)]]);
  for (const [agentId, balances] of ledger.tokens) sums.set(agentId, sum(balances));
  return sums;
}

/** What the curve account must hold for its reserves. @throws LedgerError when it does not. */
export function assertReserves(
  ledger: Ledger,
  { agentId, curveAccount: account }: AgentAccounts,
  curve: { readonly realSol: Lamports; readonly realTokens: TokenUnits },
): void {
  const sol = ledger.sol.get(account) ?? 0n;
  const tokens = ledger.tokens.get(agentId)?.get(account) ?? 0n;
  if (sol !== curve.realSol || tokens !== curve.realTokens + POOL_SUPPLY) {
    throw new LedgerError(`reserves of agent ${agentId} are not what its curve account holds`);
  }
}
