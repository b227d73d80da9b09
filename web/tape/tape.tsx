import './tape.css';
import { Pause, Play } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { WalletAddress } from '../../shared/ids.ts';
import type { TapeRow } from '../orders/tape-rows.ts';
import { useOwnWallet } from '../services.ts';
import { Panel } from '../ui/panel.tsx';
import type { Symbols } from '../ui/symbols.tsx';
import { useHeld } from '../ui/use-held.ts';
import { useArrivals } from './arrivals.ts';
import { TapeRowView } from './tape-row.tsx';
import type { WalletLabel } from './wallet-labels.ts';

/** What a tape shows: rows, newest first, and how many there have been, to count what waits. */
export interface TapeList {
  readonly rows: readonly TapeRow[];
  readonly total: number;
}

interface TapeProps extends TapeList {
  readonly title: string;
  /** Names what is listed: when that changes the tape runs again. */
  readonly list?: string;
  /** Names the agent of each row, on a tape of more than one. */
  readonly symbols?: Symbols;
  /** Says who the traders are, on a tape that shows them. */
  readonly labelsOf?: (wallet: WalletAddress) => readonly WalletLabel[];
  /** Below the title. */
  readonly toolbar?: ReactNode;
  /** Instead of the rows, where there are none. */
  readonly placeholder: ReactNode;
}

/** As many as fit with room to spare; the others are there as soon as it stands still. */
const RUNNING_ROWS = 40;

/** Trades as they come. It stands still under the pointer, with the focus or when told to, and then catches up at once. */
export function Tape({ title, list = '', rows, total, symbols, labelsOf, toolbar, placeholder }: TapeProps) {
  const live = useMemo(() => ({ rows, total }), [rows, total]);
  const [stopped, setStopped] = useState<TapeList | null>(null);
  const { shown, isHeld, release, handlers } = useHeld(stopped ?? live);
  const [listed, setListed] = useState(list);
  if (listed !== list) {
    setListed(list);
    setStopped(null);
  }
  const stands = isHeld || stopped !== null;
  const waiting = total - shown.total;
  const run = (): void => {
    setStopped(null);
    release();
  };
  return (
    <Panel
      title={title}
      className="tape"
      aside={
        <span className="tape-pace">
          {stands && (
            <button type="button" className="waiting" onClick={run}>
              {waiting > 0 ? `${waiting} new` : 'Paused'}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label="Pause the tape"
            aria-pressed={stopped !== null}
            onClick={() => (stopped === null ? setStopped(shown) : run())}
          >
            {stopped === null ? (
              <Pause size={16} aria-hidden="true" />
            ) : (
              <Play size={16} aria-hidden="true" />
            )}
          </button>
        </span>
      }
    >
      {toolbar}
      {shown.rows.length === 0 ? (
        placeholder
      ) : (
        <Rows
          key={list}
          title={title}
          rows={stands ? shown.rows : shown.rows.slice(0, RUNNING_ROWS)}
          symbols={symbols}
          labelsOf={labelsOf}
          handlers={handlers}
        />
      )}
    </Panel>
  );
}

/** Of a tape that shows the traders; a screen reader hears each row as a whole. */
const COLUMNS = ['Side', 'SOL', 'Tokens', 'Price', 'Trader', 'Age'];

interface RowsProps {
  readonly title: string;
  readonly rows: readonly TapeRow[];
  readonly symbols: Symbols | undefined;
  readonly labelsOf: TapeProps['labelsOf'] | undefined;
  readonly handlers: ReturnType<typeof useHeld>['handlers'];
}

function Rows({ title, rows, symbols, labelsOf, handlers }: RowsProps) {
  const list = useRef<HTMLOListElement>(null);
  const you = useOwnWallet();
  useArrivals(list, rows);
  const tape = (
    <ol
      ref={list}
      className="tape-rows"
      data-traders={labelsOf !== undefined}
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
      tabIndex={0}
      {...handlers}
    >
      {rows.map(({ key, ...row }) => (
        <TapeRowView
          key={key}
          {...row}
          isOwn={row.trader === you}
          {...(symbols === undefined ? {} : { symbol: symbols.of(row.agentId) })}
          {...(labelsOf === undefined ? {} : { label: labelsOf(row.trader)[0]?.text ?? '' })}
        />
      ))}
    </ol>
  );
  return labelsOf === undefined ? (
    tape
  ) : (
    <>
      <div className="tape-columns" aria-hidden="true">
        {COLUMNS.map((column) => (
          <span key={column}>{column}</span>
        ))}
      </div>
      {tape}
    </>
  );
}
