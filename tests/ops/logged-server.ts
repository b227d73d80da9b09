import { Writable } from 'node:stream';
import { pino } from 'pino';
import { z } from 'zod';
import { callLog, SECRETS } from '../../server/ops/call-log.ts';
import { AuthServer } from '../support/auth-server.ts';

const callSchema = z.object({
  level: z.number(),
  requestId: z.string(),
  procedure: z.string(),
  type: z.string(),
  wallet: z.string().nullable(),
  code: z.string(),
  duration: z.number(),
});
export type LoggedCall = z.infer<typeof callSchema>;

/** Keeps what is written to it, a line each time. */
export function memorySink() {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, sink };
}

/** A server that logs as the process does, all there is to say, into memory. */
export async function openLogged() {
  const { lines, sink } = memorySink();
  const logger = pino({ level: 'trace', redact: [...SECRETS] }, sink);
  const server = await AuthServer.open({
    server: { logger },
    app: { logger, onCall: callLog(pino({ level: 'trace' }, sink)) },
    identity: { onReuse: ({ id }) => logger.warn({ session: id }, 'used twice') },
  });
  /** The calls that have been written down. */
  const calls = (): readonly LoggedCall[] =>
    lines
      .map((line) => callSchema.safeParse(JSON.parse(line)))
      .flatMap(({ data }) => (data === undefined ? [] : [data]));
  return { server, lines, calls };
}
