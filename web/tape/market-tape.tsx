import { useTrades } from '../live/hooks.ts';
import { Empty, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useSymbols } from '../ui/symbols.tsx';
import { Tape } from './tape.tsx';
import { useTapeRows } from './use-tape-rows.ts';

/** Every trade of the market. */
export function MarketTape() {
  const { view, events, status, retry } = useTrades();
  const symbols = useSymbols();
  return (
    <Tape
      title="Trades"
      rows={useTapeRows(view)}
      total={events}
      symbols={symbols}
      placeholder={<TapePlaceholder status={status} retry={retry} />}
    />
  );
}

function TapePlaceholder({ status, retry }: Pick<ReturnType<typeof useTrades>, 'status' | 'retry'>) {
  switch (status.kind) {
    case 'waiting':
      return <SkeletonRows rows={16} label="Loading trades" />;
    case 'ended':
      return <Problem what="Trades" detail={status.error.message} onRetry={retry} />;
    case 'live':
      return <Empty title="No trades yet">Every buy and sell appears here the moment it is done.</Empty>;
    default:
      return status satisfies never;
  }
}
