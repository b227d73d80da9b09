import { STANDINGS_LENGTH } from '../../shared/olympics.ts';
import { AMOUNT_LIMIT } from '../../shared/units.ts';
import { MAX_POSITIONS } from '../../shared/vaults.ts';
import { FILLS_LENGTH } from '../../shared/views/account.ts';
import { CANDLES_LENGTH } from '../../shared/views/candles.ts';
import { LATEST_LENGTH } from '../../shared/views/channel-views.ts';
import {
  ACTIVITIES_LENGTH,
  GRADUATIONS_LENGTH,
  KINGS_LENGTH,
  NEW_AGENTS_LENGTH,
  TAPE_LENGTH,
} from '../../shared/views/newest.ts';
import { VAULT_HISTORY_LENGTH } from '../../shared/views/vault.ts';
import {
  ERROR_WINDOW_MS,
  DEFAULT_LIMITS as GATEWAY,
  MAX_ERRORS,
  MAX_FRAME_BYTES,
  MAX_ID_LENGTH,
  MAX_MESSAGE_BYTES,
  TOO_MANY_ERRORS,
} from '../gateway/limits.ts';
import { MAX_BEHIND } from '../realtime/cursor.ts';
import { DEFAULT_LIMITS, DEFAULT_MAX_BATCH } from '../realtime/ws/options.ts';

/**
 * What is settled where this folder must not look: in `server/http.ts`, in the core and in the journal. The tests compare
 * each with what holds there.
 */
export const STATED = {
  /** `server/http.ts` */
  messageBytes: 16 * 1024,
  pingMs: 30_000,
  pongWaitMs: 10_000,
  /** `server/realtime/ws/messages.ts` */
  idLength: 64,
  /** `server/realtime/hub.ts` */
  ring: 1_024,
  /** `server/feeds` */
  paceMs: 500,
  vaults: 100,
  /** `server/api/platform-queries.ts` */
  shareholders: 50,
  /** `server/market/orders.ts` */
  ordersRemembered: 131_072,
  /** `server/journal/executor.ts` */
  commandsWaiting: 65_536,
} as const;

export type Unit = 'bytes' | 'ms' | 'count' | 'base units';

export interface Limit {
  readonly name: string;
  /** Base units as text, like every bigint. */
  readonly value: number | string;
  readonly unit: Unit;
  /** What happens at the limit, and to whom. */
  readonly note: string;
}

export interface LimitGroup {
  readonly title: string;
  readonly limits: readonly Limit[];
}

const bytes = (name: string, value: number, note: string): Limit => ({ name, value, unit: 'bytes', note });
const ms = (name: string, value: number, note: string): Limit => ({ name, value, unit: 'ms', note });
const count = (name: string, value: number, note: string): Limit => ({ name, value, unit: 'count', note });

export const LIMITS: readonly LimitGroup[] = [
  {
    title: 'Calls',
    limits: [
      bytes(
        'Message or body',
        STATED.messageBytes,
        'Larger ones are refused before they are parsed: with 413 over HTTP, with close code 1009 over WebSocket.',
      ),
      count(
        'Messages in a batch',
        DEFAULT_MAX_BATCH,
        'Of a larger batch each is answered with `BAD_REQUEST`.',
      ),
      count('Characters of a message id', STATED.idLength, 'Or a safe integer; else `PARSE_ERROR`.'),
      count(
        'Order ids remembered',
        STATED.ordersRemembered,
        'A `clientOrderId` is recognised for at least so many later orders of the whole market, restarts included.',
      ),
      count(
        'Commands waiting',
        STATED.commandsWaiting,
        'More are refused at once with `SERVICE_UNAVAILABLE` and `retry: "same_order"`.',
      ),
      {
        name: 'Amounts',
        value: `${AMOUNT_LIMIT - 1n}`,
        unit: 'base units',
        note: 'SOL, tokens and shares stay below 2^63, the range of a signed 64-bit integer.',
      },
      count('Agents that a vault holds', MAX_POSITIONS, 'One more is refused with `too_many_positions`.'),
    ],
  },
  {
    title: 'WebSocket connections (/trpc)',
    limits: [
      count(
        'Subscriptions',
        DEFAULT_LIMITS.maxSubscriptions,
        'Of one connection at a time; one more is answered with `TOO_MANY_REQUESTS`.',
      ),
      bytes(
        'Send budget',
        DEFAULT_LIMITS.sendBudgetBytes,
        'While more waits to be sent, the connection gets no more items and is not read from. Cursors stay where they are.',
      ),
      ms('Stuck', DEFAULT_LIMITS.stuckMs, 'Cut when nothing of what waits has left for so long.'),
      ms(
        'Connection params',
        DEFAULT_LIMITS.connectionParamsMs,
        'When announced, they must come in this time; else 4408.',
      ),
      ms('Ping', STATED.pingMs, 'The server sends the text `PING` after so much silence.'),
      ms('Pong', STATED.pongWaitMs, 'And cuts the connection when nothing comes for so long after that.'),
    ],
  },
  {
    title: 'Delivery',
    limits: [
      count(
        'Messages kept for a channel',
        STATED.ring,
        'In memory; who is further behind reads from the log.',
      ),
      count(
        'Entries behind',
        MAX_BEHIND,
        'Who is still so far behind after a page of history gets a snapshot with reason `gap`.',
      ),
      ms(
        'Pace of `olympics` and `vaults`',
        STATED.paceMs,
        'They move with every trade and are sent at most so often.',
      ),
    ],
  },
  {
    title: 'What a snapshot holds',
    limits: [
      count('Trades', TAPE_LENGTH, 'The newest, in `trades` and `agent`.'),
      count('New agents', NEW_AGENTS_LENGTH, 'The newest, in `agents`.'),
      count('Graduations', GRADUATIONS_LENGTH, 'The newest, in `graduations`.'),
      count('Kings', KINGS_LENGTH, 'The newest, in `kings`.'),
      count('Activities', ACTIVITIES_LENGTH, 'The newest, in `activities`.'),
      count('Agents', LATEST_LENGTH, 'Those that changed last, in `prices` and `staking`.'),
      count('Vaults', STATED.vaults, 'The largest, in `vaults`.'),
      count('Standings', STANDINGS_LENGTH, 'The first agents of the season, in `olympics`.'),
      count('Moves of a vault', VAULT_HISTORY_LENGTH, 'The newest, in `vault`.'),
      count('Trades of a wallet', FILLS_LENGTH, 'The newest, in `account`.'),
      count('Candles', CANDLES_LENGTH, 'Kept of each interval; `candles` has no older ones.'),
      count('Shareholders', STATED.shareholders, 'The largest, in the query `vault`.'),
    ],
  },
  {
    title: 'Plain JSON gateway (/ws)',
    limits: [
      bytes('Message', MAX_MESSAGE_BYTES, 'A larger one is answered with the error `too_large`.'),
      bytes('Frame', MAX_FRAME_BYTES, 'A larger one ends the connection with 1009.'),
      count('Characters of a message id', MAX_ID_LENGTH, 'Or a number; else `bad_message`.'),
      count(
        'Subscriptions',
        GATEWAY.maxSubscriptions,
        'Of one connection at a time; then `too_many_subscriptions`.',
      ),
      count(
        'Errors',
        MAX_ERRORS,
        `More within ${ERROR_WINDOW_MS / 1000} s end the connection with ${TOO_MANY_ERRORS}.`,
      ),
      bytes('Send budget', GATEWAY.sendBudgetBytes, 'As on /trpc.'),
      ms('Stuck', GATEWAY.stuckMs, 'As on /trpc.'),
      ms('Heartbeat', GATEWAY.heartbeatMs, 'The server sends a WebSocket ping after so much silence.'),
      ms('Pong', GATEWAY.pongWaitMs, 'And cuts the connection when nothing comes for so long after that.'),
    ],
  },
];

/** `16 KiB`, `30 s`, `131,072`. */
export function formatLimit({ value, unit }: Limit): string {
  if (typeof value === 'string') return BigInt(value).toLocaleString('en-US');
  switch (unit) {
    case 'bytes':
      return value % 1024 === 0 ? `${value / 1024} KiB` : `${grouped(value)} bytes`;
    case 'ms':
      return value % 1000 === 0 ? `${value / 1000} s` : `${grouped(value)} ms`;
    case 'count':
    case 'base units':
      return grouped(value);
    default:
      return unit satisfies never;
  }
}

const grouped = (value: number): string => value.toLocaleString('en-US');
