import { IMAGE_URL, tidied } from '../../shared/agent-rules.ts';
import {
  type Curve,
  INITIAL_CURVE,
  marketCap,
  spotPrice,
  TOTAL_SUPPLY,
  walletSol,
} from '../../shared/curve.ts';
import { formatSol, formatTokens } from '../../shared/format.ts';
import { Avatar } from '../ui/avatar.tsx';
import { exactPrice, exactSol, exactTokens } from '../ui/exact.ts';
import { shareText } from '../ui/percent.ts';
import { PriceText } from '../ui/price-text.tsx';
import type { Draft, FirstBuy } from './draft.ts';

interface PreviewProps {
  readonly draft: Draft;
  readonly firstBuy: FirstBuy;
}

/** The agent as it will be shown, and what its first buy does. */
export function Preview({ draft, firstBuy }: PreviewProps) {
  const { symbol, imageUrl } = draft;
  const image = IMAGE_URL.accepts(imageUrl.trim()) ? imageUrl.trim() : null;
  const name = tidied(draft.name);
  const purpose = tidied(draft.purpose);
  return (
    <>
      <div className="preview-who">
        {/* Its own face is drawn from its mint, which it does not have yet. */}
        <Avatar key={image} seed={`new agent ${symbol}`} imageUrl={image} size="large" />
        <div className="preview-names">
          <p className="preview-symbol">{symbol === '' ? <span className="muted">SYMBOL</span> : symbol}</p>
          <p className="muted">{name === '' ? 'Its name' : name}</p>
        </div>
      </div>
      {purpose !== '' && <p className="preview-purpose">{purpose}</p>}
      {image === null && (
        <p className="muted preview-note">Without an image it gets a face of its own when it is created.</p>
      )}
      <dl className="sums">
        <PriceSums curve={INITIAL_CURVE} when="at the start" />
        {firstBuy.kind === 'bought' && <FirstBuySums firstBuy={firstBuy} />}
      </dl>
    </>
  );
}

function FirstBuySums({ firstBuy: { fill } }: { readonly firstBuy: Extract<FirstBuy, { kind: 'bought' }> }) {
  const { tokens, sol, protocolFee, creatorFee, after } = fill;
  return (
    <>
      <div className="sums-total">
        <dt>You get</dt>
        <dd className="figure" title={exactTokens(tokens)}>
          {formatTokens(tokens)} tokens
        </dd>
      </div>
      <div>
        <dt>Of the supply</dt>
        <dd className="figure">{shareText(tokens, TOTAL_SUPPLY)}</dd>
      </div>
      <div>
        <dt>On the curve</dt>
        <dd className="figure" title={exactSol(sol)}>
          {formatSol(sol)} SOL
        </dd>
      </div>
      <div>
        <dt>Protocol fee</dt>
        <dd className="figure" title={exactSol(protocolFee)}>
          {formatSol(protocolFee)} SOL
        </dd>
      </div>
      <div>
        <dt>Creator fee, to yourself</dt>
        <dd className="figure" title={exactSol(creatorFee)}>
          {formatSol(creatorFee)} SOL
        </dd>
      </div>
      <div className="sums-total">
        <dt>You pay</dt>
        <dd className="figure" title={exactSol(walletSol(fill))}>
          {formatSol(walletSol(fill))} SOL
        </dd>
      </div>
      <PriceSums curve={after} when="after it" />
      {after.realTokens === 0n && (
        <p className="field-note" data-tone="warn">
          That buys the whole curve: the agent graduates at once.
        </p>
      )}
    </>
  );
}

function PriceSums({ curve, when }: { readonly curve: Curve; readonly when: string }) {
  const price = spotPrice(curve);
  const cap = marketCap(price);
  return (
    <>
      <div>
        <dt>Price {when}</dt>
        <dd className="figure" title={exactPrice(price)}>
          <PriceText value={price} /> SOL
        </dd>
      </div>
      <div>
        <dt>Market cap {when}</dt>
        <dd className="figure" title={exactSol(cap)}>
          {formatSol(cap)} SOL
        </dd>
      </div>
    </>
  );
}
