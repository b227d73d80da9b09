import { ArrowRight, Vault } from 'lucide-react';
import { formatMarketCap } from '../../../shared/format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { exactSol } from '../../ui/exact.ts';
import type { Result } from './results.ts';

interface ResultRowProps {
  readonly id: string;
  readonly result: Result;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

/** One thing that was found. The keys are those of the field that it belongs to. */
export function ResultRow({ id, result, chosen, onPoint, onChoose }: ResultRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      className="search-row"
      role="option"
      id={id}
      aria-selected={chosen}
      onPointerMove={chosen ? undefined : onPoint}
      onClick={onChoose}
    >
      <Words result={result} />
    </div>
  );
}

function Words({ result }: { readonly result: Result }) {
  switch (result.kind) {
    case 'agent': {
      const { mint, imageUrl, symbol, name, marketCap } = result.agent;
      return (
        <>
          <Avatar seed={mint} imageUrl={imageUrl} size="small" />
          <span className="search-name">
            <b>{symbol}</b> <span className="muted">{name}</span>
          </span>
          <span className="figure" title={exactSol(marketCap)}>
            {formatMarketCap(marketCap)}
          </span>
        </>
      );
    }
    case 'vault': {
      const { name, netAssetValue } = result.vault;
      return (
        <>
          <span className="search-icon">
            <Vault size={16} aria-hidden="true" />
          </span>
          <span className="search-name">
            <b>{name}</b>
          </span>
          <span className="figure" title={exactSol(netAssetValue)}>
            {formatMarketCap(netAssetValue)}
          </span>
        </>
      );
    }
    case 'page':
      return (
        <>
          <span className="search-icon">
            <ArrowRight size={16} aria-hidden="true" />
          </span>
          <span className="search-name">{result.place.label}</span>
        </>
      );
    default:
      return result satisfies never;
  }
}
