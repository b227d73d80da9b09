import { mkdirSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openForWriting } from './database.ts';
import { journalFault } from './faults.ts';
import { holdLock } from './lock.ts';
import type { AppendRequest, Reply, Request, WorkerOptions } from './messages.ts';
import { LineReader } from './queries.ts';
import { LogWriter } from './writer.ts';

/**
 * The journal's thread: it alone writes the log, so that an fsync stalls nobody else. Appends that have come in while
 * one was written are committed together. Anything thrown past here ends the thread, and with it the log.
 */
function serve(port: MessagePort, { directory, maxPages }: WorkerOptions): void {
  const reply = (message: Reply): void => port.postMessage(message);
  let parts: ReturnType<typeof openParts>;
  try {
    parts = openParts(directory, maxPages);
  } catch (error) {
    const { code, message, outcome } = journalFault(error, directory, 'write_failed');
    reply({ kind: 'refused', failure: { code, message, outcome } });
    port.close();
    return;
  }
  const { db, file, epoch, reader, writer, release } = parts;

  const read = ({ id, query }: Extract<Request, { kind: 'read' }>): void => {
    try {
      reply({ kind: 'lines', id, ...reader.lines(query, writer.head) });
    } catch (error) {
      const { code, message, outcome } = journalFault(error, file, 'corrupt');
      reply({ kind: 'failed', id, failure: { code, message, outcome }, head: writer.head });
    }
  };

  const close = (): void => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    release();
    reply({ kind: 'closed' });
    port.close();
  };

  port.on('message', (first: Request) => {
    let appends: AppendRequest[] = [];
    const flush = (): void => {
      if (appends.length > 0) for (const message of writer.commit(appends)) reply(message);
      appends = [];
    };
    for (const request of waiting(port, first)) {
      if (request.kind === 'append') {
        appends.push(request);
        continue;
      }
      flush();
      if (request.kind === 'read') read(request);
      else close();
    }
    flush();
  });
  reply({ kind: 'opened', epoch, head: writer.head });
}

function openParts(directory: string, maxPages: number | undefined) {
  mkdirSync(directory, { recursive: true });
  const release = holdLock(directory);
  try {
    const log = openForWriting(directory, maxPages);
    const { db, file } = log;
    return { ...log, release, reader: new LineReader(db, file), writer: new LogWriter(db, file) };
  } catch (error) {
    release();
    throw error;
  }
}

/** The message that woke the thread and those that have queued up behind it. */
function* waiting(port: MessagePort, first: Request): Generator<Request> {
  yield first;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    yield next.message;
  }
}

if (parentPort === null) throw new Error('this file is started as a worker thread by the journal');
serve(parentPort, workerData);
