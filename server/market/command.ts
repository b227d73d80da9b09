import type { AgentId, ClientOrderId, VaultId, WalletAddress } from '../../shared/ids.ts';
import type { Lamports, Shares, TokenUnits } from '../../shared/units.ts';

interface Ordered {
  /** Who commands: the session's wallet. */
  readonly wallet: WalletAddress;
  readonly clientOrderId: ClientOrderId;
}

export interface CreateAgent extends Ordered {
  readonly kind: 'create_agent';
  readonly name: string;
  readonly symbol: string;
  readonly purpose: string;
  readonly imageUrl: string | null;
  readonly firstBuy: { readonly sol: Lamports; readonly minTokens: TokenUnits } | null;
}

/** Spends at most `sol`, fees included. */
export interface BuyForSol {
  readonly kind: 'buy_for_sol';
  readonly agentId: AgentId;
  readonly sol: Lamports;
  readonly minTokens: TokenUnits;
}

/** Buys `tokens`, or what is left, for at most `maxSol`, fees included. */
export interface BuyTokens {
  readonly kind: 'buy_tokens';
  readonly agentId: AgentId;
  readonly tokens: TokenUnits;
  readonly maxSol: Lamports;
}

/** Sells `tokens` for at least `minSol` after fees. */
export interface SellTokens {
  readonly kind: 'sell_tokens';
  readonly agentId: AgentId;
  readonly tokens: TokenUnits;
  readonly minSol: Lamports;
}

export type TradeTerms = BuyForSol | BuyTokens | SellTokens;
export type Trade = Ordered & TradeTerms;

/** Gives `to` SOL out of nothing: paper SOL, or a deposit seen elsewhere. */
export interface CreditWallet extends Ordered {
  readonly kind: 'credit_wallet';
  readonly to: WalletAddress;
  readonly sol: Lamports;
}

/** Takes `FAUCET_SOL` from the faucet, which gives it to a wallet once in a UTC day. */
export interface TakeFaucet extends Ordered {
  readonly kind: 'take_faucet';
}

/** Puts tokens at stake, or takes them back. */
export interface MoveStake extends Ordered {
  readonly kind: 'stake' | 'unstake';
  readonly agentId: AgentId;
  readonly tokens: TokenUnits;
}

export interface ClaimRewards extends Ordered {
  readonly kind: 'claim_rewards';
  readonly agentId: AgentId;
}

export interface CreateVault extends Ordered {
  readonly kind: 'create_vault';
  readonly name: string;
  readonly performanceFeeBps: number;
}

export interface VaultDeposit extends Ordered {
  readonly kind: 'vault_deposit';
  readonly vaultId: VaultId;
  readonly sol: Lamports;
  readonly minShares: Shares;
}

export interface VaultWithdraw extends Ordered {
  readonly kind: 'vault_withdraw';
  readonly vaultId: VaultId;
  readonly shares: Shares;
}

/** The manager trades with what the vault has. */
export interface VaultTrade extends Ordered {
  readonly kind: 'vault_trade';
  readonly vaultId: VaultId;
  readonly terms: TradeTerms;
}

/** What wallets command. */
export type OrderedCommand =
  | CreateAgent
  | Trade
  | CreditWallet
  | TakeFaucet
  | MoveStake
  | ClaimRewards
  | CreateVault
  | VaultDeposit
  | VaultWithdraw
  | VaultTrade;

/**
 * Time has come to the core: ends the season that is named (0 before the first one), if it is due, and starts the next.
 * Nobody's order: that it was carried out shows in the state.
 */
export interface TurnSeason {
  readonly kind: 'turn_season';
  readonly season: number;
  /** Of the next season, ms; it ends at a multiple of that in UTC. */
  readonly lengthMs: number;
}

export type Command = OrderedCommand | TurnSeason;

/** The parameters of a command in one canonical text: two commands are the same request when their texts are equal. */
export function requestOf(command: OrderedCommand): string {
  switch (command.kind) {
    case 'create_agent': {
      const { name, symbol, purpose, imageUrl, firstBuy } = command;
      const first = firstBuy === null ? null : [`${firstBuy.sol}`, `${firstBuy.minTokens}`];
      return `create_agent ${JSON.stringify([name, symbol, purpose, imageUrl, first])}`;
    }
    case 'buy_for_sol':
    case 'buy_tokens':
    case 'sell_tokens':
      return termsText(command);
    case 'credit_wallet':
      return `credit_wallet ${command.to} ${command.sol}`;
    case 'take_faucet':
      return 'take_faucet';
    case 'stake':
    case 'unstake':
      return `${command.kind} ${command.agentId} ${command.tokens}`;
    case 'claim_rewards':
      return `claim_rewards ${command.agentId}`;
    case 'create_vault':
      return `create_vault ${JSON.stringify([command.name, command.performanceFeeBps])}`;
    case 'vault_deposit':
      return `vault_deposit ${command.vaultId} ${command.sol} ${command.minShares}`;
    case 'vault_withdraw':
      return `vault_withdraw ${command.vaultId} ${command.shares}`;
    case 'vault_trade':
      return `vault_trade ${command.vaultId} ${termsText(command.terms)}`;
    default:
      return command satisfies never;
  }
}

function termsText(terms: TradeTerms): string {
  switch (terms.kind) {
    case 'buy_for_sol':
      return `buy_for_sol ${terms.agentId} ${terms.sol} ${terms.minTokens}`;
    case 'buy_tokens':
      return `buy_tokens ${terms.agentId} ${terms.tokens} ${terms.maxSol}`;
    case 'sell_tokens':
      return `sell_tokens ${terms.agentId} ${terms.tokens} ${terms.minSol}`;
    default:
      return terms satisfies never;
  }
}
