import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { textFrame } from '../shots.ts';
import { handshake } from '../web-socket.ts';
import { SUBSCRIPTIONS } from './catalogue.ts';
import { callText, superjsonOf } from './inputs.ts';

/** A client that is slow, leaves early, or does not do its part. */
export interface SlowClient {
  /** Where its WebSocket is opened; `null` when it stays with TCP. */
  readonly path: string | null;
  readonly bytes: Buffer;
  /** How it writes them. */
  readonly manner: 'at once' | 'byte by byte';
  readonly reads: boolean;
  /** What it does then: stays as long as there is room, or leaves at once. */
  readonly after: 'stay' | 'stay among the deaf' | 'leave' | 'reset';
}

const HEAD = 'GET /trpc HTTP/1.1\r\nHost: localhost\r\n';
const POST = `POST /trpc/buy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{`;

const base: SlowClient = {
  path: null,
  bytes: Buffer.alloc(0),
  manner: 'at once',
  reads: true,
  after: 'stay',
};

/** The first part of it. */
const part = (bytes: Buffer, dice: Dice): Buffer => bytes.subarray(0, dice.between(1, bytes.length - 1));

const LARGE_QUERIES = 24;

/** Subscribes to all that moves; some also ask for more than the system's buffers hold, and do not read that either. */
function deafToTrpc(dice: Dice): Buffer {
  const subscriptions = SUBSCRIPTIONS.map(({ path, method, fields }, index) =>
    textFrame(callText(dice, { id: String(index), path, method, input: superjsonOf(fields(dice)) }), dice),
  );
  const query = callText(dice, { path: 'trades', method: 'query', input: '{"json":{"limit":200}}' });
  const queries = dice.chance(0.2) ? Array.from({ length: LARGE_QUERIES }, () => textFrame(query, dice)) : [];
  return Buffer.concat([...subscriptions, ...queries]);
}

const CHANNELS = ['trades', 'prices', 'activities', 'staking', 'olympics', 'vaults', 'kings'] as const;

const deafToGateway = (dice: Dice): Buffer =>
  Buffer.concat(CHANNELS.map((channel) => textFrame(`{"type":"subscribe","channel":"${channel}"}`, dice)));

const kind = (name: string, make: (dice: Dice) => Partial<SlowClient>): Kind<SlowClient> => ({
  name: `slow ${name}`,
  weight: 0,
  make: (dice) => ({ ...base, ...make(dice) }),
});

/** Without a weight: there are hundreds of each in a run, however long it is. */
export const slowKinds: readonly Kind<SlowClient>[] = [
  kind('silent', () => ({})),
  kind('silent on /trpc', () => ({ path: '/trpc' })),
  kind('no params', () => ({ path: '/trpc?connectionParams=1' })),
  kind('byte by byte', (dice) => ({
    bytes: handshake(dice.pick(['/trpc', '/ws', '//', '/nowhere'])),
    manner: 'byte by byte',
    after: 'leave',
  })),
  kind('frame byte by byte', (dice) => ({
    path: dice.pick(['/trpc', '/ws']),
    bytes: textFrame('{"id":1,"type":"ping"}', dice),
    manner: 'byte by byte',
    after: 'leave',
  })),
  kind('half a handshake', (dice) => ({ bytes: part(handshake('/trpc'), dice) })),
  kind('headers without end', (dice) => ({
    bytes: Buffer.from(`${HEAD}${'X: y\r\n'.repeat(dice.below(50))}`),
  })),
  kind('half a body', () => ({ bytes: Buffer.from(POST) })),
  kind('half a frame', (dice) => ({
    path: dice.pick(['/trpc', '/ws']),
    bytes: part(encodeFrame({ opcode: OPCODE.text, payload: dice.word(120) }), dice),
  })),
  kind('cut in the handshake', (dice) => ({
    bytes: part(handshake(dice.pick(['/trpc', '/ws'])), dice),
    after: dice.pick(['leave', 'reset']),
  })),
  kind('cut after the handshake', (dice) => ({
    bytes: handshake(dice.pick(['/trpc', '/ws'])),
    after: dice.pick(['leave', 'reset']),
  })),
  kind('cut in a frame', (dice) => ({
    path: dice.pick(['/trpc', '/ws']),
    bytes: part(encodeFrame({ opcode: OPCODE.text, payload: dice.word(120) }), dice),
    after: dice.pick(['leave', 'reset']),
  })),
  kind('reset at once', () => ({ after: 'reset' })),
  kind('deaf to /trpc', (dice) => ({
    path: '/trpc',
    bytes: deafToTrpc(dice),
    reads: false,
    after: 'stay among the deaf',
  })),
  kind('deaf to /ws', (dice) => ({
    path: '/ws',
    bytes: deafToGateway(dice),
    reads: false,
    after: 'stay among the deaf',
  })),
];
