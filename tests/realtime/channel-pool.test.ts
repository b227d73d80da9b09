import { expect, it } from 'vitest';
import { ChannelPool } from '../../server/realtime/channel-pool.ts';
import { Hub } from '../../server/realtime/hub.ts';

const MAX_IDLE = 3;

function pool() {
  const hub = new Hub({ epoch: 'test', head: 0 });
  const channels = new ChannelPool<string, string>(
    hub,
    (name) => ({
      name,
      delivery: 'every',
      snapshot: () => ({ seq: hub.head, data: name }),
      history: async (_, through) => ({ messages: [], through }),
    }),
    MAX_IDLE,
  );
  return { hub, channels };
}

it('lets go of the idle channel that was asked for longest ago', () => {
  const { channels } = pool();
  const first = channels.open('a');
  for (const key of ['b', 'c', 'a', 'd']) channels.open(key);
  expect([...channels.values()].map(({ name }) => name)).toEqual(['c', 'a', 'd']);
  expect(channels.peek('a')).toBe(first);
});

it('keeps the channel that is opened when all others have subscribers', () => {
  const { hub, channels } = pool();
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) hub.stream(channels.open(key));
  expect([...channels.values()].map(({ name }) => name)).toEqual(keys);
  expect(hub.stats().channels).toEqual(keys.map((name) => ({ name, subscribers: 1 })));
});
