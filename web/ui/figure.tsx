import { type ReactNode, useEffect, useRef } from 'react';
import { formatMarketCap, formatSol } from '../../shared/format.ts';
import type { Lamports, Price } from '../../shared/units.ts';
import { exactPrice, exactSol } from './exact.ts';
import { mayAnimate } from './motion.ts';
import { PriceText } from './price-text.tsx';

/** A number flashes at most three times a second. */
const FLASH_EVERY_MS = 334;
const FLASH_MS = 300;

interface FigureProps {
  /** What the number is made from; a change of it flashes. */
  readonly value: bigint;
  /** The exact value, as a tooltip. */
  readonly exact: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A number that changes: its own background flashes once when it does, and nothing moves. */
function Figure({ value, exact, className = '', children }: FigureProps) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(value);
  const flashedAt = useRef(0);
  useEffect(() => {
    const before = shown.current;
    shown.current = value;
    if (before === value || element.current === null || !mayAnimate(element.current)) return;
    const now = performance.now();
    if (now - flashedAt.current < FLASH_EVERY_MS) return;
    flashedAt.current = now;
    const colour = value > before ? 'var(--flash-up)' : 'var(--flash-down)';
    element.current.animate([{ backgroundColor: colour }, { backgroundColor: 'transparent' }], FLASH_MS);
  }, [value]);
  return (
    <span ref={element} className={`figure ${className}`} title={exact}>
      {children}
    </span>
  );
}

export function PriceFigure({ value, className }: { readonly value: Price; readonly className?: string }) {
  return (
    <Figure value={value} exact={exactPrice(value)} {...(className === undefined ? {} : { className })}>
      <PriceText value={value} />
    </Figure>
  );
}

export function MarketCapFigure({ value }: { readonly value: Lamports }) {
  return (
    <Figure value={value} exact={exactSol(value)}>
      {formatMarketCap(value)}
    </Figure>
  );
}

export function SolFigure({ value }: { readonly value: Lamports }) {
  return (
    <Figure value={value} exact={exactSol(value)}>
      {formatSol(value)}
    </Figure>
  );
}
