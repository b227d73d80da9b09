import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Curve, fillBuyTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import { agentId } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { type AskQuote, QuoteConfirmation, type Quoted } from '../../web/trade/confirmation.ts';
import { fillOf, type Wanted } from '../../web/trade/quote.ts';
import { Gate } from '../support/gate.ts';

const WANTED: Wanted = { kind: 'buy_sol', sol: sol('1') };
/** The reserves after entry `seq`: each bought a little. */
const curveAt = (seq: number): Curve => fillBuyTokens(INITIAL_CURVE, tokens(`${seq}000`)).after;
const at = (seq: number, wanted: Wanted = WANTED): Quoted => ({
  agentId: agentId('1'),
  wanted,
  curve: curveAt(seq),
  seq,
});

type Answer = Awaited<ReturnType<AskQuote>>;
function answerAt(seq: number, wanted = WANTED): Answer {
  const fill = fillOf(curveAt(seq), wanted);
  if ('reason' in fill) throw new Error(fill.reason);
  return { fill, seq };
}

describe('what the server says of a quote', () => {
  let asked: { quoted: Quoted; signal: AbortSignal; answer: Gate<Answer> }[];
  let confirmation: QuoteConfirmation;
  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    confirmation = new QuoteConfirmation((quoted, signal) => {
      const answer = new Gate<Answer>();
      asked.push({ quoted, signal, answer });
      return answer.opened;
    });
  });
  afterEach(() => vi.useRealTimers());
  const state = () => confirmation.get().kind;
  const answer = async (index: number, given: Answer): Promise<void> => {
    asked[index]?.answer.open(given);
    await vi.advanceTimersByTimeAsync(0);
  };

  it('is asked for when the draft has settled, and compared on the same reserves', async () => {
    expect(state()).toBe('none');
    confirmation.quote(at(5));
    vi.advanceTimersByTime(200);
    confirmation.quote(at(5, { kind: 'buy_sol', sol: sol('12') }));
    vi.advanceTimersByTime(200);
    expect(asked).toHaveLength(0);
    expect(state()).toBe('asking');
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    expect(asked.map(({ quoted }) => quoted.wanted)).toEqual([WANTED]);
    // More trades have come before the answer, which rests on the first of them.
    confirmation.quote(at(6));
    confirmation.quote(at(7));
    await answer(0, answerAt(6));
    expect(state()).toBe('confirmed');
  });

  it('is asked for again when there were trades, at most once a second', async () => {
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    await answer(0, answerAt(5));
    for (let seq = 6; seq < 106; seq += 1) {
      confirmation.quote(at(seq));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(asked).toHaveLength(2);
    expect(asked[1]?.quoted.seq).toBe(105);
    // It stays confirmed meanwhile: the line does not flicker.
    expect(state()).toBe('confirmed');
    confirmation.quote(at(106));
    await answer(1, answerAt(105));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(3);
    await answer(2, answerAt(106));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
  });

  it('is said plainly when it is something else, with its fill', async () => {
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    const theirs = { ...answerAt(6), seq: 5 };
    await answer(0, theirs);
    expect(confirmation.get()).toEqual({ kind: 'differs', ...theirs });
    confirmation.quote(at(6));
    await vi.advanceTimersByTimeAsync(1_000);
    await answer(1, answerAt(6));
    expect(state()).toBe('confirmed');
  });

  it('says nothing of reserves that were never seen here, and is asked for again', async () => {
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    await answer(0, answerAt(40));
    expect(state()).toBe('asking');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(2);
  });

  it('is of the last draft only', async () => {
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    confirmation.quote(at(5, { kind: 'sell', tokens: tokens('1') }));
    expect(asked[0]?.signal.aborted).toBe(true);
    await answer(0, answerAt(5));
    expect(state()).toBe('asking');
    confirmation.quote(null);
    expect(state()).toBe('none');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
  });

  it('may fail without taking the quote away', async () => {
    confirmation.quote(at(5));
    vi.advanceTimersByTime(300);
    asked[0]?.answer.fail(new Error('lost'));
    await vi.advanceTimersByTimeAsync(0);
    expect(state()).toBe('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    await answer(1, answerAt(5));
    expect(state()).toBe('confirmed');
  });
});
