import { Check, Copy, X } from 'lucide-react';
import { useEffect, useState } from 'react';

type Outcome = 'none' | 'copied' | 'failed';
const SHOWN_MS = 1_500;
const ICONS = { none: Copy, copied: Check, failed: X } as const;

interface CopyButtonProps {
  readonly value: string;
  /** What is copied, as the end of "Copy …". */
  readonly what: string;
}

/** Puts a text on the clipboard, and says for a moment whether that worked. */
export function CopyButton({ value, what }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setOutcome('copied');
    } catch {
      // It may be forbidden, and is not there at all on an address that is not secure.
      setOutcome('failed');
    }
  };
  const Icon = ICONS[outcome];
  return (
    <button
      type="button"
      className="icon-button copy-button"
      aria-label={`Copy ${what}`}
      data-outcome={outcome}
      onClick={() => void copy()}
    >
      <Icon size={14} aria-hidden="true" />
      <span className="visually-hidden" role="status">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'failed' && 'Could not be copied'}
      </span>
    </button>
  );
}
