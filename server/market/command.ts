import type { AgentId, ClientOrderId, WalletAddress } from '../../shared/ids.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';

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
export interface BuyForSol extends Ordered {
  readonly kind: 'buy_for_sol';
  readonly agentId: AgentId;
  readonly sol: Lamports;
  readonly minTokens: TokenUnits;
}

/** Buys `tokens`, or what is left, for at most `maxSol`, fees included. */
export interface BuyTokens extends Ordered {
  readonly kind: 'buy_tokens';
  readonly agentId: AgentId;
  readonly tokens: TokenUnits;
  readonly maxSol: Lamports;
}

/** Sells `tokens` for at least `minSol` after fees. */
export interface SellTokens extends Ordered {
  readonly kind: 'sell_tokens';
  readonly agentId: AgentId;
  readonly tokens: TokenUnits;
  readonly minSol: Lamports;
}

/** Gives `to` SOL out of nothing: paper SOL, or a deposit seen elsewhere. */
export interface CreditWallet extends Ordered {
  readonly kind: 'credit_wallet';
  readonly to: WalletAddress;
  readonly sol: Lamports;
}

export type Command = CreateAgent | BuyForSol | BuyTokens | SellTokens | CreditWallet;

/** The parameters of a command in one canonical text: two commands are the same request when their texts are equal. */
export function requestOf(command: Command): string {
  switch (command.kind) {
    case 'create_agent': {
      const { name, symbol, purpose, imageUrl, firstBuy } = command;
      const first = firstBuy === null ? null : [`${firstBuy.sol}`, `${firstBuy.minTokens}`];
      return `create_agent ${JSON.stringify([name, symbol, purpose, imageUrl, first])}`;
    }
    case 'buy_for_sol':
      return `buy_for_sol ${command.agentId} ${command.sol} ${command.minTokens}`;
    case 'buy_tokens':
      return `buy_tokens ${command.agentId} ${command.tokens} ${command.maxSol}`;
    case 'sell_tokens':
      return `sell_tokens ${command.agentId} ${command.tokens} ${command.minSol}`;
    case 'credit_wallet':
      return `credit_wallet ${command.to} ${command.sol}`;
    default:
      return command satisfies never;
  }
}
