import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from '../../server/gateway/asyncapi.ts';
import { CHANNEL_NAMES } from '../../server/gateway/channels.ts';
import { GatewayEncoding } from '../../server/gateway/encoding.ts';
import type { ServedKind } from '../../server/gateway/snapshot-schemas.ts';
import { Item } from '../../server/realtime/item.ts';
import { channels } from '../../shared/channels.ts';
import { tradeExecuted } from '../support/entries.ts';
import { valuesOf } from './arbitrary-messages.ts';
import { DocumentChecker } from './document.ts';
import { type Message, messageIn } from './json-client.ts';
import { dataOf, units } from './units.ts';

const encoding = new GatewayEncoding('test', () => 0);
const checker = new DocumentChecker(JSON.parse(JSON.stringify(asyncApiDocument())));

const kinds: readonly ServedKind[] = [
  'trades',
  'prices',
  'kings',
  'activities',
  'graduations',
  'olympics',
  'staking',
  'vaults',
  'agent',
  'vault',
  'account',
];

const nameOf = (kind: ServedKind): string => CHANNEL_NAMES[kind].replace(/\{\w+\}/, '5');

const sent = (item: Item<unknown>, channel: string): Message =>
  messageIn(Buffer.from(encoding.item(item, { id: channel, jsonrpc: undefined })), false);

describe('every message that the catalogue allows', () => {
  it.each(kinds)('on %s goes out as the document says', (kind) => {
    const { message: schema } = channels[kind];
    fc.assert(
      fc.property(valuesOf(schema), fc.integer({ min: 0, max: 2 ** 49 }), (value, seq) => {
        const message = schema.parse(value);
        const channel = nameOf(kind);
        const wire = sent(new Item('test', seq, message), channel);
        expect(checker.faultOf(wire)).toBeUndefined();
        expect([wire.id, wire.channel]).toEqual([`test-${seq}`, channel]);
        expect(wire.type === 'snapshot').toBe(message.type === 'snapshot');
      }),
      { numRuns: 150 },
    );
  });

  it('is written the same on every channel', () => {
    fc.assert(
      fc.property(valuesOf(channels.account.message), (value) => {
        const item = new Item('test', 7, channels.account.message.parse(value));
        const { channel: one, ...first } = sent(item, 'account');
        const { channel: other, ...second } = sent(item, 'agent:5');
        expect([one, other]).toEqual(['account', 'agent:5']);
        expect(second).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the kinds above', () => {
  it('are all that are served', () => {
    expect([...kinds].sort()).toEqual(Object.keys(CHANNEL_NAMES).sort());
    expect([...kinds, 'agents'].sort()).toEqual(Object.keys(channels).sort());
  });
});

describe('amounts', () => {
  const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const positive = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });

  it('of a trade are exact, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.record({ sol: amount, tokens: positive, price: amount, realSol: amount, protocolFee: amount }),
        (given) => {
          const data = dataOf(sent(new Item('test', 3, tradeExecuted(3, given)), 'trades'));
          expect(units(data['solAmount'], 9)).toBe(given.sol);
          expect(units(data['tokenAmount'], 6)).toBe(given.tokens);
          expect(units(data['currentPrice'], 18)).toBe(given.price);
          expect(units(data['totalValueLocked'], 9)).toBe(given.realSol);
          expect(units(data['protocolFee'], 9)).toBe(given.protocolFee);
          const average = units(data['pricePerToken'], 18);
          const whole = given.sol * 10n ** 15n;
          expect(average * given.tokens <= whole && whole < (average + 1n) * given.tokens).toBe(true);
        },
      ),
    );
  });

  it('are written as people write them', () => {
    const data = dataOf(
      sent(
        new Item('test', 3, tradeExecuted(3, { sol: 500_000_000n, tokens: 1_000_000_000_000n })),
        'trades',
      ),
    );
    // The seed's own example.
    expect(data).toMatchObject({ tokenAmount: '1000000', solAmount: '0.5', pricePerToken: '0.0000005' });
  });
});

describe('what is no message of the catalogue', () => {
  it.each([[null], ['trade'], [{}], [{ type: 'agent_created' }], [{ type: 'constructor' }]])(
    '%j is refused',
    (data) => {
      expect(() => sent(new Item('test', 1, data), 'trades')).toThrow('no message of the catalogue');
    },
  );
});
