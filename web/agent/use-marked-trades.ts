import { useEffect, useMemo, useState } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { trpc } from '../api.ts';
import { useAccount, useAgentHandle } from '../live/hooks.ts';
import { mergeTrades } from '../tape/merge.ts';

/** How far back the trades of others are looked through, and the most that are kept. */
const LOOKED_THROUGH = 200;
const NONE: readonly TradeExecuted[] = [];

/** The trades in an agent that a wallet or its creator made lately, newest first: asked for, the account's, and live ones. */
export function useMarkedTrades(
  agentId: AgentId,
  creator: WalletAddress,
  you: string | null,
): readonly TradeExecuted[] {
  const handle = useAgentHandle(agentId);
  const [live, setLive] = useState(NONE);
  useEffect(
    () =>
      handle.listen(({ data }) => {
        if (data.type !== 'trade_executed') return;
        if (data.trader !== creator && data.trader !== you) return;
        setLive((before) => [data, ...before].slice(0, LOOKED_THROUGH));
      }),
    [handle, creator, you],
  );
  const asked = trpc.trades.useQuery({ agentId, limit: LOOKED_THROUGH }, { staleTime: Infinity }).data
    ?.trades;
  const fills = useAccount().view?.fills;
  return useMemo(() => {
    const marked = (trade: TradeExecuted): boolean =>
      trade.agentId === agentId && (trade.trader === creator || trade.trader === you);
    return mergeTrades([live, asked ?? NONE, fills ?? NONE], marked, LOOKED_THROUGH);
  }, [live, asked, fills, agentId, creator, you]);
}
