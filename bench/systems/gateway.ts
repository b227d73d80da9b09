import { createGateway } from '../../server/gateway/index.ts';
import { Identity } from '../../server/identity/identity.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { LosslessSource } from '../../server/realtime/source.ts';
import type { MessageOf } from '../../shared/channels.ts';
import { listenWs } from './listen.ts';
import { Platform } from './platform.ts';
import type { System } from './system.ts';
import { EPOCH, FIRST_SEQ } from './trades.ts';

/** All that connect are of one machine. */
const CLIENT = { address: '127.0.0.1', origin: undefined, device: 'bench', id: 'bench' };

/** As `ours`, to clients of the plain JSON gateway: they get whole trades, in its own form. */
export async function gateway(): Promise<System> {
  const hub = new Hub({ epoch: EPOCH, head: FIRST_SEQ - 1 });
  const source: LosslessSource<MessageOf<'trades'>> = {
    name: 'trades',
    delivery: 'every',
    snapshot: (reason) => ({ seq: hub.head, data: { type: 'snapshot', reason, trades: [] } }),
    history: () => Promise.reject(new Error('a subscriber fell out of the ring')),
  };
  const channel = hub.channel(source);
  const platform = new Platform(hub);
  const identity = Identity.inMemory();
  const { wss, port } = await listenWs();
  createGateway({
    wss,
    visitorOf: () => identity.stranger(CLIENT),
    onFault: (cause) => console.error(cause),
    services: {
      identity,
      // Nobody signs in.
      limits: { check: none },
      feeds: {
        trades: (resume) => hub.stream(channel, resume),
        prices: none,
        kings: none,
        activities: none,
        graduations: none,
        olympics: none,
        staking: none,
        vaults: none,
        agent: none,
        vault: none,
        account: none,
      },
      log: { epoch: EPOCH },
      views: { agents: new Map(), vaults: { byId: new Map() } },
    },
  });
  return {
    port,
    publish(trades) {
      for (const { entry } of trades) hub.append(channel, hub.item(entry.seq, entry));
      // It ends the batch.
      platform.publish(trades.map(({ entry }) => entry));
    },
  };
}

function none(): never {
  throw new Error('the bench subscribes to trades alone');
}
