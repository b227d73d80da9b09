import { TRPCClientError } from '@trpc/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { fillBuyTokens, fillSellTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { agentId, type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { lamports, sol, tokens } from '../../shared/units.ts';
import { type ExpectedTrade, Orders } from '../../web/orders/orders.ts';
import { less, reservedBy } from '../../web/orders/reserved.ts';
import { tapeRows } from '../../web/orders/tape-rows.ts';
import { Toasts } from '../../web/ui/toasts.ts';
import { tradeExecuted, WALLETS } from '../support/entries.ts';
import { Gate } from '../support/gate.ts';

const ME = walletAddress(WALLETS[1]);
const AGENT = agentId('1');
const FILL = fillBuyTokens(INITIAL_CURVE, tokens('1000000'));
const SALE = fillSellTokens(FILL.after, tokens('1000'));

const buying = (given: Partial<ExpectedTrade> = {}): ExpectedTrade => ({
  agentId: AGENT,
  trader: ME,
  fill: FILL,
  mostSol: sol('2'),
  seq: 10,
  ...given,
});
const selling = (given: Partial<ExpectedTrade> = {}) =>
  buying({ fill: SALE, mostSol: lamports(0n), ...given });
const bought = (seq: number, given: Partial<TradeExecuted> = {}) => tradeExecuted(seq, given);
const sold = (seq: number, given: Partial<TradeExecuted> = {}) =>
  tradeExecuted(seq, { side: 'sell', tokens: SALE.tokens, sol: SALE.sol, ...given });

/** An order whose answer the test gives. */
function open(orders: Orders, expected: ExpectedTrade = buying()) {
  const answer = new Gate<TradeExecuted>();
  const outcome = orders.place({
    pending: 'Buying',
    send: () => answer.opened,
    done: (trade) => ({ title: `Bought at ${trade.seq}` }),
    trade: { expected, of: (trade) => trade },
  });
  return {
    answer: async (trade: TradeExecuted) => {
      answer.open(trade);
      return outcome;
    },
    refuse: async (error: unknown) => {
      answer.fail(error);
      return outcome;
    },
  };
}

const refusal = () =>
  new TRPCClientError<AppRouter>('no', {
    result: {
      error: {
        code: -32603,
        message: 'no',
        data: { code: 'PRECONDITION_FAILED', httpStatus: 412, rejection: { reason: 'amount_too_small' } },
      },
    },
  });

let toasts: Toasts;
let orders: Orders;
beforeEach(() => {
  vi.useFakeTimers();
  toasts = new Toasts();
  orders = new Orders(toasts, () => 5);
  return () => vi.useRealTimers();
});
const placed = () => orders.trades.get();
const rows = (...trades: TradeExecuted[]) => tapeRows(trades, placed());
const shown = (...trades: TradeExecuted[]) =>
  rows(...trades).map(({ key, trade }) => [key, trade?.seq ?? null]);
const keyOf = (index: number): string => placed()[index]?.orderId ?? 'none';

describe('an order', () => {
  it('is answered at once by a notice, which becomes its outcome', async () => {
    const order = open(orders);
    expect(toasts.get()).toMatchObject([{ tone: 'pending', title: 'Buying' }]);
    expect(orders.pending.get()).toBe(1);
    expect(await order.answer(bought(11))).toMatchObject({ kind: 'done' });
    expect(toasts.get()).toMatchObject([{ tone: 'good', title: 'Bought at 11' }]);
    expect(orders.pending.get()).toBe(0);
  });

  it('carries an id of its own', async () => {
    const ids = new Set<string>();
    const send = (id: string) => Promise.resolve(ids.add(id));
    for (let count = 0; count < 20; count += 1) {
      await orders.place({ pending: '', send, done: () => ({ title: '' }) });
    }
    expect(ids.size).toBe(20);
  });

  it('is refused in its own words, or in those for any', async () => {
    const failing = { pending: '', send: () => Promise.reject(refusal()), done: () => ({ title: '' }) };
    expect(await orders.place(failing)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'refused', rejection: { reason: 'amount_too_small' } },
    });
    await orders.place({ ...failing, refused: ({ rejection }) => ({ title: `${rejection?.reason}` }) });
    await orders.place({ ...failing, refused: () => null });
    expect(toasts.get().map(({ tone, title }) => [tone, title])).toEqual([
      ['bad', 'Refused'],
      ['bad', 'amount_too_small'],
      ['bad', 'Refused'],
    ]);
  });

  it('that was carried out is not called a failure by what follows from it', async () => {
    const later = vi.fn<(task: () => void) => void>();
    vi.stubGlobal('queueMicrotask', later);
    const noSound = (): never => {
      throw new Error('no sound');
    };
    const outcome = await new Orders(toasts, () => 5, noSound).place({
      pending: '',
      send: () => Promise.resolve(1),
      done: () => ({ title: 'Done' }),
    });
    vi.unstubAllGlobals();
    expect(outcome).toEqual({ kind: 'done', answer: 1 });
    expect(toasts.get()).toMatchObject([{ tone: 'good', title: 'Done' }]);
    expect(() => later.mock.lastCall?.[0]()).toThrow('no sound');
  });
});

describe('the row of a trade that was placed here', () => {
  it('becomes its exact echo, when the answer comes first', async () => {
    const order = open(orders);
    const key = keyOf(0);
    expect(rows(bought(9, { trader: walletAddress(WALLETS[2]) }))).toMatchObject([
      { key, trade: null, sol: FILL.sol, tokens: FILL.tokens, side: 'buy', trader: ME },
      { key: '9' },
    ]);
    await order.answer(bought(12));
    expect(shown(bought(11, { trader: walletAddress(WALLETS[2]) }))).toEqual([
      [key, 12],
      ['11', 11],
    ]);
    expect(rows(bought(12))).toMatchObject([{ key, sol: bought(12).sol, tokens: bought(12).tokens }]);
    expect(shown(bought(13), bought(12))).toEqual([
      ['13', 13],
      [key, 12],
    ]);
  });

  it('becomes its exact echo, when the echo comes first', async () => {
    const order = open(orders);
    const key = keyOf(0);
    expect(shown(bought(12))).toEqual([[key, 12]]);
    await order.answer(bought(12));
    expect(shown(bought(12))).toEqual([[key, 12]]);
  });

  it('is each its own, of two that are alike', async () => {
    const first = open(orders);
    const second = open(orders);
    const [one, two] = [keyOf(0), keyOf(1)];
    expect(shown()).toEqual([
      [two, null],
      [one, null],
    ]);
    expect(shown(bought(12))).toEqual([
      [two, null],
      [one, 12],
    ]);
    // The server has carried them out in the other order.
    await second.answer(bought(12));
    expect(shown(bought(12))).toEqual([
      [one, null],
      [two, 12],
    ]);
    await first.answer(bought(13));
    expect(shown(bought(13), bought(12))).toEqual([
      [one, 13],
      [two, 12],
    ]);
  });

  it('is withdrawn when it is refused', async () => {
    const order = open(orders);
    await order.refuse(refusal());
    expect(shown(bought(9))).toEqual([['9', 9]]);
  });

  it('takes no trade that cannot be its own', () => {
    open(orders, buying({ mostSol: sol('0.5') }));
    open(orders, selling());
    const other = walletAddress(WALLETS[2]);
    const cheap = { sol: lamports(400_000_000n), protocolFee: lamports(0n), creatorFee: lamports(0n) };
    const others = [
      bought(20, { ...cheap, trader: other }),
      sold(19, { trader: other }),
      bought(18, { ...cheap, agentId: agentId('2') }),
      // Dearer than the order allows, and of another number of tokens than it sells.
      bought(17),
      sold(16, { tokens: tokens('999') }),
      // From before it was placed.
      bought(10, cheap),
      sold(9),
    ];
    expect(rows(...others).map(({ trade }) => trade?.seq)).toEqual([
      undefined,
      undefined,
      20,
      19,
      18,
      17,
      16,
      10,
      9,
    ]);
    expect(shown(sold(21), bought(20, cheap))).toEqual([
      [keyOf(1), 21],
      [keyOf(0), 20],
    ]);
  });

  it('is of whoever trades: a vault, under its own address', () => {
    const vault = walletAddress('Vote111111111111111111111111111111111111111');
    open(orders, buying({ trader: vault }));
    expect(shown(bought(12))).toEqual([
      [keyOf(0), null],
      ['12', 12],
    ]);
    expect(shown(bought(13, { trader: vault }))).toEqual([[keyOf(0), 13]]);
  });

  it('is one of as many as are remembered', () => {
    for (let count = 0; count < 70; count += 1) open(orders);
    expect(rows(bought(9))).toHaveLength(51);
  });
});

describe('what orders may still take', () => {
  const known = (seq: number, ...trades: TradeExecuted[]) => ({ trader: ME, trades, seq });
  const reserved = (view: ReturnType<typeof known>, trader: WalletAddress = ME) => {
    const { sol: taken, tokensOf } = reservedBy(placed(), { ...view, trader });
    return [taken, tokensOf(AGENT)];
  };

  it('is all that they allow until they are answered, and then exactly what they took, until that is shown', async () => {
    const order = open(orders);
    const sale = open(orders, selling());
    expect(reserved(known(0))).toEqual([sol('2'), tokens('1000')]);
    expect(reservedBy(placed(), known(0)).tokensOf(agentId('2'))).toBe(0n);
    const trade = bought(12);
    await order.answer(trade);
    await sale.answer(sold(13));
    expect(reserved(known(11))).toEqual([trade.sol + trade.protocolFee + trade.creatorFee, tokens('1000')]);
    expect(reserved(known(12, trade))).toEqual([0n, tokens('1000')]);
    expect(reserved(known(13, sold(13), trade))).toEqual([0n, 0n]);
  });

  it('is nothing when it is shown before the answer, and nothing of another trader', () => {
    open(orders);
    expect(reserved(known(12, bought(12)))).toEqual([0n, 0n]);
    expect(reserved(known(0), walletAddress(WALLETS[2]))).toEqual([0n, 0n]);
  });

  it('leaves nothing rather than less', () => {
    expect(less(5n, 3n)).toBe(2n);
    expect(less(3n, 5n)).toBe(0n);
  });
});
