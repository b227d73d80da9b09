import { useEffect, useState, useSyncExternalStore } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import type { CandleInterval } from '../../shared/inputs.ts';
import { INTERVAL_MS } from '../../shared/views/candles.ts';
import { trpc } from '../api.ts';
import { LiveCandles } from '../live/candles.ts';
import { useAgentHandle } from '../live/hooks.ts';
import { useServices } from '../services.ts';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { PriceChart } from './price-chart.tsx';

const INTERVALS: readonly CandleInterval[] = ['1s', '15s', '1m', '5m', '1h'];

/** An agent's price over time, moved by every trade. */
export function CandlesPanel({ agentId }: { readonly agentId: AgentId }) {
  const [interval, setInterval] = useState<CandleInterval>('1m');
  const choice = (
    <Tabs
      label="Candle length"
      options={INTERVALS}
      chosen={interval}
      titleOf={(option) => option}
      onChoose={setInterval}
    />
  );
  return (
    <Panel title="Price" aside={choice} className="price-panel">
      <Candles key={`${agentId} ${interval}`} agentId={agentId} interval={interval} />
    </Panel>
  );
}

interface CandlesProps {
  readonly agentId: AgentId;
  readonly interval: CandleInterval;
}

function Candles({ agentId, interval }: CandlesProps) {
  const { frames } = useServices();
  const handle = useAgentHandle(agentId);
  const query = trpc.candles.useQuery(
    { agentId, interval },
    // Trades carry the answer forward; an old one with a hole behind it must not come back.
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  const { data, error, refetch } = query;
  const [live] = useState(() => new LiveCandles(interval, frames, () => void refetch()));
  useEffect(() => handle.listen(live.onItem), [handle, live]);
  useEffect(() => {
    if (data !== undefined) live.answer(data);
  }, [data, live]);
  const candles = useSyncExternalStore(live.subscribe, live.get);

  if (error !== null && candles === null) {
    return <Problem what="Price" detail={error.message} onRetry={() => void refetch()} />;
  }
  if (candles?.length === 0) {
    return <Empty title="No trades yet">The first trade draws the first candle.</Empty>;
  }
  // While the answer is on its way the frame is there already, empty.
  return <PriceChart candles={candles ?? []} seconds={INTERVAL_MS[interval] < INTERVAL_MS['1m']} />;
}
