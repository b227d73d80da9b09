import type { WalletAddress } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Orders } from '../orders/orders.ts';
import type { Toasts } from '../ui/toasts.ts';
import { mostSol, type Quote, weigh } from './quote.ts';
import type { SendTrade, TradeAnswer } from './send-trade.ts';
import { doneWords, notPlaced, pendingWords, problemWords, refusedWords } from './trade-words.ts';

/** What has to be known of an agent to trade in it. */
export type Tradable = Pick<AgentView, 'agentId' | 'symbol' | 'curve' | 'seq' | 'phase'>;

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
      if (agent.phase.kind === 'graduated') {
        return say(`${agent.symbol} has graduated and trades in its pool.`);
      }
      const standing = { curve: agent.curve, slippageBps: slippageBps(), funds: null };
      const weighed = weigh({ kind: 'buy_sol', sol }, standing);
      if (weighed.kind === 'refused') return say(problemWords(weighed.problem, agent.symbol));
      return place(agent, weighed.quote);
    },
  };
}
