import type { ApiClient } from '../../shared/client/index.ts';
import type { AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, ClientOrderId, VaultId } from '../../shared/ids.ts';
import type { OrderTerms } from './quote.ts';

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
