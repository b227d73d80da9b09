import { FAUCET_SOL } from '../../shared/faucet.ts';
import { STANDINGS_LENGTH } from '../../shared/olympics.ts';
import { AMOUNT_LIMIT, formatDecimal, SOL_DECIMALS } from '../../shared/units.ts';
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
  DEFAULT_LIMITS as GATEWAY,
  MAX_FRAME_BYTES,
  MAX_ID_LENGTH,
  MAX_MESSAGE_BYTES,
} from '../gateway/limits.ts';
import { MAX_BEHIND } from '../realtime/cursor.ts';
import { CLOSE } from '../realtime/ws/close-codes.ts';
import { DEFAULT_LIMITS, DEFAULT_MAX_BATCH } from '../realtime/ws/options.ts';
import { allowance, bytes, count, duration, type Limit, ms, rate, set } from './limit.ts';
import { COUNTED, STATED } from './stated.ts';

export interface LimitGroup {
  readonly title: string;
  readonly limits: readonly Limit[];
}

const { rates } = STATED;
const these = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
const refusalsOf = ({ count: most, windowMs }: { count: number; windowMs: number }): string =>
  `more than ${most} refusals within ${windowMs / 1000} s end the connection with ${CLOSE.abuse}`;

export const LIMITS: readonly LimitGroup[] = [
  {
    title: 'How often',
    limits: [
      set(
        'TRADES_PER_WALLET',
        rate(
          'Orders of a wallet',
          rates.trades.wallet,
          `${these(COUNTED.trades)}. One more is answered with \`TOO_MANY_REQUESTS\` and \`data.retryAfter\`; nothing was done.`,
        ),
      ),
      set('TRADES_PER_IP', rate('Orders from an address', rates.trades.address, 'The same.')),
      set(
        'CREATIONS_PER_WALLET',
        rate('New things of a wallet', rates.creations.wallet, `${these(COUNTED.creations)}. The same.`),
      ),
      set('CREATIONS_PER_IP', rate('New things from an address', rates.creations.address, 'The same.')),
      set(
        'SIGN_INS_PER_IP',
        rate(
          'Challenges for an address',
          rates.sign_ins.address,
          `${these(COUNTED.sign_ins)} and \`challenge\` on /ws together. The same; on /ws \`rate_limited\`.`,
        ),
      ),
      count(
        'Faucet for a wallet',
        1,
        `In a UTC day, ${formatDecimal(FAUCET_SOL, SOL_DECIMALS)} SOL; then it is refused with \`faucet_empty\`. A server may have none (\`FAUCET\`).`,
      ),
      set('FAUCET_PER_IP', rate('Faucet for an address', rates.faucet.address, 'As for orders.')),
      set(
        'REQUESTS_PER_IP',
        rate(
          'HTTP requests from an address',
          rates.requests.address,
          'To /trpc, a batch as one. Then 429, with `Retry-After` and the error `TOO_MANY_REQUESTS`.',
        ),
      ),
      set(
        'CONNECTS_PER_IP',
        rate(
          'WebSockets that an address opens',
          rates.connects.address,
          'One more is answered with 429 at the upgrade, with `Retry-After`.',
        ),
      ),
      set(
        'CONNECTIONS_PER_IP',
        count(
          'Connections of an address',
          STATED.connectionsPerAddress,
          'WebSockets, and requests to /trpc that are being answered, at a time; one more is answered with 429.',
        ),
      ),
    ],
  },
  {
    title: 'Signing in',
    limits: [
      ms(
        'Challenge',
        STATED.challengeMs,
        `Can be signed and used once for so long. Clocks may be ${duration(STATED.skewMs)} off.`,
      ),
      ms(
        'Access token',
        STATED.accessMs,
        'Then `UNAUTHORIZED`, `data.session` `expired`, until it is renewed.',
      ),
      ms('Session', STATED.sessionMs, 'Ends then, however often it was refreshed.'),
      ms('Session by a signature on /ws', STATED.accessMs, 'There is nothing to refresh: sign again before.'),
      count(
        'Sessions of a wallet',
        STATED.sessions,
        `One more ends the oldest, whose connections are closed with ${CLOSE.unauthorized}.`,
      ),
    ],
  },
  {
    title: 'HTTP',
    limits: [
      count('Calls in a batch', STATED.httpBatch, 'More are refused together, with 400 `BAD_REQUEST`.'),
      bytes('Headers', STATED.headerBytes, 'All together; more are refused with 431.'),
      ms('Time for headers', STATED.headersMs, 'From when the connection is there; then 408.'),
      ms('Time for a request', STATED.requestMs, 'Its body included; then 408.'),
      ms('Silence', STATED.keepAliveMs, 'Between two requests of a connection; then it is closed.'),
      count(
        'TCP connections of an address',
        STATED.connectionsPerAddress * STATED.socketsPerConnection,
        'One more is cut. Behind a proxy of ours that is the business of the proxy.',
      ),
    ],
  },
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
        'Over WebSocket. Of a larger batch each is answered with `BAD_REQUEST`.',
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
      set(
        'SUBSCRIBES',
        allowance(
          'Subscriptions started',
          STATED.subscribes,
          'By one connection: all that it may have at once, then so many a second. One more is answered with `TOO_MANY_REQUESTS` and `data.retryAfter`, and not begun.',
        ),
      ),
      set(
        'MESSAGES',
        allowance(
          'Other messages',
          STATED.messages,
          'Of one connection, each of a batch for itself, `PING` too. The same.',
        ),
      ),
      count(
        'Refusals',
        DEFAULT_LIMITS.refusals.count,
        `Messages above these two limits, or that are none: ${refusalsOf(DEFAULT_LIMITS.refusals)}.`,
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
        'Pace of olympics and vaults',
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
      set(
        'SUBSCRIBES',
        allowance(
          'Subscriptions started',
          STATED.subscribes,
          'As on /trpc; one more is `rate_limited`, with `retryAfter`.',
        ),
      ),
      set('MESSAGES', allowance('Other messages', STATED.messages, 'The same.')),
      count('Refusals', GATEWAY.refusals.count, `What is \`rate_limited\`: ${refusalsOf(GATEWAY.refusals)}.`),
      count(
        'Other errors',
        GATEWAY.errors.count,
        `More within ${GATEWAY.errors.windowMs / 1000} s end the connection with ${CLOSE.abuse} as well.`,
      ),
      bytes('Send budget', GATEWAY.sendBudgetBytes, 'As on /trpc.'),
      ms('Stuck', GATEWAY.stuckMs, 'As on /trpc.'),
      ms('Heartbeat', GATEWAY.heartbeatMs, 'The server sends a WebSocket ping after so much silence.'),
      ms('Pong', GATEWAY.pongWaitMs, 'And cuts the connection when nothing comes for so long after that.'),
    ],
  },
];
