import { createServer } from 'node:http';
import { Server } from 'socket.io';
import superjson from 'superjson';
import { portOf } from './listen.ts';
import type { System } from './system.ts';
import { positionOf } from './trades.ts';

const ROOM = 'trades';

/** A Socket.IO room. It carries what superjson makes of a trade, as the frames of the others do. */
export async function socketIo(): Promise<System> {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => void socket.join(ROOM));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(http.address()),
    publish(trades) {
      for (const { message } of trades) {
        io.to(ROOM).emit('trade', superjson.serialize({ id: positionOf(message.seq), data: message }));
      }
    },
  };
}
