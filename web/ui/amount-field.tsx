import './amount-field.css';
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react';

interface AmountFieldProps {
  readonly label: string;
  /** Only for screen readers, where what is around it says the same. */
  readonly isLabelHidden?: boolean;
  /** What is counted: "SOL", a symbol. */
  readonly unit: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Beside the label: what there is of it. */
  readonly aside?: ReactNode;
  /** Fills in all there is; left out where that is not known. */
  readonly onMax?: (() => void) | undefined;
  /** Below it, and read out with it. Its line is there without it too. */
  readonly note?: AmountNote | null;
  /** Between the amount and its note: short ways to an amount. */
  readonly children?: ReactNode;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly disabled?: boolean;
}

export interface AmountNote {
  readonly tone: 'plain' | 'warn' | 'bad';
  readonly text: string;
}

/** An amount as decimal text; `readAmount` makes an amount of it. It never changes what was typed. */
export function AmountField({
  label,
  isLabelHidden = false,
  unit,
  value,
  onChange,
  aside,
  onMax,
  note = null,
  inputRef,
  onKeyDown,
  disabled = false,
  children,
}: AmountFieldProps) {
  const id = useId();
  return (
    <div className="field amount-field">
      <div className={isLabelHidden ? 'visually-hidden' : 'field-label'}>
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      <div className="amount">
        <input
          id={id}
          ref={inputRef}
          className="input input-figure"
          inputMode="decimal"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          placeholder="0"
          value={value}
          disabled={disabled}
          aria-invalid={note?.tone === 'bad'}
          aria-describedby={`${id}-unit ${id}-note`}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="amount-side">
          {onMax !== undefined && (
            <button type="button" className="amount-max" disabled={disabled} onClick={onMax}>
              Max
            </button>
          )}
          <span id={`${id}-unit`}>{unit}</span>
        </div>
      </div>
      {children}
      <p className="field-note" id={`${id}-note`} data-tone={note?.tone}>
        {note?.text}
      </p>
    </div>
  );
}
