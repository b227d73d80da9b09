import { expect, it } from 'vitest';
import { applyWSSHandler, jsonEncoder } from '../../../server/realtime/ws/index.ts';
import { PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { stillClock } from '../../support/still-clock.ts';
import { subscription } from '../../support/ws-messages.ts';

stillClock();

it.each(['started', 'snapshot', 'quote'])(
  'a live stream leaves its channel when the encoder cannot write %j',
  async (what) => {
    const log = new QuoteLog({ ringCapacity: 8 });
    const { router } = new QuoteService(log);
    const server = new PipedServer((wss) => {
      const encode: typeof jsonEncoder.encode = (message) => {
        if (JSON.stringify(message).includes(`"type":"${what}"`)) throw new Error('cannot be written');
        return jsonEncoder.encode(message);
      };
      applyWSSHandler({ wss, router, experimental_encoder: { ...jsonEncoder, encode } });
    });
    const client = await server.connect();
    client.send(subscription(1, 'every'));
    await client.quiet();
    log.commit();
    await client.quiet();
    expect(client.answers.at(-1)).toMatchObject({ kind: 'error', id: 1 });
    expect(log.every.subscribers).toBe(0);
  },
);

it('a live stream does not sleep through news that comes while it reads a past of which it takes nothing', async () => {
  const log = new QuoteLog({ ringCapacity: 2, keys: 10, head: 10 });
  const { router } = new QuoteService(log);
  const server = new PipedServer((wss) => {
    applyWSSHandler({ wss, router });
  });
  const client = await server.connect();
  client.send(subscription(1, 'latestOfKey0'));
  await client.quiet();
  // Of other keys, and more than the ring holds: the PING makes it look for the past at once.
  log.commit(5);
  client.send('PING');
  log.commit(5);
  await client.quiet();
  expect(client.answers.at(-1)).toMatchObject({ kind: 'item', seq: 20 });
});
