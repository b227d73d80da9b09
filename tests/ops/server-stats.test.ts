import { TRPCError } from '@trpc/server';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../shared/client/index.ts';
import { GatewayWorld } from '../gateway/fixture.ts';
import { Inbox } from '../support/streams.ts';
import { wallet } from '../support/wallets.ts';

it('counts clients of both doors, channels and subscribers, for code and for operators', async () => {
  const world = await GatewayWorld.open();
  const { app } = world.market;
  const agentId = await world.market.createAgent('ADA');
  expect(app.getStats()).toMatchObject({ totalClients: 0, totalChannels: 0, channels: [] });

  const { client, close } = createClient({ url: `ws://127.0.0.1:${world.server.port}/trpc`, WebSocket });
  onTestFinished(() => close());
  const items = new Inbox<unknown>();
  client.onTrade.subscribe({}, { onData: items.push });
  client.onAgent.subscribe({ agentId }, { onData: items.push });
  const json = await world.connect();
  await json.subscribe('trades');
  await items.until(({ length }) => length === 2);

  expect(app.getStats()).toMatchObject({
    totalClients: 2,
    totalChannels: 2,
    channels: [
      { name: 'trades', subscribers: 2 },
      { name: `agent:${agentId}`, subscribers: 1 },
    ],
    doors: [
      { name: 'trpc', connections: 1, subscriptions: 2 },
      { name: 'gateway', connections: 1, subscriptions: 1 },
    ],
  });
  const asked = await world.market.operator.stats();
  expect(asked).toMatchObject({ totalClients: 2, totalChannels: 2 });
  expect(asked.rates.entriesPerSecond).toBeGreaterThanOrEqual(0);
});

it('is for operators only', async () => {
  const world = await GatewayWorld.open();
  const refused = async (call: Promise<unknown>): Promise<string> => {
    const error: unknown = await call.catch((reason: unknown) => reason);
    if (!(error instanceof TRPCError)) throw error;
    return error.code;
  };
  expect(await refused(world.market.app.caller().stats())).toBe('UNAUTHORIZED');
  expect(await refused(world.market.as(wallet('ann')).stats())).toBe('FORBIDDEN');
});
