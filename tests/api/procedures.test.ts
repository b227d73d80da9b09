import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerSums } from '../../server/market/ledger.ts';
import { CURVE_SUPPLY, POOL_SUPPLY, TOTAL_SUPPLY } from '../../shared/curve.ts';
import { agentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { lamports, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { errorOf, issuesOf, rejectionOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

let market: TestMarket;
let ann: WalletAddress;

beforeEach(async () => {
  market = await openMarket();
  ann = await market.fund('ann', '1000');
});

afterEach(async () => {
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });

describe('createAgent', () => {
  it('creates an agent and says where in the log', async () => {
    const result = await market
      .as(ann)
      .createAgent({ ...order(), name: '  Ada  ', symbol: 'ADA', purpose: 'Thinks.' });
    expect(result).toMatchObject({
      receipt: { position: `${market.log.epoch}-2`, seq: 2, events: 1 },
      repeated: false,
      agent: { agentId: '1', name: 'Ada', symbol: 'ADA', purpose: 'Thinks.', imageUrl: null, creator: ann },
      firstBuy: null,
      graduation: null,
    });
    expect(await market.app.caller().agent({ agentId: agentId('1') })).toMatchObject({
      symbol: 'ADA',
      mint: result.agent.mint,
      phase: { kind: 'bonding' },
      trades: 0,
    });
  });

  it('buys for the creator in the same step', async () => {
    const result = await market
      .as(ann)
      .createAgent({ ...order(), name: 'Ada', symbol: 'ADA', firstBuy: { sol: sol('1') } });
    // The creation, the trade, and that the agent is king.
    expect(result.receipt).toMatchObject({ seq: 2, events: 3 });
    expect(result.firstBuy).toMatchObject({
      seq: 3,
      trader: ann,
      side: 'buy',
      agentId: result.agent.agentId,
    });
  });

  it('does neither when the first buy is refused', async () => {
    const refused = await rejectionOf(
      market
        .as(wallet('poor'))
        .createAgent({ ...order(), name: 'Ada', symbol: 'ADA', firstBuy: { sol: sol('1') } }),
    );
    expect(refused).toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'insufficient_sol', available: 0n });
    expect(market.log.head).toBe(1);
    expect(await market.createAgent('ADA')).toBe('1');
  });

  it('refuses a symbol that is taken', async () => {
    const first = await market.createAgent('ADA');
    const refused = await rejectionOf(
      market.as(ann).createAgent({ ...order(), name: 'Other', symbol: 'ADA' }),
    );
    expect(refused).toEqual({ code: 'CONFLICT', reason: 'symbol_taken', symbol: 'ADA', agentId: first });
  });
});

describe('buy and sell', () => {
  it('buy for exact SOL costs at most that, and what the quote said', async () => {
    const agent = await market.createAgent('ADA');
    const quote = await market.app.caller().quote({ kind: 'buy_sol', agentId: agent, sol: sol('2') });
    const { trade } = await market
      .as(ann)
      .buy({ ...order(), agentId: agent, exact: 'sol', sol: sol('2'), minTokens: quote.fill.tokens });
    expect(trade).toMatchObject({ tokens: quote.fill.tokens, sol: quote.fill.sol, price: quote.priceAfter });
    const { sol: left, holdings } = await market.app.caller().portfolio({ wallet: ann });
    expect(left).toBe(sol('1000') - quote.walletSol);
    expect(quote.walletSol).toBeLessThanOrEqual(sol('2'));
    expect(holdings).toMatchObject([
      { agentId: agent, symbol: 'ADA', tokens: trade.tokens, cost: quote.walletSol },
    ]);
  });

  it('buy of exact tokens, then a sale of them, leaves the fees and a lamport of rounding behind', async () => {
    const agent = await market.createAgent('ADA');
    const bought = await market
      .as(ann)
      .buy({ ...order(), agentId: agent, exact: 'tokens', tokens: tokens('1000000'), maxSol: sol('1') });
    const sold = await market.as(ann).sell({ ...order(), agentId: agent, tokens: tokens('1000000') });
    expect(sold.trade.sol).toBe(bought.trade.sol - 1n);
    const { holdings } = await market.app.caller().portfolio({ wallet: ann });
    expect(holdings[0]?.tokens).toBe(0n);
    expect(holdings[0]?.realised).toBeLessThan(0n);
    expect(await market.app.caller().holders({ agentId: agent })).toEqual({
      count: 0,
      holders: [],
      seq: market.app.views.seq,
    });
  });

  it('a buy larger than what is left takes what is left, pays for that only, and graduates the agent', async () => {
    const agent = await market.createAgent('ADA');
    const result = await market
      .as(ann)
      .buy({ ...order(), agentId: agent, exact: 'tokens', tokens: TOTAL_SUPPLY, maxSol: sol('1000') });
    expect(result.trade.tokens).toBe(CURVE_SUPPLY);
    expect(result.graduation).toMatchObject({
      agentId: agent,
      sol: result.trade.realSol,
      tokens: POOL_SUPPLY,
    });
    const { sol: left } = await market.app.caller().portfolio({ wallet: ann });
    expect(left).toBe(sol('1000') - result.trade.sol - result.trade.protocolFee - result.trade.creatorFee);
    const poolId = result.graduation?.poolId;
    expect(await market.app.caller().agent({ agentId: agent })).toMatchObject({
      progressBps: 10_000,
      phase: { kind: 'graduated', poolId },
    });
    for (const call of [
      () => market.buy(ann, agent),
      () => market.sell(ann, agent),
      () => market.app.caller().quote({ kind: 'buy_sol', agentId: agent, sol: sol('1') }),
    ]) {
      expect(await rejectionOf(call())).toMatchObject({
        code: 'PRECONDITION_FAILED',
        reason: 'agent_graduated',
      });
    }
    for (const sum of ledgerSums(market.app.market.ledger).values()) expect(sum).toBe(0n);
  });

  it.each([
    [
      'too_few_tokens',
      (agent: ReturnType<typeof agentId>) =>
        market
          .as(ann)
          .buy({ ...order(), agentId: agent, exact: 'sol', sol: sol('1'), minTokens: CURVE_SUPPLY }),
    ],
    [
      'too_much_sol',
      (agent: ReturnType<typeof agentId>) =>
        market.as(ann).buy({
          ...order(),
          agentId: agent,
          exact: 'tokens',
          tokens: tokens('1000000'),
          maxSol: lamports(1n),
        }),
    ],
    ['insufficient_sol', (agent: ReturnType<typeof agentId>) => market.buy(wallet('poor'), agent, '1')],
    ['insufficient_tokens', (agent: ReturnType<typeof agentId>) => market.sell(ann, agent)],
  ])('refuses with %s, says what was expected and found, and changes nothing', async (reason, attempt) => {
    const agent = await market.createAgent('ADA');
    const before = market.log.head;
    const refused = await rejectionOf(attempt(agent));
    expect(refused).toMatchObject({ code: 'PRECONDITION_FAILED', reason });
    expect(Object.values(refused).filter((value) => typeof value === 'bigint')).toHaveLength(2);
    expect(market.log.head).toBe(before);
  });

  it('refuses a sale that brings less than asked, and one that its fees would eat', async () => {
    const agent = await market.createAgent('ADA');
    await market.buy(ann, agent, '1');
    expect(
      await rejectionOf(
        market.as(ann).sell({ ...order(), agentId: agent, tokens: tokens('1000'), minSol: sol('1') }),
      ),
    ).toMatchObject({ reason: 'too_little_sol', minimum: sol('1') });
    // 36,000 units bring one lamport, and the two fees take one each.
    expect(
      await rejectionOf(market.as(ann).sell({ ...order(), agentId: agent, tokens: tokenUnits(36_000n) })),
    ).toMatchObject({ code: 'UNPROCESSABLE_CONTENT', reason: 'amount_too_small' });
    expect(
      await rejectionOf(market.as(ann).buy({ ...order(), agentId: agent, exact: 'sol', sol: lamports(2n) })),
    ).toMatchObject({ reason: 'amount_too_small' });
  });

  it('an unknown agent is NOT_FOUND everywhere', async () => {
    const missing = agentId('99');
    const caller = market.app.caller();
    for (const call of [
      () => market.buy(ann, missing),
      () => market.sell(ann, missing),
      () => caller.agent({ agentId: missing }),
      () => caller.candles({ agentId: missing }),
      () => caller.holders({ agentId: missing }),
      () => caller.trades({ agentId: missing }),
      () => caller.quote({ kind: 'buy_sol', agentId: missing, sol: sol('1') }),
      () => caller.onAgent({ agentId: missing }),
    ]) {
      expect(await rejectionOf(call())).toMatchObject({
        code: 'NOT_FOUND',
        reason: 'agent_not_found',
        agentId: missing,
      });
    }
  });

  it('the same clientOrderId gives the same result, with other parameters it is a CONFLICT, across a restart too', async () => {
    const agent = await market.createAgent('ADA');
    const input = {
      clientOrderId: clientOrderId('once'),
      agentId: agent,
      exact: 'sol' as const,
      sol: sol('1'),
    };
    const first = await market.as(ann).buy(input);
    expect(await market.as(ann).buy(input)).toEqual({ ...first, repeated: true });
    await market.restart();
    expect(await market.as(ann).buy(input)).toEqual({ ...first, repeated: true });
    expect(await rejectionOf(market.as(ann).buy({ ...input, sol: sol('2') }))).toMatchObject({
      code: 'CONFLICT',
      reason: 'order_conflict',
    });
    // Another wallet may use the same text.
    const bob = await market.fund('bob');
    expect((await market.as(bob).buy(input)).repeated).toBe(false);
  });

  it('a refused order may be sent again with the same id', async () => {
    const agent = await market.createAgent('ADA');
    const input = {
      clientOrderId: clientOrderId('later'),
      agentId: agent,
      exact: 'sol' as const,
      sol: sol('1'),
    };
    expect(await rejectionOf(market.as(wallet('bob')).buy(input))).toMatchObject({
      reason: 'insufficient_sol',
    });
    await market.fund('bob');
    expect((await market.as(wallet('bob')).buy(input)).repeated).toBe(false);
  });
});

describe('an input that is not the schema', () => {
  it.each([
    ['a name of 33 characters', { name: 'x'.repeat(33) }, 'name'],
    ['a symbol in lower case', { symbol: 'ada' }, 'symbol'],
    ['a purpose of 501 characters', { purpose: 'x'.repeat(501) }, 'purpose'],
    ['an image that is not https', { imageUrl: 'http://example.com/a.png' }, 'imageUrl'],
    ['an order id with a space', { clientOrderId: 'a b' }, 'clientOrderId'],
    ['a first buy of nothing', { firstBuy: { sol: 0n } }, 'firstBuy.sol'],
    ['a first buy of 2^63', { firstBuy: { sol: 2n ** 63n } }, 'firstBuy.sol'],
  ])('%s is BAD_REQUEST, names the field and changes nothing', async (_, wrong, path) => {
    const before = market.log.head;
    const call = market.as(ann).createAgent({ ...order(), name: 'Ada', symbol: 'ADA', ...wrong });
    expect(await issuesOf(call)).toEqual([path]);
    expect(market.log.head).toBe(before);
  });
});

describe('who may do what', () => {
  it('mutations need a session, and credit an operator', async () => {
    const nobody = market.app.caller();
    const agent = await market.createAgent('ADA');
    for (const call of [
      () => nobody.createAgent({ ...order(), name: 'Ada', symbol: 'NEW' }),
      () => nobody.buy({ ...order(), agentId: agent, exact: 'sol', sol: sol('1') }),
      () => nobody.sell({ ...order(), agentId: agent, tokens: tokens('1') }),
      () => nobody.credit({ ...order(), wallet: ann, sol: sol('1') }),
    ]) {
      expect((await errorOf(call())).code).toBe('UNAUTHORIZED');
    }
    expect((await errorOf(market.as(ann).credit({ ...order(), wallet: ann, sol: sol('1') }))).code).toBe(
      'FORBIDDEN',
    );
  });

  it('no more SOL is credited than an amount can hold', async () => {
    const most = lamports(2n ** 63n - 1n);
    expect(await rejectionOf(market.operator.credit({ ...order(), wallet: ann, sol: most }))).toMatchObject({
      reason: 'supply_limit',
      available: most - sol('1000'),
    });
  });
});

describe('queries', () => {
  it('lists agents by sort and search, in pages without a repeat', async () => {
    for (let number = 1; number <= 7; number += 1) {
      await market.createAgent(`A${number}`);
      if (number % 2 === 0) await market.buy(ann, agentId(`${number}`), `${number}`);
    }
    const caller = market.app.caller();
    const symbols: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await caller.agents({ limit: 3, cursor });
      symbols.push(...page.agents.map(({ symbol }) => symbol));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(symbols).toEqual(['A7', 'A6', 'A5', 'A4', 'A3', 'A2', 'A1']);
    const trending = await caller.agents({ sort: 'trending', limit: 2 });
    expect(trending.agents.map(({ symbol }) => symbol)).toEqual(['A6', 'A4']);
    const rest = await caller.agents({ sort: 'trending', limit: 2, cursor: trending.nextCursor });
    expect(rest.agents.map(({ symbol }) => symbol)).toEqual(['A2']);
    expect(rest.nextCursor).toBeUndefined();
    expect((await caller.agents({ search: 'agent a5' })).agents.map(({ symbol }) => symbol)).toEqual(['A5']);
    expect((await caller.agents({ search: wallet('creator') })).agents).toHaveLength(7);
    expect((await caller.agents({ search: 'nothing like it' })).agents).toEqual([]);
    expect((await caller.agents({ cursor: 'nonsense', limit: 1 })).agents[0]?.symbol).toBe('A7');
  });

  it('final stretch and graduated hold what belongs there', async () => {
    const [half, full] = [await market.createAgent('HALF'), await market.createAgent('FULL')];
    await market.createAgent('NONE');
    await market
      .as(ann)
      .buy({ ...order(), agentId: half, exact: 'tokens', tokens: tokens('500000000'), maxSol: sol('100') });
    await market
      .as(ann)
      .buy({ ...order(), agentId: full, exact: 'tokens', tokens: TOTAL_SUPPLY, maxSol: sol('100') });
    const listed = async (sort: 'final_stretch' | 'graduated') =>
      (await market.app.caller().agents({ sort })).agents.map(({ symbol }) => symbol);
    expect(await listed('final_stretch')).toEqual(['HALF']);
    expect(await listed('graduated')).toEqual(['FULL']);
  });

  it('trades come newest first, in pages, for all agents or one', async () => {
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    for (let index = 0; index < 5; index += 1) await market.buy(ann, index % 2 === 0 ? one : two, '0.1');
    const caller = market.app.caller();
    const first = await caller.trades({ limit: 3 });
    const second = await caller.trades({ limit: 3, cursor: first.nextCursor });
    expect([...first.trades, ...second.trades].map(({ seq }) => seq)).toEqual([9, 8, 7, 6, 4]);
    expect(second.nextCursor).toBeUndefined();
    expect((await caller.trades({ agentId: two })).trades.map(({ seq }) => seq)).toEqual([8, 6]);
  });

  it('candles follow the trades', async () => {
    const agent = await market.createAgent('ONE');
    const first = await market.buy(ann, agent, '1');
    market.clock.advance(61_000);
    const second = await market.buy(ann, agent, '1');
    const { candles } = await market.app.caller().candles({ agentId: agent, interval: '1m' });
    expect(candles).toMatchObject([
      { close: first.trade.price, volume: first.trade.sol, trades: 1 },
      { open: first.trade.price, close: second.trade.price, trades: 1 },
    ]);
  });

  it('holders are listed largest first', async () => {
    const agent = await market.createAgent('ONE');
    const bob = await market.fund('bob');
    await market.buy(ann, agent, '1');
    await market.buy(bob, agent, '3');
    const { count, holders } = await market.app.caller().holders({ agentId: agent, limit: 1 });
    expect(count).toBe(2);
    expect(holders.map(({ wallet: who }) => who)).toEqual([bob]);
  });
});
