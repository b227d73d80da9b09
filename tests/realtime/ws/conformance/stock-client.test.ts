import { TRPCClientError } from '@trpc/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, Gate } from '../../../support/gate.ts';
import { TcpProxy } from '../../../support/proxy.ts';
import {
  closing,
  connectStock,
  errorOf,
  serveApi,
  subscribeToNumbers,
} from '../../../support/stock-client.ts';
import { handlers } from '../../../support/ws-conformance.ts';

const idsTo = (n: number) => Array.from({ length: n }, (_, index) => `${index + 1}`);

describe.each(handlers)('$name: the stock client', (handler) => {
  it('queries, mutates, and gets errors with their shape', async () => {
    const { url, api } = await serveApi(handler);
    const { client } = connectStock(url);
    api.released.open();
    const at = new Date(0);
    const [doubled, written] = await Promise.all([client.double.query(4n), client.write.mutate(at)]);
    expect(doubled).toBe(8n);
    expect(written).toEqual({ at, amount: 7n });
    const error = await errorOf(client.fail.query());
    expect(error.message).toBe('two of it');
    expect(error.data).toEqual({ code: 'CONFLICT', httpStatus: 409, path: 'fail' });
    expect(error.shape?.code).toBe(-32_009);
  });

  it('gets a subscription to its end', async () => {
    const { url } = await serveApi(handler);
    const items: bigint[] = [];
    const completed = new Gate();
    connectStock(url).client.few.subscribe(undefined, {
      onData: (item) => items.push(item),
      onComplete: completed.open,
    });
    await completed.opened;
    expect(items).toEqual([1n, 2n]);
  });

  it.each(['broken', 'refused'] as const)('gets the error of a subscription that is %s', async (name) => {
    const { url } = await serveApi(handler);
    const failed = new Gate<unknown>();
    const others: string[] = [];
    const { client } = connectStock(url);
    const told = { onError: failed.open, onComplete: () => others.push('complete') };
    if (name === 'broken') client.broken.subscribe(undefined, told);
    else client.refused.subscribe(undefined, told);
    const error = await failed.opened;
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error).toMatchObject({ message: 'not you', data: { code: 'FORBIDDEN', path: name } });
    expect(others).toEqual([]);
  });

  it('unsubscribes, and the server stops: before it has started, and after', async () => {
    const { url, api } = await serveApi(handler);
    const connection = connectStock(url);
    const first = subscribeToNumbers(connection);
    const second = subscribeToNumbers(connection);
    api.feed.push(1);
    await Promise.all([first.until(1), second.until(1)]);
    first.unsubscribe();
    const third = subscribeToNumbers(connection);
    third.unsubscribe();
    await eventually(() => api.feed.readers === 1);
    api.feed.push(2);
    await second.until(2);
    second.unsubscribe();
    await api.feed.over();
    expect([first.ids.items, second.ids.items, third.ids.items]).toEqual([['1'], ['1', '2'], []]);
  });

  it('goes on where it was after its socket was cut, again and again', async () => {
    const { port, api } = await serveApi(handler);
    const proxy = new TcpProxy();
    const numbers = subscribeToNumbers(connectStock(`ws://127.0.0.1:${await proxy.listen(port)}`));
    onTestFinished(() => proxy.close());
    for (let n = 1; n <= 9; n += 3) {
      api.feed.push(n);
      await numbers.until(n);
      proxy.cut();
      api.feed.push(n + 1, n + 2);
    }
    await numbers.until(9);
    expect(numbers.ids.items).toEqual(idsTo(9));
    expect(api.resumedFrom).toEqual([undefined, '1', '4', '7']);
    expect(proxy.connections).toBe(4);
  });

  it('resubscribes to everything in one batch, as many as a connection may have', async () => {
    const { port, api, received } = await serveApi(handler);
    const proxy = new TcpProxy();
    const connection = connectStock(`ws://127.0.0.1:${await proxy.listen(port)}`);
    onTestFinished(() => proxy.close());
    const all = Array.from({ length: 64 }, (_, index) => subscribeToNumbers(connection, index));
    api.feed.push(1);
    await Promise.all(all.map(({ until }) => until(1)));
    const before = received.items.length;
    proxy.cut();
    api.feed.push(2);
    await Promise.all(all.map(({ until }) => until(2)));
    const batches = received.items.slice(before).map((text) => JSON.parse(text ?? '[]'));
    expect(batches).toHaveLength(1);
    expect(batches[0]).toHaveLength(64);
    for (const { ids } of all) expect(ids.items).toEqual(['1', '2']);
  });

  it('is asked to reconnect: it moves without a gap, and a mutation on the old socket is answered', async () => {
    const served = await serveApi(handler);
    const { url, api, sockets, broadcastReconnectNotification } = served;
    const connection = connectStock(url);
    const numbers = subscribeToNumbers(connection);
    api.feed.push(1, 2);
    await numbers.until(2);
    const written = connection.client.write.mutate(new Date(0));
    await api.entered.opened;
    let n = 2;
    const push = (): void => {
      n += 1;
      api.feed.push(n);
    };
    // Something is published at every step of the move: before it, when the new socket comes, at each of its messages.
    sockets.items[0]?.on('message', push);
    served.wss.on('connection', (socket) => {
      push();
      socket.on('message', push);
    });
    push();
    broadcastReconnectNotification();
    push();
    await eventually(() => api.resumedFrom.length === 2 && api.feed.readers === 1);
    expect(sockets.items.map(({ readyState }) => readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    push();
    await numbers.until(n);
    api.released.open();
    expect(await written).toEqual({ at: new Date(0), amount: 7n });
    await closing(served, 0);
    push();
    await numbers.until(n);
    expect(numbers.ids.items).toEqual(idsTo(n));
    expect(numbers.events).toEqual(['started']);
    expect(await connection.client.double.query(1n)).toBe(2n);
    expect(sockets.items).toHaveLength(2);
  });

  it('is asked to reconnect time and again, and leaves nothing behind', async () => {
    const served = await serveApi(handler);
    const { url, api, broadcastReconnectNotification } = served;
    const connection = connectStock(url);
    const all = [subscribeToNumbers(connection, 1), subscribeToNumbers(connection, 2)];
    let n = 0;
    for (let round = 0; round < 4; round += 1) {
      n += 1;
      api.feed.push(n);
      await Promise.all(all.map(({ until }) => until(n)));
      broadcastReconnectNotification();
      await closing(served, round);
    }
    n += 1;
    api.feed.push(n);
    await Promise.all(all.map(({ until }) => until(n)));
    for (const { ids } of all) expect(ids.items).toEqual(idsTo(n));
    expect(api.feed.readers).toBe(2);
  });
});
