import type { ApiClient } from '../../shared/client/index.ts';
import type { AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, ClientOrderId, VaultId, WalletAddress } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Orders } from '../orders/orders.ts';
import type { Toasts } from '../ui/toasts.ts';
import { mostSol, type OrderTerms, type Quote, weigh } from './quote.ts';
import { doneWords, notPlaced, pendingWords, problemWords, refusedWords } from './trade-words.ts';

/** What has to be known of an agent to trade in it. */
export type Tradable = Pick<AgentView, 'agentId' | 'symbol' | 'curve' | 'seq' | 'phase'>;

/** What the server says to a trade that it has carried out. */
export interface TradeAnswer {
  readonly trade: TradeExecuted;
  readonly graduation: AgentGraduated | null;
}

/** Sends one order for whoever trades. */
export type SendTrade = (order: {
  readonly clientOrderId: ClientOrderId;
  readonly agentId: AgentId;
  readonly terms: OrderTerms;
}) => Promise<TradeAnswer>;

/** Places trades for one owner: a wallet, or a vault. Each says by notices what has become of it and never rejects. */
export interface Trader {
  /** Under which its trades are recorded. */
  readonly address: WalletAddress;
  /** @returns whether it was carried out */
  readonly place: (agent: Tradable, quote: Quote) => Promise<boolean>;
  /** Buys at once for that much SOL, with the slippage that is set. */
  readonly buyForSol: (agent: Tradable, sol: Lamports) => Promise<boolean>;
}

interface TraderParts {
  readonly address: WalletAddress;
  readonly send: SendTrade;
  readonly orders: Orders;
  readonly toasts: Toasts;
  readonly slippageBps: () => number;
}

export function createTrader({ address, send, orders, toasts, slippageBps }: TraderParts): Trader {
  const place: Trader['place'] = async (agent, quote) => {
    const { agentId, seq } = agent;
    const outcome = await orders.place<TradeAnswer>({
      pending: pendingWords(agent, quote),
      send: (clientOrderId) => send({ clientOrderId, agentId, terms: quote.terms }),
      done: (answer) => doneWords(agent, answer),
      refused: (failure) => refusedWords(agent, { quote, failure }),
      trade: {
        expected: { agentId, trader: address, fill: quote.fill, mostSol: mostSol(quote), seq },
        of: ({ trade }) => trade,
      },
    });
    return outcome.kind === 'done';
  };
  return {
    address,
    place,
    buyForSol: async (agent, sol) => {
      const say = (detail: string): false => {
        toasts.show({ tone: 'bad', title: notPlaced(agent, 'buy'), detail });
        return false;
      };
      if (agent.phase.kind === 'graduated')
        return say(`${agent.symbol} has graduated and trades in its pool.`);
      const standing = { curve: agent.curve, slippageBps: slippageBps(), funds: null };
      const weighed = weigh({ kind: 'buy_sol', sol }, standing);
      if (weighed.kind === 'refused') return say(problemWords(weighed.problem, agent.symbol));
      return place(agent, weighed.quote);
    },
  };
}

/** With the wallet's own SOL and tokens. */
export const sendAsWallet =
  (client: ApiClient): SendTrade =>
  async ({ terms, ...order }) => {
    if (terms.side === 'sell') {
      const { tokens, minSol } = terms;
      return { ...(await client.sell.mutate({ ...order, tokens, minSol })), graduation: null };
    }
    return client.buy.mutate({ ...order, ...terms });
  };

/** With a vault's, of which the wallet is the manager. */
export const sendAsVault =
  (client: ApiClient, vaultId: VaultId): SendTrade =>
  async ({ terms, ...order }) => {
    if (terms.side === 'sell') {
      const { tokens, minSol } = terms;
      return { ...(await client.vaultSell.mutate({ ...order, vaultId, tokens, minSol })), graduation: null };
    }
    return client.vaultBuy.mutate({ ...order, vaultId, ...terms });
  };
