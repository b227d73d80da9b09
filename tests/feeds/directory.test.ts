import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../server/api/router.ts';
import { TOTAL_SUPPLY } from '../../shared/curve.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { AGENT_ORDERS, AGENT_SORTS } from '../../shared/inputs.ts';
import { lamports, sol, tokens } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { issuesOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

type Asked = NonNullable<Parameters<Caller['agents']>[0]>;

const HOUR_MS = 3_600_000;
/** Rankings are made anew after so long. */
const RANKING_MS = 1_000;

let market: TestMarket;
let ann: WalletAddress;
/** By symbol. */
let ids: Map<string, AgentId>;

beforeEach(async () => {
  market = await openMarket();
  ann = await market.fund('ann', '100000');
  ids = new Map();
  for (const symbol of ['A0', 'B1', 'C2', 'D3', 'E4', 'F5', 'G6', 'H7']) {
    market.clock.advance(1_000);
    ids.set(symbol, await market.createAgent(symbol));
  }
  // Old trades first: A0 was traded most, and is worth a lamport more than at first.
  await trade('A0', '60');
  await market.as(ann).sell({ ...order(), agentId: id('A0'), tokens: await heldOf('A0') });
  await trade('B1', '3');
  market.clock.advance(HOUR_MS + 60_000);
  await fill('C2', TOTAL_SUPPLY);
  await trade('D3', '5');
  await fill('E4', tokens('500000000'));
  market.clock.advance(1_000);
  // The same of both.
  await trade('F5', '2');
  await trade('G6', '2');
});
afterEach(() => market.app.close());

const order = () => ({ clientOrderId: market.orderId() });
const trade = (symbol: string, amount: string) => market.buy(ann, id(symbol), amount);
const fill = (symbol: string, amount: AgentView['staked']) =>
  market
    .as(ann)
    .buy({ ...order(), agentId: id(symbol), exact: 'tokens', tokens: amount, maxSol: sol('1000') });

async function heldOf(symbol: string) {
  const { holdings } = await market.app.caller().portfolio({ wallet: ann });
  return holdings.find(({ agentId: held }) => held === id(symbol))?.tokens ?? tokens('0');
}

function id(symbol: string): AgentId {
  const found = ids.get(symbol);
  if (found === undefined) throw new Error(`there is no ${symbol}`);
  return found;
}

const symbolsOf = (agents: readonly AgentView[]): string => agents.map(({ symbol }) => symbol).join(' ');
const listed = async (input: Asked): Promise<string> =>
  symbolsOf((await market.app.caller().agents(input)).agents);

/** All pages, one after the other; `between` happens before each but the first. */
async function paged(
  input: Asked,
  between: () => Promise<void> = async () => undefined,
): Promise<AgentView[]> {
  const all: AgentView[] = [];
  for (let page = await market.app.caller().agents(input); ; ) {
    all.push(...page.agents);
    if (page.nextCursor === undefined) return all;
    if (all.length > 100) throw new Error('the pages have no end');
    expect(page.agents).toHaveLength(input.limit ?? 50);
    await between();
    page = await market.app.caller().agents({ ...input, cursor: page.nextCursor });
  }
}

describe('the order', () => {
  it.each([
    ['new', 'usual', 'H7 G6 F5 E4 D3 C2 B1 A0'],
    ['new', 'market_cap', 'C2 E4 D3 B1 G6 F5 A0 H7'],
    ['new', 'volume', 'A0 C2 E4 D3 B1 G6 F5 H7'],
    ['new', 'last_trade', 'G6 F5 E4 D3 C2 B1 A0 H7'],
    ['trending', 'usual', 'C2 E4 D3 G6 F5'],
    ['trending', 'market_cap', 'C2 E4 D3 G6 F5'],
    ['trending', 'last_trade', 'G6 F5 E4 D3 C2'],
    ['final_stretch', 'volume', 'E4'],
    ['graduated', 'market_cap', 'C2'],
  ] as const)('of %s agents by %s', async (sort, by, expected) => {
    expect(await listed({ sort, order: by })).toBe(expected);
  });

  it('is the usual one unless told', async () => {
    for (const sort of AGENT_SORTS)
      expect(await listed({ sort })).toBe(await listed({ sort, order: 'usual' }));
  });

  it('follows the trades, a second later at the latest', async () => {
    expect(await listed({ order: 'market_cap', limit: 1 })).toBe('C2');
    market.clock.advance(1);
    await fill('H7', tokens('793000000'));
    await fill('D3', TOTAL_SUPPLY);
    market.clock.advance(RANKING_MS);
    expect(await listed({ order: 'market_cap', limit: 3 })).toBe('D3 C2 H7');
    expect(await listed({ order: 'last_trade', limit: 2 })).toBe('H7 D3');
  });

  it('is computed at most once a second, for each set', async () => {
    expect(await listed({ order: 'last_trade', limit: 1 })).toBe('G6');
    expect(await listed({ sort: 'trending', order: 'last_trade', limit: 1 })).toBe('G6');
    market.clock.advance(RANKING_MS - 1);
    await trade('A0', '1');
    expect(await listed({ order: 'last_trade', limit: 1 })).toBe('G6');
    market.clock.advance(1);
    expect(await listed({ order: 'last_trade', limit: 1 })).toBe('A0');
    expect(await listed({ sort: 'trending', order: 'last_trade', limit: 1 })).toBe('A0');
  });
});

describe('the filters', () => {
  const viewOf = (symbol: string) => market.app.caller().agent({ agentId: id(symbol) });

  it('leave out what is worth less', async () => {
    const { marketCap } = await viewOf('D3');
    expect(await listed({ minMarketCap: marketCap })).toBe('E4 D3 C2');
    expect(await listed({ minMarketCap: lamports(marketCap + 1n) })).toBe('E4 C2');
  });

  it('leave out of what less was traded', async () => {
    const { volume } = await viewOf('D3');
    expect(await listed({ minVolume: volume, order: 'volume' })).toBe('A0 C2 E4 D3');
    expect(await listed({ minVolume: lamports(volume + 1n), order: 'volume' })).toBe('A0 C2 E4');
  });

  it('leave out what is older', async () => {
    const { createdAt } = await viewOf('E4');
    expect(await listed({ createdAfter: createdAt })).toBe('H7 G6 F5');
    expect(await listed({ createdAfter: createdAt - 1, order: 'market_cap' })).toBe('E4 G6 F5 H7');
  });

  it('work together, and with a search', async () => {
    const { createdAt } = await viewOf('C2');
    const input = { order: 'market_cap', createdAfter: createdAt, minVolume: sol('1') } as const;
    expect(await listed(input)).toBe('E4 D3 G6 F5');
    expect(await listed({ ...input, search: 'g6' })).toBe('G6');
    expect(await listed({ ...input, minMarketCap: sol('1000') })).toBe('');
  });

  it.each([
    ['minMarketCap', { minMarketCap: -1n }],
    ['minVolume', { minVolume: -1n }],
    ['createdAfter', { createdAfter: -1 }],
  ])('%s is not negative', async (path, input) => {
    expect(await issuesOf(market.app.caller().agents(input))).toEqual([path]);
  });
});

describe('pages', () => {
  const each = AGENT_SORTS.flatMap((sort) => AGENT_ORDERS.map((by) => [sort, by] as const));

  it.each(each)('of %s agents by %s are the whole list, whatever fits on one', async (sort, by) => {
    const filters = [
      {},
      { minVolume: sol('2') },
      { search: 'agent', createdAfter: market.clock.now() - 2 * HOUR_MS },
    ];
    for (const filter of filters) {
      const whole = await listed({ sort, order: by, ...filter });
      for (const limit of [1, 2, 3, 7, 8]) {
        expect(symbolsOf(await paged({ sort, order: by, limit, ...filter }))).toBe(whole);
      }
    }
  });

  it.each(AGENT_ORDERS)('by %s have an agent that keeps its rank once, whatever others do', async (by) => {
    const seen = await paged({ order: by, limit: 2 }, async () => {
      await trade('B1', '4');
      await trade('H7', '9');
      market.clock.advance(RANKING_MS);
    });
    const resting = ['A0', 'C2', 'D3', 'E4', 'F5', 'G6'];
    expect(
      seen
        .map(({ symbol }) => symbol)
        .filter((symbol) => resting.includes(symbol))
        .toSorted(),
    ).toEqual(resting);
  });

  it.each(AGENT_ORDERS)('by %s start again with a cursor that makes no sense', async (by) => {
    const whole = await listed({ order: by });
    for (const cursor of ['', 'nonsense', '1', '-1:1', '1:0', '1:x', ':', `${'9'.repeat(41)}:1`]) {
      expect(await listed({ order: by, cursor })).toBe(whole);
    }
  });

  it('go on from where an agent was that has moved', async () => {
    const { agents, nextCursor } = await market.app.caller().agents({ order: 'market_cap', limit: 3 });
    expect(symbolsOf(agents)).toBe('C2 E4 D3');
    await fill('D3', TOTAL_SUPPLY);
    market.clock.advance(RANKING_MS);
    expect(await listed({ order: 'market_cap', cursor: nextCursor })).toBe('B1 G6 F5 A0 H7');
  });

  it('name the agent too: of two with the same rank the newer one is first', async () => {
    const { agents, nextCursor } = await market.app.caller().agents({ order: 'last_trade', limit: 1 });
    expect(agents[0]?.agentId).toBe(id('G6'));
    expect(await listed({ order: 'last_trade', cursor: nextCursor, limit: 1 })).toBe('F5');
  });
});

it('has an agent among the graduated ones, and no longer on the final stretch, the moment it graduates', async () => {
  const symbolsOf = async (sort: 'final_stretch' | 'graduated') =>
    (await market.app.caller().agents({ sort })).agents.map(({ symbol }) => symbol);
  expect(await symbolsOf('final_stretch')).toEqual(['E4']);
  expect(await symbolsOf('graduated')).toEqual(['C2']);
  // No time passes.
  await fill('E4', TOTAL_SUPPLY);
  expect(await symbolsOf('final_stretch')).toEqual([]);
  expect(await symbolsOf('graduated')).toEqual(['E4', 'C2']);
});
