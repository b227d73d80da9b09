import { expect, it } from 'vitest';
import { applyWSSHandler, jsonEncoder } from '../../../server/realtime/ws/index.ts';
import { PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { subscription } from '../../support/ws-messages.ts';

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
