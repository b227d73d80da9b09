import type { DeltaOf, MessageOf } from '../channels.ts';
import { walletSol } from '../curve.ts';
import type { Entry, RewardsClaimed, Staked, TradeExecuted, Unstaked } from '../events.ts';
import type { AgentId, VaultId, WalletAddress } from '../ids.ts';
import type { AccountView, Stake } from '../platform-schemas.ts';
import { owedAt } from '../staking.ts';
import {
  type Lamports,
  lamports,
  RATE_SCALE,
  rate,
  type Shares,
  shares,
  type TokenUnits,
  tokenUnits,
} from '../units.ts';
import type { Holding } from '../view-schemas.ts';
import { pushNewest } from './newest.ts';

/** An account shows so many of its newest trades. */
export const FILLS_LENGTH = 20;

/** What a wallet has. */
export interface Account {
  sol: Lamports;
  /** One that was sold stays, with its realised gain. */
  readonly holdings: Map<AgentId, Holding>;
  readonly stakes: Map<AgentId, Stake>;
  readonly shares: Map<VaultId, Shares>;
}

/** An entry that can change what a wallet has. */
export type AccountEntry = DeltaOf<'account'>;

export const emptyAccount = (): Account => ({
  sol: lamports(0n),
  holdings: new Map(),
  stakes: new Map(),
  shares: new Map(),
});

export function isAccountEntry(entry: Entry): entry is AccountEntry {
  switch (entry.type) {
    case 'trade_executed':
    case 'wallet_credited':
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
    case 'vault_deposited':
    case 'vault_withdrawn':
    case 'season_ended':
      return true;
    case 'agent_created':
    case 'agent_graduated':
    case 'king_changed':
    case 'season_started':
    case 'vault_created':
      return false;
    default:
      return entry satisfies never;
  }
}

/** Whose accounts the entry changes, each once. */
export function accountsOf(entry: AccountEntry): readonly WalletAddress[] {
  switch (entry.type) {
    case 'trade_executed':
      return [entry.trader];
    case 'wallet_credited':
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      return [entry.wallet];
    case 'vault_deposited':
    case 'vault_withdrawn': {
      const { wallet, address, manager, feeShares } = entry;
      return feeShares > 0n && manager !== wallet ? [wallet, address, manager] : [wallet, address];
    }
    case 'season_ended':
      return [...new Set(entry.medals.map(({ creator }) => creator))];
    default:
      return entry satisfies never;
  }
}

/** Folds an entry into one of the accounts that it changes, in place. */
export function applyToAccount(account: Account, wallet: WalletAddress, entry: AccountEntry): void {
  switch (entry.type) {
    case 'trade_executed':
      account.sol = solAfter(account.sol, entry);
      changeHolding(account, entry.agentId, (holding) => tradedHolding(holding, entry));
      break;
    case 'wallet_credited':
      account.sol = lamports(account.sol + entry.sol);
      break;
    case 'staked':
    case 'unstaked':
      changeHolding(account, entry.agentId, (holding) => ({ ...holding, staked: entry.stake }));
      setStake(account, stakeAfter(account.stakes.get(entry.agentId), entry));
      break;
    case 'rewards_claimed':
      account.sol = lamports(account.sol + entry.sol);
      setStake(account, stakeAfter(account.stakes.get(entry.agentId), entry));
      break;
    case 'vault_deposited':
    case 'vault_withdrawn':
      applyVaultMove(account, wallet, entry);
      break;
    case 'season_ended':
      for (const { creator, prize } of entry.medals) {
        if (creator === wallet) account.sol = lamports(account.sol + prize);
      }
      break;
    default:
      entry satisfies never;
  }
}

type VaultMove = Extract<AccountEntry, { vaultId: VaultId }>;

function applyVaultMove(account: Account, wallet: WalletAddress, entry: VaultMove): void {
  const { vaultId, manager, feeShares } = entry;
  const deposits = entry.type === 'vault_deposited';
  if (wallet === manager) changeShares(account, vaultId, feeShares);
  if (wallet === entry.wallet) changeShares(account, vaultId, deposits ? entry.shares : -entry.shares);
  const out = wallet === entry.address ? !deposits : deposits;
  if (wallet !== entry.wallet && wallet !== entry.address) return;
  account.sol = lamports(out ? account.sol - entry.sol : account.sol + entry.sol);
  if (deposits) return;
  for (const { agentId, tokens, value } of entry.tokens) {
    changeHolding(account, agentId, (holding) =>
      wallet === entry.address ? gaveUp(holding, tokens, value) : received(holding, tokens, value),
    );
  }
}

function changeShares({ shares: all }: Account, vaultId: VaultId, change: bigint): void {
  const now = shares((all.get(vaultId) ?? 0n) + change);
  if (now === 0n) all.delete(vaultId);
  else all.set(vaultId, now);
}

const NOTHING_HELD: Holding = {
  tokens: tokenUnits(0n),
  staked: tokenUnits(0n),
  cost: lamports(0n),
  realised: 0n,
};

function changeHolding({ holdings }: Account, agentId: AgentId, change: (holding: Holding) => Holding): void {
  holdings.set(agentId, change(holdings.get(agentId) ?? NOTHING_HELD));
}

/** The trader's SOL after a trade. */
function solAfter(sol: Lamports, trade: TradeExecuted): Lamports {
  const moved = walletSol(trade);
  return lamports(trade.side === 'buy' ? sol - moved : sol + moved);
}

function tradedHolding(holding: Holding, trade: TradeExecuted): Holding {
  const change = trade.side === 'buy' ? received : gaveUp;
  return change(holding, trade.tokens, walletSol(trade));
}

const received = (
  { tokens, staked, cost, realised }: Holding,
  more: TokenUnits,
  paid: Lamports,
): Holding => ({
  tokens: tokenUnits(tokens + more),
  staked,
  cost: lamports(cost + paid),
  realised,
});

/** Average cost: what goes takes its share of the cost along, rounded down. */
function gaveUp({ tokens, staked, cost, realised }: Holding, less: TokenUnits, got: Lamports): Holding {
  const part = (cost * less) / tokens;
  return {
    tokens: tokenUnits(tokens - less),
    staked,
    cost: lamports(cost - part),
    realised: realised + got - part,
  };
}

const NO_STAKE = {
  staked: tokenUnits(0n),
  owed: rate(0n),
  rewardPerUnit: rate(0n),
  claimed: lamports(0n),
};

function stakeAfter(before: Stake | undefined, entry: Staked | Unstaked | RewardsClaimed): Stake {
  const { agentId, rewardPerUnit } = entry;
  const stake = before ?? { agentId, ...NO_STAKE };
  const owed = owedAt(stake, rewardPerUnit);
  if (entry.type !== 'rewards_claimed') return { ...stake, staked: entry.stake, owed, rewardPerUnit };
  return {
    ...stake,
    owed: rate(owed - entry.sol * RATE_SCALE),
    rewardPerUnit,
    claimed: lamports(stake.claimed + entry.sol),
  };
}

/** One that is over and owed less than a lamport is no stake any more. */
function setStake({ stakes }: Account, stake: Stake): void {
  if (stake.staked > 0n || stake.owed >= RATE_SCALE) stakes.set(stake.agentId, stake);
  else stakes.delete(stake.agentId);
}

/** The account as it is shown. */
export const accountView = (
  wallet: WalletAddress,
  { sol, holdings, stakes, shares: all }: Account,
  fills: readonly TradeExecuted[],
): AccountView => ({
  wallet,
  sol,
  holdings: [...holdings].map(([agentId, holding]) => ({ agentId, ...holding })),
  stakes: [...stakes.values()],
  shares: [...all].map(([vaultId, held]) => ({ vaultId, shares: held })),
  fills: [...fills],
});

/** `null` until the first snapshot has come. */
export function reduceAccount(view: AccountView | null, message: MessageOf<'account'>): AccountView | null {
  if (message.type === 'snapshot') return message.account;
  if (view === null) return null;
  const account: Account = {
    sol: view.sol,
    holdings: new Map(view.holdings.map(({ agentId, ...holding }) => [agentId, holding])),
    stakes: new Map(view.stakes.map((stake) => [stake.agentId, stake])),
    shares: new Map(view.shares.map(({ vaultId, shares: held }) => [vaultId, held])),
  };
  applyToAccount(account, view.wallet, message);
  const fills =
    message.type === 'trade_executed' ? pushNewest(view.fills, message, FILLS_LENGTH) : view.fills;
  return accountView(view.wallet, account, fills);
}
