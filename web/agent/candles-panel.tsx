import './chart/chart.css';
import { lazy, memo, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import type { CandleInterval } from '../../shared/inputs.ts';
import type { Candle } from '../../shared/view-schemas.ts';
import { INTERVAL_MS } from '../../shared/views/candles.ts';
import { trpc } from '../api.ts';
import { LiveCandles } from '../live/candles.ts';
import { useAgentHandle } from '../live/hooks.ts';
import { useOwnWallet, useServices } from '../services.ts';
import { patiently } from '../shell/patiently.ts';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { Tabs } from '../ui/tabs.tsx';
import { chartSummary, Legend } from './chart/legend.tsx';
import { marksOf } from './chart/marks.ts';
import { useMarkedTrades } from './use-marked-trades.ts';

/** The library that draws is larger than all the rest of the page, which need not wait for it. */
const ChartCanvas = lazy(() => patiently(() => import('./chart/chart-canvas.tsx')));

const INTERVALS: readonly CandleInterval[] = ['1s', '15s', '1m', '5m', '15m', '1h', '4h', '1d'];

interface CandlesPanelProps {
  readonly agentId: AgentId;
  readonly symbol: string;
  readonly creator: WalletAddress;
}

/** An agent's price over time, moved by every trade. It follows the market by itself, whatever the page around it does. */
export const CandlesPanel = memo(function CandlesPanel({ agentId, symbol, creator }: CandlesPanelProps) {
  const [interval, choose] = useState<CandleInterval>('1m');
  const choice = (
    <Tabs
      label="Candle length"
      options={INTERVALS}
      chosen={interval}
      titleOf={(option) => option}
      onChoose={choose}
    />
  );
  return (
    <Panel title="Price" aside={choice} className="price-panel">
      <Candles key={interval} agentId={agentId} symbol={symbol} creator={creator} interval={interval} />
    </Panel>
  );
});

interface CandlesProps extends CandlesPanelProps {
  readonly interval: CandleInterval;
}

function Candles({ agentId, symbol, creator, interval }: CandlesProps) {
  const { candles, error, retry } = useCandles(agentId, interval);
  const you = useOwnWallet();
  const trades = useMarkedTrades(agentId, creator, you);
  const marks = useMemo(() => marksOf(trades, interval, { creator, you }), [trades, interval, creator, you]);
  const [pointed, setPointed] = useState<Candle | null>(null);

  if (error !== null && candles === null) {
    return <Problem what="Price" detail={problemText(error)} onRetry={retry} />;
  }
  const last = candles?.at(-1);
  // The newest candle goes on changing under the pointer.
  const read = pointed === null || pointed.start === last?.start ? last : pointed;
  return (
    <div className="chart">
      <div className="chart-top">{read !== undefined && <Legend candle={read} />}</div>
      {candles?.length === 0 ? (
        <div className="chart-frame">
          <Empty title="No trades yet">The first trade draws the first candle.</Empty>
        </div>
      ) : (
        <div
          className="chart-frame"
          role="img"
          aria-label={chartSummary(symbol, candles ?? [], interval)}
          data-candles={candles?.length ?? 0}
        >
          <Suspense fallback={<ChartSkeleton />}>
            {candles === null ? (
              <ChartSkeleton />
            ) : (
              <ChartCanvas
                candles={candles}
                marks={marks}
                seconds={INTERVAL_MS[interval] < INTERVAL_MS['1m']}
                onPoint={setPointed}
              />
            )}
          </Suspense>
        </div>
      )}
      <footer className="chart-foot muted">
        <span>{you === null ? 'C: the creator’s trades' : 'B, S: your trades. C: the creator’s'}</span>
        <a
          href="https://www.tradingview.com/"
          target="_blank"
          rel="noreferrer"
          title="TradingView Lightweight Charts™, © 2025 TradingView, Inc."
        >
          Charts by TradingView
        </a>
      </footer>
    </div>
  );
}

/** The candles of an interval as they are in this frame; `null` until they have come. */
function useCandles(agentId: AgentId, interval: CandleInterval) {
  const { frames } = useServices();
  const handle = useAgentHandle(agentId);
  const { data, error, refetch } = trpc.candles.useQuery(
    { agentId, interval },
    // Trades carry the answer forward; an old one with a hole behind it must not come back.
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  const [live] = useState(() => new LiveCandles(interval, frames, () => void refetch()));
  useEffect(() => handle.listen(live.onItem), [handle, live]);
  useEffect(() => {
    if (data !== undefined) live.answer(data);
  }, [data, live]);
  const candles = useSyncExternalStore(live.subscribe, live.get);
  return { candles, error, retry: () => void refetch() };
}

/** Where the candles will be. */
function ChartSkeleton() {
  return <div className="chart-skeleton" />;
}
