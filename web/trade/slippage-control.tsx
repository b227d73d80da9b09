import { useId, useState } from 'react';
import { formatBps } from '../../shared/format.ts';
import { useServices, useSetting } from '../services.ts';
import { bpsText, readPercent } from '../settings/readings.ts';
import { SLIPPAGE_MAX_BPS } from '../settings/settings.ts';

const PRESETS_BPS = [50, 100, 250];

/** How much worse than quoted a trade may come out; it is kept in the settings. */
export function SlippageControl() {
  const { settings } = useServices();
  const slippageBps = useSetting((now) => now.slippageBps);
  /** While it is written; `null` when it is not. */
  const [text, setText] = useState<string | null>(null);
  const id = useId();
  const isPreset = PRESETS_BPS.includes(slippageBps);
  const stored = isPreset ? '' : bpsText(slippageBps);
  const type = (next: string): void => {
    setText(next);
    const read = readPercent(next);
    if (read.kind === 'fine') settings.setState({ slippageBps: read.value });
  };
  const choose = (bps: number): void => {
    setText(null);
    settings.setState({ slippageBps: bps });
  };
  return (
    <fieldset className="slippage" aria-describedby={id}>
      <legend className="visually-hidden">Slippage limit</legend>
      <span className="slippage-name" aria-hidden="true">
        Slippage limit
      </span>
      {PRESETS_BPS.map((bps) => (
        <button
          key={bps}
          type="button"
          className="tab figure"
          aria-pressed={bps === slippageBps}
          onClick={() => choose(bps)}
        >
          {formatBps(bps)}
        </button>
      ))}
      <span className="slippage-custom" data-chosen={!isPreset}>
        <input
          className="input input-figure"
          inputMode="decimal"
          autoComplete="off"
          aria-label="Another slippage limit, in per cent"
          placeholder="Other"
          value={text ?? stored}
          aria-invalid={text !== null && text !== '' && readPercent(text).kind === 'wrong'}
          onChange={({ target }) => type(target.value)}
          onBlur={() => setText(null)}
          // Enter is for the amount: here it must not place an order.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
        <span aria-hidden="true">%</span>
      </span>
      <span id={id} className="visually-hidden">
        Nothing is traded when the price moves by more than this. From 0.01 to {bpsText(SLIPPAGE_MAX_BPS)} per
        cent.
      </span>
    </fieldset>
  );
}
