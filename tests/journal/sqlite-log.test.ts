import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JournalError, type LogRecord } from '../../server/journal/log.ts';
import { openLogReader } from '../../server/journal/log-reader.ts';
import { connectLog, openSqliteLog, startWorker } from '../../server/journal/sqlite-log.ts';
import { agentId } from '../../shared/ids.ts';
import { agentCreated, tradeExecuted, trades } from '../support/entries.ts';
import { openUntilFinished, temporaryDirectory } from './temporary.ts';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Runs a program, in another working directory than ours, until the test is over. */
function run(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done) throw new Error('the program has ended');
    return next.value;
  };
  return { child, line };
}

describe('SqliteLog', () => {
  it('is the same log when opened again', async () => {
    const directory = join(temporaryDirectory(), 'new', 'folder');
    const log = await openSqliteLog({ directory });
    await log.append(trades(1, 30));
    await log.close();
    const again = await openUntilFinished({ directory });
    expect([again.epoch, again.head]).toEqual([log.epoch, 30]);
    expect((await again.read({ after: 0, limit: 100 })).records).toEqual(trades(1, 30));
    await again.append(trades(31, 31));
    expect(again.head).toBe(31);
  });

  it('gives each log a name of its own', async () => {
    const [one, two] = [temporaryDirectory(), temporaryDirectory()];
    const logs = await Promise.all([
      openUntilFinished({ directory: one }),
      openUntilFinished({ directory: two }),
    ]);
    expect(logs[0]?.epoch).not.toBe(logs[1]?.epoch);
  });

  it('lets one process in, keeps what it acknowledged through SIGKILL, and is free then', async () => {
    const directory = temporaryDirectory();
    const { child, line } = run(['--import', tsx, path('./log-child.ts'), directory]);
    const epoch = await line();
    await expect(openSqliteLog({ directory })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(directory),
    });
    let acknowledged = 0;
    while (acknowledged < 200) acknowledged = Number(await line());
    child.kill('SIGKILL');
    await once(child, 'exit');

    const log = await openUntilFinished({ directory });
    expect(log.epoch).toBe(epoch);
    expect(log.head).toBeGreaterThanOrEqual(acknowledged);
    expect(log.head % 20).toBe(0);
    const { records } = await log.read({ after: 0, limit: log.head });
    expect(records).toEqual(trades(1, log.head));
  });

  it('lets nobody else of its own process in either, until it is closed', async () => {
    const directory = temporaryDirectory();
    const log = await openUntilFinished({ directory });
    await expect(openSqliteLog({ directory })).rejects.toMatchObject({ code: 'locked' });
    await log.append(trades(1, 1));
    await log.close();
    expect((await openUntilFinished({ directory })).head).toBe(1);
  });

  it('runs from one bundled file beside that of its thread, in any working directory', async () => {
    const outdir = temporaryDirectory();
    symlinkSync(path('../../node_modules'), join(outdir, 'node_modules'));
    const program = `import { openSqliteLog } from './sqlite-log.ts';
      const log = await openSqliteLog({ directory: process.argv[2] });
      console.log(log.epoch);
      await log.close();`;
    const resolveDir = path('../../server/journal');
    const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external' } as const;
    await build({ ...options, stdin: { contents: program, resolveDir }, outfile: join(outdir, 'main.js') });
    await build({
      ...options,
      entryPoints: [join(resolveDir, 'worker.ts')],
      outfile: join(outdir, 'journal-worker.js'),
    });
    writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
    const { child, line } = run([join(outdir, 'main.js'), join(outdir, 'data')]);
    const exited = once(child, 'exit');
    const epoch = await line();
    expect(await exited).toEqual([0, null]);
    expect((await openUntilFinished({ directory: join(outdir, 'data') })).epoch).toBe(epoch);
  });
});

describe('a log that runs out of space', () => {
  const huge = (first: number): LogRecord[] => trades(first, first + 1999);

  it('refuses the group, keeps nothing of it, and goes on when there is space', async () => {
    const directory = temporaryDirectory();
    const log = await openSqliteLog({ directory, maxPages: 40 });
    await log.append(trades(1, 10));
    await expect(log.append(huge(11))).rejects.toMatchObject({
      code: 'write_failed',
      outcome: 'not_written',
      message: expect.stringContaining('SQLITE_FULL'),
    });
    expect(log.head).toBe(10);
    expect((await log.read({ after: 0, limit: 100 })).records).toEqual(trades(1, 10));
    await log.append(trades(11, 20));
    await log.close();
    const again = await openUntilFinished({ directory });
    expect((await again.read({ after: 0, limit: 100 })).records).toEqual(trades(1, 20));
  });

  it('refuses only from the group on that did not fit, of those committed together', async () => {
    const log = await openUntilFinished({ directory: temporaryDirectory(), maxPages: 40 });
    const outcomes = await Promise.allSettled([
      log.append(trades(1, 5)),
      log.append(trades(6, 10)),
      log.append(huge(11)),
      log.append(trades(2011, 2020)),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { code: 'write_failed', outcome: 'not_written' } },
      { reason: { code: 'out_of_sequence', outcome: 'not_written' } },
    ]);
    expect(log.head).toBe(10);
    expect((await log.read({ after: 0, limit: 100 })).records).toEqual(trades(1, 10));
  });
});

describe("the death of the log's thread", () => {
  it('leaves the append in flight unknown and closes the log', async () => {
    // A thread that speaks the protocol and dies of the first append: the real one gives no hold on that moment.
    const dying = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', () => { throw new Error('out of luck'); });
       parentPort.postMessage({ kind: 'opened', epoch: '00000000000000aa', head: 0 });`,
      { eval: true },
    );
    const errors: string[] = [];
    const logger = { error: (message: string) => errors.push(message) };
    const log = await connectLog(dying, { directory: temporaryDirectory(), logger });
    const [append, read] = await Promise.allSettled([
      log.append(trades(1, 1)),
      log.read({ after: 0, limit: 1 }),
    ]);
    expect(append).toMatchObject({ reason: { code: 'closed', outcome: 'unknown' } });
    expect(read).toMatchObject({ reason: { code: 'closed', outcome: 'not_written' } });
    expect(append).toMatchObject({ reason: { message: expect.stringContaining('out of luck') } });
    await expect(log.append(trades(1, 1))).rejects.toMatchObject({ code: 'closed', outcome: 'not_written' });
    await log.close();
    expect(errors).toEqual([expect.stringContaining('out of luck')]);
  });

  it('frees the log for another to open', async () => {
    const directory = temporaryDirectory();
    const worker = startWorker({ directory });
    const log = await connectLog(worker, { directory });
    await log.append(trades(1, 5));
    await worker.terminate();
    await expect(log.read({ after: 0, limit: 1 })).rejects.toMatchObject({ code: 'closed' });
    await log.close();
    const again = await openUntilFinished({ directory });
    expect([again.epoch, again.head]).toEqual([log.epoch, 5]);
  });

  it('refuses to open when the thread ends at the start', async () => {
    const worker = new Worker('process.exit(3)', { eval: true });
    const opened = connectLog(worker, { directory: temporaryDirectory() });
    await expect(opened).rejects.toThrow(JournalError);
    await expect(opened).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('openLogReader', () => {
  it('reads what has been committed while the log is open, without a lock', async () => {
    const directory = temporaryDirectory();
    const log = await openUntilFinished({ directory });
    await log.append([{ entry: agentCreated(1), order: null }]);
    const reader = openLogReader(directory);
    onTestFinished(() => reader.close());
    expect([reader.epoch, reader.head]).toEqual([log.epoch, 1]);
    await log.append(trades(2, 9));
    expect(reader.head).toBe(9);
    expect(reader.read({ after: 1, limit: 3 })).toEqual({ records: trades(2, 4), through: 4 });
    const created = reader.read({ after: 0, limit: 9, selector: { types: ['agent_created'] } });
    expect(created).toEqual({ records: [{ entry: agentCreated(1), order: null }], through: 9 });
    const quiet = reader.read({ after: 0, limit: 9, selector: { agentId: agentId('88') } });
    expect(quiet).toEqual({ records: [], through: 9 });
    await log.append([{ entry: tradeExecuted(10), order: null }]);
  });

  it('refuses a directory without a log, and makes none there', async () => {
    const directory = temporaryDirectory();
    expect(() => openLogReader(directory)).toThrow('does not exist');
    expect(() => openLogReader(directory)).toThrow(directory);
  });
});
