import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLine, lineFilter, RecordDecoder } from '../../server/journal/codec.ts';
import type { LogRecord } from '../../server/journal/log.ts';
import { type Entry, type EventType, entrySchema } from '../../shared/events.ts';
import { agentId, walletAddress } from '../../shared/ids.ts';
import {
  agentCreated,
  kingChanged,
  orderId,
  sampleEntries,
  seasonEnded,
  staked,
  trades,
  vaultWithdrawn,
  WALLETS,
} from '../support/entries.ts';
import { entries, plain, records } from './arbitrary-entries.ts';

const [ANN, BOB, CAT] = WALLETS;

const decode = (line: string): LogRecord => new RecordDecoder().decode(line);

describe('the codec', () => {
  it.each(Object.values(sampleEntries))('gives $type back', (entry) => {
    for (const wallet of WALLETS) {
      const order = { wallet: walletAddress(wallet), clientOrderId: orderId(1), request: '{}', entries: 2 };
      expect(decode(encodeLine({ entry, order }))).toStrictEqual({ entry, order });
    }
    expect(decode(encodeLine({ entry, order: null }))).toStrictEqual({ entry, order: null });
  });

  it('gives every record back, as its schema has it', () => {
    const decoder = new RecordDecoder();
    fc.assert(
      fc.property(records, (record) => {
        const line = encodeLine(record);
        expect(line).not.toMatch(/[\n\t]/);
        const back = decoder.decode(line);
        expect(back).toStrictEqual(record);
        expect(entrySchema.parse(back.entry)).toStrictEqual(back.entry);
      }),
      { seed: 42, numRuns: 4000 },
    );
  });

  it('keeps texts that are not well-formed Unicode', () => {
    const entry = agentCreated(1, { name: 'half \ud83d of a pair', purpose: '\u0000"\\\u2028\r\n' });
    expect(decode(encodeLine({ entry, order: null })).entry).toStrictEqual(entry);
  });

  it('can be read by people', () => {
    const [record] = trades(7, 7);
    expect(record && encodeLine(record)).toBe(
      '[7,1735732800070,"trade_executed","2","So11111111111111111111111111111111111111112","buy",' +
        '"34612903225807","1000000001","9500001","3000001","31000000001","1038387096774193","1000000001",' +
        '"758487096774193","29853990",null,"order-7",1,"{\\"kind\\":\\"buy\\",\\"tokens\\":\\"34612903225807\\"}"]',
    );
  });

  it.each<{ type: EventType; wallet: string }>([
    { type: 'staked', wallet: BOB },
    { type: 'unstaked', wallet: BOB },
    { type: 'rewards_claimed', wallet: BOB },
    { type: 'vault_created', wallet: ANN },
    { type: 'vault_deposited', wallet: CAT },
    { type: 'vault_withdrawn', wallet: CAT },
  ])('leaves out the wallet that orders $type', ({ type, wallet }) => {
    for (const orderer of WALLETS) {
      const order = { wallet: walletAddress(orderer), clientOrderId: orderId(1), request: '{}', entries: 1 };
      const line = encodeLine({ entry: sampleEntries[type], order });
      expect(line.endsWith(`,${orderer === wallet ? 'null' : `"${orderer}"`},"order-1",1,"{}"]`)).toBe(true);
    }
  });

  it.each<{ name: string; entry: Entry }>([
    { name: 'no king', entry: kingChanged(1, { agentId: null, previousAgentId: '7' }) },
    { name: 'a first king', entry: kingChanged(1, { agentId: '7', previousAgentId: null }) },
    { name: 'no medals', entry: seasonEnded(1, { medals: [] }) },
    { name: 'nothing but SOL withdrawn', entry: vaultWithdrawn(1, { tokens: [] }) },
    { name: 'a rate of 60 digits', entry: staked(1, { rewardPerUnit: 10n ** 60n - 1n }) },
  ])('gives $name back, with an order and without', ({ entry }) => {
    const order = { wallet: walletAddress(ANN), clientOrderId: orderId(1), request: '[]', entries: 1 };
    const decoder = new RecordDecoder();
    for (const record of [
      { entry, order },
      { entry, order: null },
    ]) {
      expect(decoder.decode(encodeLine(record))).toStrictEqual(record);
    }
  });

  it('tells ids apart also past the number it remembers', () => {
    const decoder = new RecordDecoder();
    const read = (id: number): string => {
      const entry = { ...sampleEntries.trade_executed, agentId: agentId(String(id)) };
      const back = decoder.decode(encodeLine({ entry, order: null })).entry;
      return back.type === 'trade_executed' ? back.agentId : '';
    };
    const ids = Array.from({ length: 70_000 }, (_, index) => index + 1);
    expect(ids.filter((id) => read(id) !== String(id))).toEqual([]);
    expect([read(1), read(70_000)]).toEqual(['1', '70000']);
  });

  it.each<{ name: string; from: string; to: string }>([
    { name: 'a fraction as seq', from: '[7,', to: '[7.5,' },
    { name: 'a text as seq', from: '[7,', to: '["7",' },
    { name: 'a negative time', from: ',1735732800070,', to: ',-1,' },
    { name: 'no time', from: ',1735732800070,', to: ',null,' },
    { name: 'a type nobody knows', from: 'trade_executed', to: 'tea_served' },
    { name: 'another type', from: 'trade_executed', to: 'wallet_credited' },
    { name: 'no agent', from: '"2"', to: 'null' },
    { name: 'an agent that is none', from: '"2"', to: '"02"' },
    { name: 'a wallet that is none', from: '"So111', to: '"So011' },
    { name: 'a side that is none', from: '"buy"', to: '"hold"' },
    { name: 'an amount that is none', from: '"9500001"', to: '"0x95"' },
    { name: 'an amount out of range', from: '"9500001"', to: '"9999999999999999999"' },
    { name: 'a field too few', from: '"9500001",', to: '' },
    { name: 'a field too many', from: '"9500001",', to: '"9500001","9500001",' },
    { name: 'half an order', from: ',null,"order-7",1', to: ',null,"order-7"' },
    { name: 'an order id that is none', from: '"order-7"', to: '"order 7"' },
    { name: 'a field behind the order', from: '}"]', to: '}",1]' },
    { name: 'no end', from: '}"]', to: '}"' },
    { name: 'no list', from: '[7,', to: '7//[' },
  ])('refuses a line with $name', ({ from, to }) => {
    const line = trades(7, 7).map(encodeLine).join('');
    expect(line).toContain(from);
    expect(() => decode(line.replace(from, to))).toThrow();
  });

  it.each<{ type: EventType }>([
    { type: 'agent_graduated' },
    { type: 'king_changed' },
    { type: 'season_started' },
  ])('refuses an order without a wallet where $type has none either', ({ type }) => {
    const order = { wallet: walletAddress(ANN), clientOrderId: orderId(1), request: '{}', entries: 1 };
    const line = encodeLine({ entry: sampleEntries[type], order });
    expect(line).toContain(`"${ANN}"`);
    expect(() => decode(line.replace(`"${ANN}"`, 'null'))).toThrow(RangeError);
  });
});

describe('the filter of lines', () => {
  it('wants what the entries say it should', () => {
    const selectors = fc.record(
      {
        agentId: fc.constantFrom('1', '2', '12').map(agentId),
        types: fc.subarray(Object.values(sampleEntries).map(({ type }) => type)),
      },
      { requiredKeys: [], ...plain },
    );
    const agents = fc.constantFrom('1', '2', '12', '21');
    const named = fc
      .tuple(entries, agents)
      .map(([entry, id]) =>
        'agentId' in entry && entry.agentId !== null ? { ...entry, agentId: agentId(id) } : entry,
      );
    fc.assert(
      fc.property(selectors, named, (selector, entry) => {
        const { agentId: agent, types } = selector;
        const wanted =
          (agent === undefined || ('agentId' in entry && entry.agentId === agent)) &&
          (types === undefined || types.includes(entry.type));
        expect(lineFilter(selector)(encodeLine({ entry, order: null }))).toBe(wanted);
      }),
      { seed: 42, numRuns: 5000 },
    );
  });

  it('is not misled by free text', () => {
    const entry = agentCreated(1, { name: '"trade_executed","2",', symbol: ',"trade_executed","2",' });
    const line = encodeLine({ entry, order: null });
    expect(lineFilter({ types: ['trade_executed'] })(line)).toBe(false);
    expect(lineFilter({ agentId: agentId('2') })(line)).toBe(false);
    expect(lineFilter({ agentId: agentId('1'), types: ['agent_created'] })(line)).toBe(true);
  });
});
