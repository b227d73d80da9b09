import { useId, useState } from 'react';
import type { Reading } from './readings.ts';

interface TextSettingProps<T> {
  readonly label: string;
  /** What the setting does, below its label. */
  readonly hint?: string;
  readonly unit: string;
  /** As it is stored. */
  readonly text: string;
  readonly read: (text: string) => Reading<T>;
  readonly onStore: (value: T) => void;
}

/** A setting that is typed. What is fine is stored at once; what is not is said beside it, and nothing is stored. */
export function TextSetting<T>({ label, hint, unit, text, read, onStore }: TextSettingProps<T>) {
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  const reading = read(draft ?? text);
  const type = (typed: string): void => {
    setDraft(typed);
    const next = read(typed);
    if (next.kind === 'fine') onStore(next.value);
  };
  return (
    <div className="setting">
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <p className="setting-hint muted" id={`${id}-hint`}>
            {hint}
          </p>
        )}
      </div>
      <div className="setting-control">
        <div className="text-field text-field-unit">
          <input
            id={id}
            className="input input-figure"
            inputMode="decimal"
            autoComplete="off"
            value={draft ?? text}
            aria-invalid={reading.kind === 'wrong'}
            aria-describedby={hint === undefined ? `${id}-note` : `${id}-hint ${id}-note`}
            onChange={({ target }) => type(target.value)}
            onBlur={() => {
              if (reading.kind === 'fine') setDraft(null);
            }}
          />
          <span className="text-unit">{unit}</span>
        </div>
        <p className="field-note" id={`${id}-note`} role="status" data-tone="bad">
          {reading.kind === 'wrong' && `${reading.why} It stays ${text} ${unit}.`}
        </p>
      </div>
    </div>
  );
}
