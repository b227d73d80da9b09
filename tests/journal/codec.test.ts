import { base58 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, COLUMNS, encodeRecords, RecordDecoder, WIDTH } from '../../server/journal/codec.ts';
import type { LogRecord } from '../../server/journal/log.ts';
import { type Entry, type EventType, entrySchema } from '../../shared/events.ts';
import { agentId, walletAddress } from '../../shared/ids.ts';
import { agentCreated, orderId, sampleEntries, trades, WALLETS } from '../support/entries.ts';

const decode = (cells: readonly Cell[], row = 0): LogRecord => new RecordDecoder().decode(cells, row * WIDTH);
const column = (name: (typeof COLUMNS)[number]): number => COLUMNS.indexOf(name);

const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const positive = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base58.encode(bytes));
const anyText = fc.string({ unit: 'binary' });
const agent = fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String);
const recorded = { seq: fc.integer({ min: 1, max: 2 ** 52 }), at: fc.integer({ min: 0, max: 2 ** 45 }) };

const entryArbitraries = {
  agent_created: fc.record({
    type: fc.constant('agent_created'),
    ...recorded,
    agentId: agent,
    name: anyText,
    symbol: anyText,
    purpose: anyText,
    imageUrl: fc.option(anyText),
    creator: address,
    mint: address,
  }),
  trade_executed: fc.record({
    type: fc.constant('trade_executed'),
    ...recorded,
    agentId: agent,
    trader: address,
    side: fc.constantFrom('buy', 'sell'),
    tokens: positive,
    sol: amount,
    protocolFee: amount,
    creatorFee: amount,
    virtualSol: amount,
    virtualTokens: amount,
    realSol: amount,
    realTokens: amount,
    price: amount,
  }),
  agent_graduated: fc.record({
    type: fc.constant('agent_graduated'),
    ...recorded,
    agentId: agent,
    poolId: address,
    sol: amount,
    tokens: amount,
  }),
  wallet_credited: fc.record({
    type: fc.constant('wallet_credited'),
    ...recorded,
    wallet: address,
    sol: positive,
  }),
} satisfies Record<EventType, fc.Arbitrary<unknown>>;

const entries: fc.Arbitrary<Entry> = fc
  .oneof(...Object.values(entryArbitraries))
  .map((value) => entrySchema.parse(value));
const plain = { noNullPrototype: true };
const orders = fc.record(
  {
    wallet: address.map(walletAddress),
    clientOrderId: fc.nat().map(orderId),
    request: anyText,
    entries: fc.integer({ min: 1, max: 9 }),
  },
  plain,
);
const records: fc.Arbitrary<LogRecord> = fc.record({ entry: entries, order: fc.option(orders) }, plain);

describe('the codec', () => {
  it.each(Object.values(sampleEntries))('gives $type back', (entry) => {
    const order = { wallet: walletAddress(WALLETS[0]), clientOrderId: orderId(1), request: '{}', entries: 2 };
    expect(decode(encodeRecords([{ entry, order }]))).toStrictEqual({ entry, order });
    expect(decode(encodeRecords([{ entry, order: null }]))).toStrictEqual({ entry, order: null });
  });

  it('gives every record back, as its schema has it', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 5 }), (group) => {
        const cells = encodeRecords(group);
        expect(cells).toHaveLength(group.length * WIDTH);
        const decoder = new RecordDecoder();
        const back = group.map((_, index) => decoder.decode(cells, index * WIDTH));
        expect(back).toStrictEqual(group);
        for (const { entry } of back) expect(entrySchema.parse(entry)).toStrictEqual(entry);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it('keeps texts that are not well-formed Unicode', () => {
    const entry = agentCreated(1, { name: 'half \ud83d of a pair', purpose: '\u0000"\\\u2028' });
    expect(decode(encodeRecords([{ entry, order: null }])).entry).toStrictEqual(entry);
  });

  it('tells ids apart also past the number it remembers', () => {
    const decoder = new RecordDecoder();
    const read = (id: number): string => {
      const entry = { ...sampleEntries.trade_executed, agentId: agentId(String(id)) };
      const back = decoder.decode(encodeRecords([{ entry, order: null }]), 0).entry;
      return 'agentId' in back ? back.agentId : '';
    };
    const ids = Array.from({ length: 70_000 }, (_, index) => index + 1);
    expect(ids.filter((id) => read(id) !== String(id))).toEqual([]);
    expect([read(1), read(70_000)]).toEqual(['1', '70000']);
  });

  it('refuses a text with any one character changed', () => {
    const intact = encodeRecords(trades(7, 7));
    for (const name of ['type', 'data', 'placed_order'] as const) {
      const stored = String(intact[column(name)]);
      for (let index = 0; index < stored.length; index += 1) {
        const other = stored[index] === '1' ? '2' : '1';
        const changed = `${stored.slice(0, index)}${other}${stored.slice(index + 1)}`;
        expect(() => decode(intact.with(column(name), changed)), changed).toThrow();
      }
    }
  });

  it.each<{ name: (typeof COLUMNS)[number]; value: Cell }>([
    { name: 'seq', value: 8 },
    { name: 'seq', value: 7.5 },
    { name: 'seq', value: '7' },
    { name: 'at', value: 1 },
    { name: 'at', value: null },
    { name: 'type', value: 'agent_created' },
    { name: 'type', value: 7 },
    { name: 'agent_id', value: '1' },
    { name: 'agent_id', value: null },
    { name: 'data', value: null },
    { name: 'placed_order', value: null },
    { name: 'placed_order', value: '' },
    { name: 'checksum', value: 0 },
    { name: 'checksum', value: null },
  ])('refuses $value as $name', ({ name, value }) => {
    const intact = encodeRecords(trades(7, 7));
    expect(intact[column(name)]).not.toBe(value);
    expect(() => decode(intact.with(column(name), value))).toThrow(RangeError);
  });

  it('refuses the contents of one row in the place of another', () => {
    const cells = encodeRecords(trades(4, 7));
    const [first, last] = [cells.slice(0, WIDTH), cells.slice(3 * WIDTH)];
    const moved = first.with(column('data'), last[column('data')] ?? null);
    expect(() => decode(moved.with(column('checksum'), last[column('checksum')] ?? null))).toThrow(
      'checksum',
    );
  });
});
