import { useMemo, useState } from 'react';
import { AgentName } from '../ui/agent-name.tsx';
import { exactPrice } from '../ui/exact.ts';
import { SolFigure } from '../ui/figure.tsx';
import { PriceText } from '../ui/price-text.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { useHeld } from '../ui/use-held.ts';
import { Gain } from './gain.tsx';
import { averageCost, gainBps, type Position, unrealisedOf } from './valuation.ts';

/** So many rows are shown at first. */
const FIRST = 30;

interface HoldingsProps {
  /** The most valuable first. */
  readonly open: readonly Position[];
  /** Sold out. */
  readonly closed: readonly Position[];
}

/** What the wallet holds, by value. Under the pointer the rows keep their places, while their figures go on. */
export function Holdings({ open, closed }: HoldingsProps) {
  const [all, showAll] = useState(false);
  const [withClosed, showClosed] = useState(false);
  const listed = withClosed ? [...open, ...closed] : open;
  const key = listed.map(({ agentId }) => agentId).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is what the key says
  const order = useMemo(() => listed.map(({ agentId }) => agentId), [key]);
  const { shown, handlers } = useHeld(order);
  const byAgent = new Map(listed.map((position) => [position.agentId, position]));
  const rows = shown.flatMap((agentId) => byAgent.get(agentId) ?? []);
  const more = rows.length - FIRST;
  return (
    <>
      {rows.length > 0 && (
        <table className="table holdings" {...handlers}>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col" className="number only-wide">
                Tokens
              </th>
              <th scope="col" className="number only-wide">
                Average cost
              </th>
              <th scope="col" className="number">
                Value
              </th>
              <th scope="col" className="number only-wide">
                Unrealised
              </th>
              <th scope="col" className="number only-wide">
                Realised
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, all ? undefined : FIRST).map((position) => (
              <HoldingRow key={position.agentId} position={position} />
            ))}
          </tbody>
        </table>
      )}
      {(closed.length > 0 || more > 0) && (
        <footer className="list-foot">
          {more > 0 && (
            <button type="button" className="button" onClick={() => showAll(!all)}>
              {all ? 'Show fewer' : `Show ${more} more`}
            </button>
          )}
          {closed.length > 0 && (
            <button
              type="button"
              className="button"
              aria-pressed={withClosed}
              onClick={() => showClosed(!withClosed)}
            >
              {withClosed ? 'Hide what was sold' : `Show ${closed.length} sold`}
            </button>
          )}
        </footer>
      )}
    </>
  );
}

function HoldingRow({ position }: { readonly position: Position }) {
  const { agentId, tokens, staked, realised } = position;
  const isSold = tokens === 0n;
  return (
    <tr data-agent={agentId}>
      <td>
        <AgentName
          agentId={agentId}
          narrowDetail={
            <>
              {isSold ? 'Sold' : <Tokens value={tokens} />}
              {staked > 0n && (
                <>
                  , <Tokens value={staked} /> staked
                </>
              )}
            </>
          }
        />
      </td>
      <td className="number only-wide">
        {isSold ? <span className="muted">Sold</span> : <Tokens value={tokens} />}
        {staked > 0n && (
          <div className="cell-line muted">
            <Tokens value={staked} /> staked
          </div>
        )}
      </td>
      <td className="number only-wide">
        <AverageCost position={position} />
      </td>
      <td className="number">
        <Value position={position} />
        <div className="cell-line only-narrow">
          {isSold ? <Gain value={realised} /> : <Unrealised position={position} />}
        </div>
      </td>
      <td className="number only-wide">{isSold ? <None /> : <Unrealised position={position} />}</td>
      <td className="number only-wide">{realised === 0n ? <None /> : <Gain value={realised} />}</td>
    </tr>
  );
}

const None = () => <span className="muted">–</span>;

function AverageCost({ position }: { readonly position: Position }) {
  const average = averageCost(position);
  if (average === null) return <None />;
  return (
    <span className="figure" title={exactPrice(average)}>
      <PriceText value={average} />
    </span>
  );
}

function Value({ position: { worth, tokens } }: { readonly position: Position }) {
  if (tokens === 0n) return <None />;
  switch (worth.kind) {
    case 'known':
      return <SolFigure value={worth.value} />;
    case 'graduated':
      return (
        <span className="tag" title="It has graduated and trades elsewhere: its value is not known here.">
          Graduated
        </span>
      );
    case 'waiting':
      return <span className="muted">…</span>;
    default:
      return worth satisfies never;
  }
}

function Unrealised({ position }: { readonly position: Position }) {
  const gain = unrealisedOf(position);
  return gain === null ? <None /> : <Gain value={gain} bps={gainBps(gain, position.cost)} />;
}
