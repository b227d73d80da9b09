import { TRPCClientError } from '@trpc/client';
import { TRPCError } from '@trpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../support/gate.ts';
import { TcpProxy } from '../../../support/proxy.ts';
import {
  closing,
  connectStock,
  errorOf,
  serveApi,
  subscribeToNumbers,
} from '../../../support/stock-client.ts';
import { handlers } from '../../../support/ws-conformance.ts';

describe.each(handlers)('$name: the stock client’s connection', (handler) => {
  it('sends connection params first, anew on every connection', async () => {
    const seen: unknown[] = [];
    const { port, api } = await serveApi(handler, {
      createContext: ({ info }) => {
        seen.push(info.connectionParams);
        return {};
      },
    });
    const proxy = new TcpProxy();
    onTestFinished(() => proxy.close());
    let tokens = 0;
    const connection = connectStock(`ws://127.0.0.1:${await proxy.listen(port)}`, {
      connectionParams: async () => {
        tokens += 1;
        return { token: `t-${tokens}` };
      },
    });
    const numbers = subscribeToNumbers(connection);
    api.feed.push(1);
    await numbers.until(1);
    proxy.cut();
    api.feed.push(2);
    await numbers.until(2);
    expect(seen).toEqual([{ token: 't-1' }, { token: 't-2' }]);
  });

  it('that is rejected is tried again, each time later', async () => {
    let refusals = 2;
    const { url, api } = await serveApi(handler, {
      createContext: () => {
        refusals -= 1;
        if (refusals >= 0) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'not yet' });
        return {};
      },
    });
    const attempts: number[] = [];
    const connection = connectStock(url, {
      retryDelayMs: (attempt) => {
        attempts.push(attempt);
        return 1;
      },
    });
    await eventually(() => attempts.length === 2);
    const numbers = subscribeToNumbers(connection);
    api.feed.push(1);
    await numbers.until(1);
    expect(attempts).toEqual([1, 2]);
  });

  it('is kept alive by its PINGs, and is given up when they are not answered', async () => {
    const keepAlive = { enabled: true, intervalMs: 5, pongTimeoutMs: 4_000 };
    const lively = await serveApi(handler);
    const { client } = connectStock(lively.url, { keepAlive });
    await lively.received.until((items) => items.filter((item) => item === 'PING').length >= 3);
    expect(await client.double.query(1n)).toBe(2n);
    expect(lively.sockets.items).toHaveLength(1);
    const silent = await serveApi(handler, { dangerouslyDisablePong: true });
    connectStock(silent.url, { keepAlive: { ...keepAlive, pongTimeoutMs: 10 } });
    await silent.sockets.until((items) => items.length >= 2);
  });

  it('answers the server’s PINGs', async () => {
    const { url, received, sockets } = await serveApi(handler, {
      keepAlive: { enabled: true, pingMs: 5, pongWaitMs: 60_000 },
    });
    const { client } = connectStock(url);
    await received.until((items) => items.filter((item) => item === 'PONG').length >= 3);
    expect(await client.double.query(1n)).toBe(2n);
    expect(sockets.items).toHaveLength(1);
  });

  it('is closed when it is lazy and idle, and opened again', async () => {
    const served = await serveApi(handler);
    const { client } = connectStock(served.url, { lazy: { enabled: true, closeMs: 1 } });
    expect(await client.double.query(1n)).toBe(2n);
    await closing(served, 0);
    expect(await client.double.query(2n)).toBe(4n);
    expect(served.sockets.items).toHaveLength(2);
  });

  it('that is cut fails the mutation in flight, which the server finishes', async () => {
    const { port, api } = await serveApi(handler);
    const proxy = new TcpProxy();
    onTestFinished(() => proxy.close());
    const { client } = connectStock(`ws://127.0.0.1:${await proxy.listen(port)}`);
    const written = errorOf(client.write.mutate(new Date(0)));
    await api.entered.opened;
    proxy.cut();
    expect(await written).toBeInstanceOf(TRPCClientError);
    api.released.open();
    expect(await client.double.query(1n)).toBe(2n);
  });
});
