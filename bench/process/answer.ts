import type { z } from 'zod';
import { monotonicMs } from '../clock.ts';
import { commandSchema, type Reply } from './messages.ts';

type Run = (args: unknown) => unknown;

/** A command of a process: its arguments are checked before it runs; what it returns is its answer. */
export const command =
  <S extends z.ZodType>(schema: S, run: (args: z.infer<S>) => unknown): Run =>
  (args) =>
    run(schema.parse(args));

/** Tells the bench something unasked. */
export const note = (value: number): void => send({ kind: 'note', note: value });

/** CPU that this process has used, and when that was, in milliseconds. Every process knows this command. */
const cpu: Run = () => {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, atMs: monotonicMs() };
};

/** Serves the commands of a process for as long as the bench that started it lives. */
export function answer(commands: Readonly<Record<string, Run>>): void {
  const known = new Map(Object.entries({ cpu, ...commands }));
  process.once('disconnect', () => process.exit());
  process.on('message', (message) => {
    const { id, command: name, args } = commandSchema.parse(message);
    const run = known.get(name);
    if (run === undefined) throw new Error(`no such command: ${name}`);
    void carryOut(id, () => run(args));
  });
}

async function carryOut(id: number | null, run: () => unknown): Promise<void> {
  try {
    const result = await run();
    if (id !== null) send({ kind: 'done', id, result: result ?? null });
  } catch (error) {
    if (id === null) throw error;
    send({
      kind: 'failed',
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

function send(reply: Reply): void {
  process.send?.(reply);
}
