import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CURVE_SUPPLY, marketCap } from '../../shared/curve.ts';
import type { KingChanged } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { issuesOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

let market: TestMarket;
let ann: WalletAddress;
let one: AgentId;
let two: AgentId;

beforeEach(async () => {
  market = await openMarket();
  ann = await market.fund('ann', '1000000');
  [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
});
afterEach(async () => {
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const king = () => market.app.caller().king();
/** Sells an agent out. */
const graduate = (agentId: AgentId) =>
  market.as(ann).buy({
    clientOrderId: market.orderId(),
    agentId,
    exact: 'tokens',
    tokens: CURVE_SUPPLY,
    maxSol: sol('1000'),
  });
/** Takes turns at the top, so many times. */
async function takeTurns(changes: number): Promise<void> {
  for (let change = 0; change < changes; change += 1) {
    await market.buy(ann, change % 2 === 0 ? one : two, `${change + 1}`);
  }
}

describe('king', () => {
  it('is nobody before somebody has traded', async () => {
    expect(await king()).toEqual({ king: null, seq: market.app.views.seq });
  });

  it('is the agent with the highest cap, since it was crowned', async () => {
    const { trade, receipt } = await market.buy(ann, one, '1');
    expect(receipt).toMatchObject({ seq: trade.seq, events: 2 });
    const crowned = {
      type: 'king_changed',
      seq: trade.seq + 1,
      at: market.clock.now(),
      agentId: one,
      previousAgentId: null,
      marketCap: marketCap(trade.price),
    };
    const agent = await market.app.caller().agent({ agentId: one });
    expect(await king()).toEqual({ king: { agent, crowned }, seq: trade.seq + 1 });
    // It goes on being king; what it is worth now is in the agent.
    const next = await market.buy(ann, one, '1');
    expect(next.receipt.events).toBe(1);
    expect((await king()).king).toMatchObject({ agent: { price: next.trade.price }, crowned });
  });

  it('is dethroned only by one that is a hundredth ahead', async () => {
    await market.buy(ann, one, '1');
    const level = await market.buy(ann, two, '1');
    expect(level.receipt.events).toBe(1);
    expect((await king()).king?.crowned.agentId).toBe(one);
    const above = await market.buy(ann, two, '1');
    expect(above.receipt.events).toBe(2);
    expect((await king()).king?.crowned).toMatchObject({ agentId: two, previousAgentId: one });
  });

  it('leaves the hill by graduating, to the best of the rest or to nobody', async () => {
    await market.buy(ann, one, '1');
    await market.buy(ann, two, '0.5');
    const { receipt, graduation } = await graduate(one);
    expect(receipt.events).toBe(3);
    expect(graduation?.seq).toBe(receipt.seq + 1);
    expect((await king()).king?.crowned).toMatchObject({ agentId: two, previousAgentId: one });
    await graduate(two);
    expect(await king()).toEqual({ king: null, seq: market.app.views.seq });
    const { kings } = await market.app.caller().kings({ limit: 1 });
    expect(kings).toMatchObject([{ agentId: null, previousAgentId: two, marketCap: 0n }]);
  });
});

describe('kings', () => {
  it('come newest first, in pages without a repeat', async () => {
    await takeTurns(9);
    const caller = market.app.caller();
    const pages: number[] = [];
    const listed: KingChanged[] = [];
    let cursor: string | undefined;
    do {
      const page = await caller.kings({ limit: 4, cursor });
      pages.push(page.kings.length);
      listed.push(...page.kings);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([4, 4, 1]);
    expect(listed).toEqual(market.app.views.kings);
    expect(listed.map(({ agentId }) => agentId)).toEqual([one, two, one, two, one, two, one, two, one]);
    expect((await caller.kings()).kings).toEqual(listed);
  });

  it('begin at the newest for a cursor that makes no sense, and end for one from the beginning', async () => {
    await takeTurns(3);
    const caller = market.app.caller();
    for (const cursor of ['nonsense', '-1', '1.5', '9'.repeat(20)]) {
      expect((await caller.kings({ cursor })).kings).toHaveLength(3);
    }
    expect(await caller.kings({ cursor: '0' })).toEqual({ kings: [] });
  });

  it('have bounds', async () => {
    const caller = market.app.caller();
    for (const limit of [0, 101, 1.5]) expect(await issuesOf(caller.kings({ limit }))).toEqual(['limit']);
    expect(await issuesOf(caller.kings({ cursor: '1'.repeat(129) }))).toEqual(['cursor']);
  });
});
