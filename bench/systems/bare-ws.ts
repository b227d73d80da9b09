import { listenWs } from './listen.ts';
import type { System } from './system.ts';
import { frameText } from './trades.ts';

/** The usual broadcast with `ws`: encode once, send to every client. Its frames are those of ours. */
export async function bareWs(): Promise<System> {
  const { wss, port } = await listenWs();
  return {
    port,
    publish(trades) {
      for (const { message } of trades) {
        const data = Buffer.from(frameText(message));
        for (const client of wss.clients) client.send(data, { binary: false });
      }
    },
  };
}
