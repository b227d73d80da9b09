import './live.css';
import { useEffect, useId, useRef } from 'react';
import type { ConnectionState } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';
import { usePageNow, useServices } from '../services.ts';
import { mayAnimate } from '../ui/motion.ts';
import { LiveCard } from './live-card.tsx';
import { useDisclosure } from './use-disclosure.ts';
import { ageWords } from './words.ts';

interface LiveIndicatorProps {
  readonly size?: 'sm' | 'md' | 'lg';
  /** Without it the state is still in the button's name. */
  readonly showText?: boolean;
  readonly className?: string;
}

const WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  reconnecting: 'Reconnecting',
  ended: 'Ended',
};

/** How live the page is, at a glance; pointed at, focused or pressed it says how it knows. */
export function LiveIndicator({ size = 'md', showText = true, className = '' }: LiveIndicatorProps) {
  const { state } = useConnection();
  const { isOpen, rootProps, buttonProps } = useDisclosure();
  const card = useId();
  const dot = usePulse();
  const word = WORDS[state];
  return (
    <div className={`live live-${size} ${className}`} data-state={state} {...rootProps}>
      <button
        type="button"
        className="live-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? card : undefined}
        {...buttonProps}
      >
        <span className="live-dot" ref={dot} aria-hidden="true" />
        <span className={showText ? 'live-word' : 'visually-hidden'}>{word}</span>
        {showText && <MessageAge />}
        <span className="visually-hidden">, connection details</span>
      </button>
      {isOpen && <LiveCard id={card} word={word} />}
    </div>
  );
}

/** Nothing before the first message. */
function MessageAge() {
  const { clock, connection } = useServices();
  const now = usePageNow(clock);
  if (connection.messageAt === null) return null;
  return <span className="live-age">{ageWords(now, connection.messageAt)}</span>;
}

/** A ring spreads from the dot in each second that brought a message. */
function usePulse() {
  const { clock, connection } = useServices();
  const dot = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let seen = connection.messageAt;
    return clock.subscribe(() => {
      if (connection.messageAt === seen) return;
      seen = connection.messageAt;
      if (dot.current === null || document.hidden || !mayAnimate(dot.current)) return;
      dot.current.animate(PULSE, { duration: 900, easing: 'ease-out', pseudoElement: '::after' });
    });
  }, [clock, connection]);
  return dot;
}

const PULSE = [
  { opacity: 0.5, transform: 'scale(1)' },
  { opacity: 0, transform: 'scale(2.25)' },
];
