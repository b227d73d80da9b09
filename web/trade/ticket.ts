import { useMemo, useState } from 'react';
import type { Side } from '../../shared/curve.ts';
import { type Draft, type ReadDraft, readDraft, type Wanted } from './quote.ts';

/** In what a buy is counted. A sale is always counted in tokens. */
export type Unit = 'sol' | 'tokens';

/** What is filled in. Each way to trade keeps its own amount, so that going back and forth loses nothing. */
export interface Ticket {
  readonly side: Side;
  readonly unit: Unit;
  readonly draft: Draft;
  readonly read: ReadDraft;
  /** This very draft has been placed and has no answer yet. */
  readonly busy: boolean;
  readonly turn: (side: Side) => void;
  readonly countIn: (unit: Unit) => void;
  readonly type: (amount: string) => void;
  /** Fills in SOL to buy for, whatever was counted in before. */
  readonly spend: (amount: string) => void;
  /** Watches the draft being carried out: done, it is cleared, unless it was changed meanwhile. */
  readonly placed: (outcome: Promise<boolean>) => void;
}

type Drafts = Readonly<Record<Wanted['kind'], Draft>>;

const blank = (wanted: Wanted['kind']): Draft => ({ wanted, amount: '' });
const BLANKS: Drafts = { buy_sol: blank('buy_sol'), buy_tokens: blank('buy_tokens'), sell: blank('sell') };

/** A ticket that is empty at first. A draft is the same object until it is changed. */
export function useTicket(): Ticket {
  const [side, turn] = useState<Side>('buy');
  const [unit, countIn] = useState<Unit>('sol');
  const [drafts, setDrafts] = useState<Drafts>(BLANKS);
  const [underway, setUnderway] = useState<Draft | null>(null);
  const kind = kindOf(side, unit);
  const draft = drafts[kind];
  const fill = (wanted: Wanted['kind'], amount: string): void =>
    setDrafts((now) => ({ ...now, [wanted]: { wanted, amount } }));
  const read = useMemo(() => readDraft(draft), [draft]);
  return {
    side,
    unit,
    draft,
    read,
    busy: underway === draft,
    turn,
    countIn,
    type: (amount) => fill(kind, amount),
    spend: (amount) => {
      countIn('sol');
      fill('buy_sol', amount);
    },
    placed: (outcome) => {
      setUnderway(draft);
      void outcome.then((done) => {
        setUnderway((now) => (now === draft ? null : now));
        if (done) setDrafts((now) => (now[kind] === draft ? { ...now, [kind]: blank(kind) } : now));
      });
    },
  };
}

function kindOf(side: Side, unit: Unit): Wanted['kind'] {
  if (side === 'sell') return 'sell';
  return unit === 'sol' ? 'buy_sol' : 'buy_tokens';
}
