import { entryOf, requiredEntryOf } from '../../server/api/orders.ts';
import { type CommandResult, carryOut } from '../../server/market/carry-out.ts';
import type { Command, OrderedCommand, TakeFaucet, TradeTerms } from '../../server/market/command.ts';
import { solOf, tokensOf } from '../../server/market/ledger.ts';
import { initialState } from '../../server/market/state.ts';
import type { Vault } from '../../server/market/vaults.ts';
import { marketCap, spotPrice, TOTAL_SUPPLY } from '../../shared/curve.ts';
import type { Entry, EventType, TradeExecuted } from '../../shared/events.ts';
import {
  type AgentId,
  type ClientOrderId,
  clientOrderId,
  type VaultId,
  type WalletAddress,
} from '../../shared/ids.ts';
import type { Rejection } from '../../shared/rejections.ts';
import {
  type Lamports,
  lamports,
  type Shares,
  shares,
  sol,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';
import { wallet } from '../support/wallets.ts';

export const EPOCH = '0123456789abcdef';
export const ann = wallet('ann');
export const bob = wallet('bob');
export const cyd = wallet('cyd');
/** Creates agents, and does nothing else. */
export const maker = wallet('maker');

const NO_LAMPORTS = lamports(0n);

/** The pure core alone, carrying out one command after the other at a time that only the test moves. */
export class Core {
  readonly state = initialState(EPOCH);
  /** Everything that happened. */
  readonly entries: Entry[] = [];
  now = Date.UTC(2026, 0, 1);
  #orders = 0;

  order(who: WalletAddress): { readonly wallet: WalletAddress; readonly clientOrderId: ClientOrderId } {
    this.#orders += 1;
    return { wallet: who, clientOrderId: clientOrderId(`core-${this.#orders}`) };
  }

  carryOut(command: Command): CommandResult {
    const result = carryOut(this.state, command, this.now);
    if (result.kind === 'accepted') this.entries.push(...result.entries);
    return result;
  }

  /** The entries of a command that has to be accepted. */
  accept(command: Command): readonly Entry[] {
    const result = this.carryOut(command);
    if (result.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result, textOf)}`);
    return result.entries;
  }

  /** Why a command is refused that has to be. */
  refuse(command: Command): Rejection {
    const result = this.carryOut(command);
    if (result.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(result, textOf)}`);
    return result.rejection;
  }

  /** The newest entry of a type. */
  last<T extends EventType>(type: T) {
    return requiredEntryOf(this.entries.toReversed(), type);
  }

  count(type: EventType): number {
    return this.entries.filter((entry) => entry.type === type).length;
  }

  fund(who: WalletAddress, amount = '1000'): void {
    this.accept({ ...this.order(wallet('operator')), kind: 'credit_wallet', to: who, sol: sol(amount) });
  }

  /** A take from the faucet. */
  taking(who: WalletAddress): TakeFaucet {
    return { ...this.order(who), kind: 'take_faucet' };
  }

  creation(creator: WalletAddress, first?: Lamports): OrderedCommand {
    const name = `Agent ${this.state.agents.size + 1}`;
    const firstBuy = first === undefined ? null : { sol: first, minTokens: tokenUnits(0n) };
    const symbol = `A${this.state.agents.size + 1}`;
    return {
      ...this.order(creator),
      kind: 'create_agent',
      name,
      symbol,
      purpose: '',
      imageUrl: null,
      firstBuy,
    };
  }

  createAgent(creator = maker, first?: string): AgentId {
    this.accept(this.creation(creator, first === undefined ? undefined : sol(first)));
    return this.last('agent_created').agentId;
  }

  /** Buys for that much SOL, fees included. */
  buy(who: WalletAddress, agentId: AgentId, amount: string): TradeExecuted {
    const terms = buyFor(agentId, amount);
    return requiredEntryOf(this.accept({ ...this.order(who), ...terms }), 'trade_executed');
  }

  buyTokens(who: WalletAddress, agentId: AgentId, tokens: bigint): TradeExecuted {
    const terms = buyExactly(agentId, tokens);
    return requiredEntryOf(this.accept({ ...this.order(who), ...terms }), 'trade_executed');
  }

  sell(who: WalletAddress, agentId: AgentId, tokens: bigint): TradeExecuted {
    const terms = sale(agentId, tokens);
    return requiredEntryOf(this.accept({ ...this.order(who), ...terms }), 'trade_executed');
  }

  /** Buys all that is left on the curve. */
  graduate(who: WalletAddress, agentId: AgentId): void {
    this.buyTokens(who, agentId, TOTAL_SUPPLY);
    if (entryOf(this.entries.slice(-2), 'agent_graduated') === undefined)
      throw new Error('has not graduated');
  }

  moveStake(kind: 'stake' | 'unstake', who: WalletAddress, stake: { agentId: AgentId; tokens: bigint }) {
    const { agentId, tokens } = stake;
    return { ...this.order(who), kind, agentId, tokens: tokenUnits(tokens) };
  }

  stake(who: WalletAddress, agentId: AgentId, tokens: bigint): void {
    this.accept(this.moveStake('stake', who, { agentId, tokens }));
  }

  unstake(who: WalletAddress, agentId: AgentId, tokens: bigint): void {
    this.accept(this.moveStake('unstake', who, { agentId, tokens }));
  }

  claim(who: WalletAddress, agentId: AgentId): Lamports {
    this.accept({ ...this.order(who), kind: 'claim_rewards', agentId });
    return this.last('rewards_claimed').sol;
  }

  createVault(manager: WalletAddress, performanceFeeBps = 0): VaultId {
    this.accept({ ...this.order(manager), kind: 'create_vault', name: 'Vault', performanceFeeBps });
    return this.last('vault_created').vaultId;
  }

  depositing(who: WalletAddress, vaultId: VaultId, amount: Lamports): OrderedCommand {
    return { ...this.order(who), kind: 'vault_deposit', vaultId, sol: amount, minShares: shares(0n) };
  }

  /** The shares that it gave. */
  deposit(who: WalletAddress, vaultId: VaultId, amount: Lamports): Shares {
    this.accept(this.depositing(who, vaultId, amount));
    return this.last('vault_deposited').shares;
  }

  withdrawing(who: WalletAddress, vaultId: VaultId, amount: bigint): OrderedCommand {
    return { ...this.order(who), kind: 'vault_withdraw', vaultId, shares: shares(amount) };
  }

  withdraw(who: WalletAddress, vaultId: VaultId, amount: bigint) {
    this.accept(this.withdrawing(who, vaultId, amount));
    return this.last('vault_withdrawn');
  }

  /** By the vault's manager. */
  vaultTrade(vaultId: VaultId, terms: TradeTerms): TradeExecuted {
    const { manager } = this.vault(vaultId);
    const command: OrderedCommand = { ...this.order(manager), kind: 'vault_trade', vaultId, terms };
    return requiredEntryOf(this.accept(command), 'trade_executed');
  }

  vault(vaultId: VaultId): Vault {
    const vault = this.state.vaults.byId.get(vaultId);
    if (vault === undefined) throw new Error(`no vault ${vaultId}`);
    return vault;
  }

  sol(who: WalletAddress): Lamports {
    return solOf(this.state.ledger, who);
  }

  tokens(who: WalletAddress, agentId: AgentId): TokenUnits {
    return tokensOf(this.state.ledger, agentId, who);
  }

  marketCap(agentId: AgentId): Lamports {
    const phase = this.state.agents.get(agentId)?.phase;
    return phase?.kind === 'bonding' ? marketCap(spotPrice(phase.curve)) : NO_LAMPORTS;
  }

  get king(): AgentId | null {
    return this.state.hill.king?.agentId ?? null;
  }
}

/** Buys for that much SOL, fees included. */
export const buyFor = (agentId: AgentId, amount: string): TradeTerms => ({
  kind: 'buy_for_sol',
  agentId,
  sol: sol(amount),
  minTokens: tokenUnits(0n),
});

export const buyExactly = (agentId: AgentId, tokens: bigint): TradeTerms => ({
  kind: 'buy_tokens',
  agentId,
  tokens: tokenUnits(tokens),
  maxSol: sol('1000000'),
});

export const sale = (agentId: AgentId, tokens: bigint): TradeTerms => ({
  kind: 'sell_tokens',
  agentId,
  tokens: tokenUnits(tokens),
  minSol: NO_LAMPORTS,
});

const textOf = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
