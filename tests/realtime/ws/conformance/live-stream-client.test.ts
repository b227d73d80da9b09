import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../../support/gate.ts';
import { optionsOf } from '../../../support/live-numbers.ts';
import { foldNumbers, NumberLog, type NumberMessage } from '../../../support/number-log.ts';
import { TcpProxy } from '../../../support/proxy.ts';
import { closing } from '../../../support/stock-client.ts';
import { Inbox } from '../../../support/streams.ts';
import { type Handler, handlers, serve, t } from '../../../support/ws-conformance.ts';

const routerOf = (log: NumberLog) =>
  t.router({
    numbers: t.procedure
      .input(optionsOf)
      .subscription(({ input, signal }) =>
        log.hub.stream(log.channel, { signal, lastEventId: input?.lastEventId }),
      ),
  });

/** The stock client reads a number log through a proxy. */
async function subscribed(handler: Handler, ringCapacity: number) {
  const log = new NumberLog({ ringCapacity });
  const served = await serve(handler, { router: routerOf(log) });
  const proxy = new TcpProxy();
  onTestFinished(() => proxy.close());
  Object.assign(globalThis, { WebSocket });
  const url = `ws://127.0.0.1:${await proxy.listen(served.port)}`;
  const socket = createWSClient({ url, retryDelayMs: () => 1 });
  onTestFinished(() => socket.close());
  const client = createTRPCClient<ReturnType<typeof routerOf>>({ links: [wsLink({ client: socket })] });
  const messages = new Inbox<NumberMessage>();
  const subscription = client.numbers.subscribe(undefined, { onData: ({ data }) => messages.push(data) });
  await messages.until((all) => all.length === 1);
  const view = () => messages.items.reduce<readonly number[]>(foldNumbers, []);
  return {
    ...served,
    log,
    proxy,
    messages,
    view,
    subscription,
    caughtUp: () => messages.until(() => view().length === log.hub.head),
  };
}

describe.each(handlers)('$name: live streams and the stock client', (handler) => {
  it.each([
    ['the ring', 1024],
    ['the log', 2],
  ])('its socket is cut: it goes on out of %s', async (_, ringCapacity) => {
    const { log, proxy, messages, view, caughtUp } = await subscribed(handler, ringCapacity);
    for (let round = 0; round < 4; round += 1) {
      log.commit(5);
      await caughtUp();
      proxy.cut();
      log.commit(7);
    }
    await caughtUp();
    expect(view()).toEqual(log.through(48));
    // One snapshot, and every number once.
    expect(messages.items).toHaveLength(49);
    await eventually(() => log.channel.subscribers === 1);
  });

  it('is asked to reconnect while numbers come: none is lost, none comes twice', async () => {
    const served = await subscribed(handler, 64);
    const { log, wss, sockets, messages, caughtUp, broadcastReconnectNotification } = served;
    sockets.items[0]?.on('message', () => log.commit(2));
    wss.on('connection', (socket) => {
      log.commit(1);
      socket.on('message', () => log.commit(3));
    });
    log.commit(1);
    broadcastReconnectNotification();
    log.commit(1);
    await closing(served, 0);
    log.commit(1);
    await caughtUp();
    expect(messages.items).toEqual([
      { type: 'snapshot', reason: 'start', numbers: [] },
      ...log.through(log.hub.head).map((n) => ({ type: 'number', n })),
    ]);
    expect(log.channel.subscribers).toBe(1);
  });

  it('unsubscribes: no subscriber is left', async () => {
    const { log, subscription } = await subscribed(handler, 4);
    expect(log.channel.subscribers).toBe(1);
    subscription.unsubscribe();
    await eventually(() => log.channel.subscribers === 0);
  });
});
