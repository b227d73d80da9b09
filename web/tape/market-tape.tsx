import { useTrades } from '../live/hooks.ts';
import { LivePlaceholder } from '../ui/live-placeholder.tsx';
import { Empty } from '../ui/panel.tsx';
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
      placeholder={
        <LivePlaceholder what="Trades" rows={16} status={status} retry={retry}>
          <Empty title="No trades yet">Every buy and sell appears here the moment it is done.</Empty>
        </LivePlaceholder>
      }
    />
  );
}
