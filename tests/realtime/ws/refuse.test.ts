import { TRPCError } from '@trpc/server';
import { expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { applyWSSHandler, CLOSE, type Refusal } from '../../../server/realtime/ws/index.ts';
import { FrameClient } from '../../support/frame-client.ts';
import { eventually, Gate } from '../../support/gate.ts';
import { NumberLog } from '../../support/number-log.ts';
import { t } from '../../support/ws-conformance.ts';
import { data, mutation, query, refused, subscription } from '../../support/ws-messages.ts';

const REFUSAL: Refusal = {
  error: new TRPCError({ code: 'UNAUTHORIZED', message: 'the end' }),
  code: CLOSE.unauthorized,
  reason: 'it is over',
};

/** A server that refuses a connection when the test wants it to. */
async function open() {
  const log = new NumberLog({ ringCapacity: 8 });
  const entered = new Gate();
  const released = new Gate();
  const did: string[] = [];
  const router = t.router({
    did: t.procedure.query(() => {
      did.push('query');
      return 'yes';
    }),
    waits: t.procedure.mutation(async () => {
      entered.open();
      await released.opened;
      did.push('mutation');
      return 'done';
    }),
    numbers: t.procedure.subscription(({ signal }) => log.hub.stream(log.channel, { signal })),
  });
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const sockets: WebSocket[] = [];
  wss.on('connection', (socket) => sockets.push(socket));
  const handler = applyWSSHandler({ wss, router });
  await new Promise((resolve) => wss.once('listening', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    wss.close();
  });
  const address = wss.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const client = await FrameClient.open(`ws://127.0.0.1:${address.port}`);
  await eventually(() => sockets.length === 1);
  const [socket] = sockets;
  if (socket === undefined) throw new Error('no connection');
  return { log, entered, released, did, handler, client, socket };
}

it('tells the client why, and closes with the code', async () => {
  const { handler, client, socket, log } = await open();
  client.send(subscription(1, 'numbers'));
  await client.take(2);
  handler.refuse(socket, REFUSAL);
  expect(await client.closed).toEqual({ code: 4401, reason: 'it is over' });
  expect(await client.rest()).toEqual([refused(null, 'UNAUTHORIZED', 'the end')]);
  await eventually(() => log.channel.subscribers === 0);
});

it('frees the channel at once, not when the client has answered', async () => {
  const { handler, client, socket, log } = await open();
  client.send(subscription(1, 'numbers'));
  await client.take(2);
  handler.refuse(socket, REFUSAL);
  expect(log.channel.subscribers).toBe(0);
});

it('runs nothing that comes after', async () => {
  const { handler, client, socket, did } = await open();
  client.send(query(1, 'did'));
  expect(await client.next()).toEqual(data(1, 'yes'));
  handler.refuse(socket, REFUSAL);
  // It has not heard of it yet.
  client.send(query(2, 'did'));
  await client.closed;
  expect(did).toEqual(['query']);
});

it('lets what runs come to its end', async () => {
  const { handler, client, socket, did, entered, released } = await open();
  client.send(mutation(1, 'waits'));
  await entered.opened;
  handler.refuse(socket, REFUSAL);
  await client.closed;
  released.open();
  await eventually(() => did.includes('mutation'));
  expect(await client.rest()).toEqual([refused(null, 'UNAUTHORIZED', 'the end')]);
});

it('does so once, and not to what has gone', async () => {
  const { handler, client, socket } = await open();
  handler.refuse(socket, REFUSAL);
  handler.refuse(socket, { ...REFUSAL, code: CLOSE.abuse });
  expect((await client.closed).code).toBe(4401);
  expect(await client.rest()).toHaveLength(1);
  handler.refuse(socket, REFUSAL);
});
