// @vitest-environment happy-dom

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { fillBuyTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import { agentId, walletAddress } from '../../shared/ids.ts';
import { lamports, sol, tokens } from '../../shared/units.ts';
import { trpc } from '../../web/api.ts';
import { stableKey } from '../../web/live/keys.ts';
import { tapeRows } from '../../web/orders/tape-rows.ts';
import { AgentTape } from '../../web/tape/agent-tape.tsx';
import { arrivedBefore } from '../../web/tape/arrivals.ts';
import { ALL_TRADES, isShown } from '../../web/tape/filter.ts';
import { mergeTrades } from '../../web/tape/merge.ts';
import { Tape } from '../../web/tape/tape.tsx';
import { labelsOf } from '../../web/tape/wallet-labels.ts';
import { tradeExecuted, WALLETS } from '../support/entries.ts';
import { FakeMarket, frame, pass, tapeSnapshot, tradeItem, withFakeTime } from './fixture.tsx';

withFakeTime();

const [CREATOR, TRADER, ME] = WALLETS.map(walletAddress);
if (CREATOR === undefined || TRADER === undefined || ME === undefined) throw new Error('three wallets');
const ONE = agentId('1');
const newest = (count: number) => Array.from({ length: count }, (_, index) => tradeExecuted(count - index));
const rowsOf = (count: number) => tapeRows(newest(count), []);
const seqs = () =>
  [...document.querySelectorAll<HTMLElement>('.tape-row')].map(({ dataset }) => Number(dataset['seq']));

describe('a filter of the tape', () => {
  const buy = { side: 'buy', trader: TRADER, sol: sol('1') } as const;
  const sale = { side: 'sell', trader: ME, sol: sol('0.05') } as const;

  it('lets through sides, sizes from its own on, and what is one’s own', () => {
    expect(isShown(sale, ALL_TRADES, null)).toBe(true);
    expect(isShown(buy, { side: 'buy', atLeast: '1' }, null)).toBe(true);
    expect(isShown({ ...buy, sol: lamports(sol('1') - 1n) }, { side: 'buy', atLeast: '1' }, null)).toBe(
      false,
    );
    expect(isShown(sale, { side: 'buy', atLeast: '0' }, null)).toBe(false);
    expect(isShown(sale, { side: 'sell', atLeast: '0' }, null)).toBe(true);
    expect(isShown(sale, { side: 'own', atLeast: '0' }, ME)).toBe(true);
    expect(isShown(sale, { side: 'own', atLeast: '0.1' }, ME)).toBe(false);
    expect(isShown(buy, { side: 'own', atLeast: '0' }, ME)).toBe(false);
    expect(isShown(buy, { side: 'own', atLeast: '0' }, null)).toBe(false);
  });

  it('takes from several lists each trade once, the newest ones, newest first', () => {
    const [third, second, first] = newest(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three trades');
    const merged = mergeTrades(
      [
        [second, first],
        [third, second],
      ],
      () => true,
      2,
    );
    expect(merged.map(({ seq }) => seq)).toEqual([3, 2]);
    expect(mergeTrades([[third, second, first]], ({ seq }) => seq < 3, 9)).toEqual([second, first]);
  });
});

describe('labels of wallets', () => {
  it('are all that a wallet is, the viewer’s own first', () => {
    const known = { creator: CREATOR, you: CREATOR, vaults: new Map([[TRADER, 'Night desk']]) };
    expect(labelsOf(CREATOR, known).map(({ text }) => text)).toEqual(['You', 'Creator']);
    expect(labelsOf(TRADER, known)).toEqual([{ kind: 'vault', text: 'Vault Night desk' }]);
    expect(labelsOf(ME, known)).toEqual([]);
  });
});

describe('arrivals', () => {
  it('are the rows in front of what was the first', () => {
    const rows = ['c', 'b', 'a'].map((key) => ({ key }));
    expect(arrivedBefore('a', rows)).toBe(2);
    expect(arrivedBefore('c', rows)).toBe(0);
    expect(arrivedBefore('gone', rows)).toBeNull();
    expect(arrivedBefore(undefined, rows)).toBeNull();
  });

  it('slide in while they are few and far between', () => {
    const animate = vi.fn();
    Object.defineProperty(Element.prototype, 'animate', { configurable: true, value: animate });
    try {
      const market = new FakeMarket();
      const tape = (count: number) => (
        <Tape title="Trades" rows={rowsOf(count)} total={count} placeholder="" />
      );
      const { rerender } = render(tape(3), { wrapper: market.Provider });
      expect(animate).toHaveBeenCalledTimes(0);
      pass(1_000);
      rerender(tape(5));
      expect(animate).toHaveBeenCalledTimes(2);
      pass(1_000);
      rerender(tape(11));
      expect(animate).toHaveBeenCalledTimes(2);
      pass(1_000);
      rerender(tape(12));
      expect(animate).toHaveBeenCalledTimes(3);
      // One after another too soon to be seen.
      frame();
      rerender(tape(13));
      expect(animate).toHaveBeenCalledTimes(3);
    } finally {
      Reflect.deleteProperty(Element.prototype, 'animate');
    }
  });
});

describe('a tape', () => {
  it('renders what fits while it runs and everything while it stands, counts what waits and catches up', () => {
    const market = new FakeMarket();
    const tape = (count: number) => <Tape title="Trades" rows={rowsOf(count)} total={count} placeholder="" />;
    const { rerender } = render(tape(100), { wrapper: market.Provider });
    const running = seqs().length;
    expect(running).toBeLessThan(100);
    fireEvent.click(screen.getByRole('button', { name: 'Pause the tape' }));
    screen.getByRole('button', { name: 'Paused' });
    expect(seqs()).toHaveLength(100);
    rerender(tape(107));
    expect(seqs()[0]).toBe(100);
    fireEvent.click(screen.getByRole('button', { name: '7 new' }));
    expect(seqs()[0]).toBe(107);
    expect(seqs()).toHaveLength(running);
    expect(screen.getByRole('button', { name: 'Pause the tape' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('runs again when something else is listed', () => {
    const market = new FakeMarket();
    const tape = (list: string, count: number) => (
      <Tape title="Trades" list={list} rows={rowsOf(count)} total={count} placeholder="" />
    );
    const { rerender } = render(tape('all', 2), { wrapper: market.Provider });
    fireEvent.click(screen.getByRole('button', { name: 'Pause the tape' }));
    rerender(tape('all', 3));
    expect(seqs()).toEqual([2, 1]);
    rerender(tape('buys', 3));
    expect(seqs()).toEqual([3, 2, 1]);
  });
});

/** A market whose queries get no answer. */
function opened(): {
  readonly market: FakeMarket;
  readonly wrapper: (props: { children: ReactNode }) => ReactNode;
} {
  const market = new FakeMarket();
  const queries = new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: stableKey } } });
  const client = createTRPCClient<AppRouter>({ links: [() => () => observable(() => undefined)] });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>
        <market.StrictProvider>{children}</market.StrictProvider>
      </QueryClientProvider>
    </trpc.Provider>
  );
  return { market, wrapper };
}

describe("an agent's tape", () => {
  const fill = fillBuyTokens(INITIAL_CURVE, tokens('1000'));
  const expected = { agentId: ONE, trader: ME, fill, mostSol: sol('1'), seq: 2 };
  const agent = { agentId: ONE, creator: CREATOR, trades: 2 };

  it('shows an order on its way, which becomes its trade in the same row', async () => {
    const { market, wrapper } = opened();
    market.session.isOf(ME);
    const { rerender } = render(<AgentTape agent={agent} trades={newest(2)} />, { wrapper });
    const echo = tradeExecuted(3, { trader: ME, tokens: fill.tokens, sol: fill.sol });
    let answer: (trade: typeof echo) => void = () => undefined;
    const sent = new Promise<typeof echo>((resolve) => {
      answer = resolve;
    });
    act(() => {
      void market.orders.place({
        pending: 'Buying',
        send: () => sent,
        done: () => ({ title: 'Bought' }),
        trade: { expected, of: (trade) => trade },
      });
    });
    const row = document.querySelector<HTMLElement>('.tape-row');
    expect(row?.dataset['pending']).toBe('true');
    expect(row?.textContent).toContain('pending');
    expect(row?.textContent).toContain('You');
    await act(async () => {
      answer(echo);
      await sent;
    });
    rerender(<AgentTape agent={{ ...agent, trades: 3 }} trades={[echo, ...newest(2)]} />);
    expect(document.querySelector('.tape-row')).toBe(row);
    expect(row?.dataset['pending']).toBeUndefined();
    expect(seqs()).toEqual([3, 2, 1]);
  });

  it('asks for what its filter lets through, however many others come between', () => {
    const { market, wrapper } = opened();
    render(<AgentTape agent={agent} trades={newest(2)} />, { wrapper });
    const before = market.trades.opened.length;
    fireEvent.click(screen.getByRole('button', { name: 'Sells' }));
    fireEvent.change(screen.getByLabelText('Size'), { target: { value: '1' } });
    // One that is left stays open for a while.
    pass(1);
    expect(market.trades.opened.slice(before).map(({ input }) => input)).toEqual([
      { agentId: '1', side: 'sell', minSol: 0n },
      { agentId: '1', side: 'sell', minSol: sol('1') },
    ]);
    market.trades.at(-1).send(tapeSnapshot(2), tradeItem(7, { side: 'sell', sol: sol('1.5') }));
    frame();
    expect(seqs()).toEqual([7]);
  });

  it('says that one has to sign in to have trades of one’s own', () => {
    const { wrapper } = opened();
    render(<AgentTape agent={agent} trades={newest(2)} />, { wrapper });
    fireEvent.click(screen.getByRole('button', { name: 'Yours' }));
    expect(seqs()).toEqual([]);
  });
});
