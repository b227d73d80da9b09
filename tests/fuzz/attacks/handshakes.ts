import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import {
  get,
  HOSTS,
  KEY,
  KEYS_OF_SOCKETS,
  path,
  RIGHT,
  raw,
  smuggled,
  TARGETS,
  without,
} from './upgrade-parts.ts';

/**
 * What is written to a new TCP connection. It is complete as HTTP goes, or broken: the server owes an answer, or the end of
 * the connection.
 */
const texts: readonly (readonly [string, (dice: Dice) => string])[] = [
  [
    'targets',
    (dice) => raw(`GET ${dice.pick(TARGETS)} HTTP/1.1`, dice.chance(0.7) ? RIGHT : [['Host', 'x']]),
  ],
  ['hosts', (dice) => get(dice, [['Host', dice.pick(HOSTS)], ...without('Host')])],
  ['no or two hosts', (dice) => get(dice, dice.pick([without('Host'), [['Host', 'a'], ...RIGHT]]))],
  [
    'huge header',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [dice.pick(['X', 'Cookie', 'Authorization', 'Origin']), 'x'.repeat(dice.between(8_000, 40_000))],
      ]),
  ],
  [
    'thousands of headers',
    (dice) =>
      get(dice, [
        ...RIGHT,
        ...Array.from({ length: dice.between(1_000, 4_000) }, (_, index): [string, string] => [
          `a${index}`,
          '',
        ]),
      ]),
  ],
  [
    'keys',
    (dice) =>
      get(
        dice,
        dice.pick([
          without('Sec-WebSocket-Key'),
          [...RIGHT, ['Sec-WebSocket-Key', KEY]],
          [...without('Sec-WebSocket-Key'), ['Sec-WebSocket-Key', dice.pick(KEYS_OF_SOCKETS)]],
        ]),
      ),
  ],
  [
    'versions',
    (dice) =>
      get(dice, [
        ...without('Sec-WebSocket-Version'),
        ['Sec-WebSocket-Version', dice.pick(['0', '8', '12', '14', '', 'x', '13, 8', '-13', '1e1'])],
      ]),
  ],
  [
    'extensions',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [
          'Sec-WebSocket-Extensions',
          dice.pick([
            'permessage-deflate; server_max_window_bits=99',
            '=',
            ';;;',
            'permessage-deflate; __proto__',
            'a'.repeat(3_000),
            '"',
          ]),
        ],
      ]),
  ],
  [
    'protocols',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [
          'Sec-WebSocket-Protocol',
          dice.pick(['', ',', 'a,a', 'a b', '__proto__', '\u00ff', 'x'.repeat(3_000)]),
        ],
      ]),
  ],
  [
    'methods',
    (dice) =>
      raw(
        `${dice.pick(['POST', 'PUT', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'DELETE', 'PATCH', 'PRI', 'FOO', 'get', 'M-SEARCH', ''])} ${path(dice)} HTTP/1.1`,
        RIGHT,
      ),
  ],
  [
    'HTTP versions',
    (dice) =>
      raw(
        `GET ${path(dice)} ${dice.pick(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.', 'HTP/1.1', 'HTTP/11', 'ICE/1.0', ''])}`,
        RIGHT,
      ),
  ],
  ['HTTP/0.9', (dice) => `GET ${path(dice)}\r\n\r\n`],
  ['bodies', (dice) => raw(`GET ${path(dice)} HTTP/1.1`, [...RIGHT, ['Content-Length', '5']], 'hello')],
  [
    'pipelined',
    (dice) =>
      Array.from({ length: dice.between(2, 40) }, () =>
        raw(`GET ${dice.pick(['/health', '/ready', '/trpc/agents', '//', '/ws'])} HTTP/1.1`, [['Host', 'x']]),
      ).join(''),
  ],
  ['pipelined upgrades', (dice) => get(dice, RIGHT).repeat(dice.between(2, 4))],
  ['smuggling', smuggled],
  [
    'control characters',
    (dice) =>
      dice.pick([
        `GET /ws HTTP/1.1\nHost: x\n\n`,
        `GET /ws HTTP/1.1\r\rHost: x\r\r`,
        raw('GET /ws\u0000 HTTP/1.1', RIGHT),
        raw('GET /ws HTTP/1.1', [...RIGHT, ['X\u0000', 'y']]),
        raw('GET /ws HTTP/1.1', [...RIGHT, ['X', 'a\rb']]),
        raw('GET /ws HTTP/1.1', [...RIGHT, ['X', 'a\r\n b']]),
        raw('GET /ws HTTP/1.1', [...RIGHT, ['X ', 'y']]),
        raw('GET /ws HTTP/1.1', [...RIGHT, ['', 'y']]),
        `\r\n\r\n\r\n${raw('GET /ws HTTP/1.1', RIGHT)}`,
        raw('GET\t/ws\tHTTP/1.1', RIGHT),
      ]),
  ],
  ['unknown paths', (dice) => raw(`GET /${dice.word(dice.between(1, 30))} HTTP/1.1`, RIGHT)],
  [
    'origins',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [
          'Origin',
          dice.pick([
            'null',
            'http://evil.example',
            'http://[',
            '',
            'file://',
            'javascript:alert(1)',
            '\u00ff',
            'http://localhost.evil.example',
            'x'.repeat(4_000),
          ]),
        ],
      ]),
  ],
  [
    'forwarded for',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [
          'X-Forwarded-For',
          dice.pick([
            '127.0.0.1',
            '::1',
            'unknown',
            '1.2.3.4, 5.6.7.8',
            '256.1.1.1',
            '\u00ff',
            ','.repeat(2_000),
            '__proto__',
            "'; --",
            'x'.repeat(4_000),
          ]),
        ],
        ['Forwarded', 'for="[::1]";proto=https'],
        ['X-Real-IP', '127.0.0.1'],
      ]),
  ],
  [
    'authorization',
    (dice) =>
      get(dice, [
        ...RIGHT,
        [
          'Authorization',
          dice.pick(['Bearer', 'Bearer  ', 'Basic x', 'Bearer a.b.c', `Bearer ${'x'.repeat(6_000)}`]),
        ],
      ]),
  ],
];

const bytes: readonly (readonly [string, (dice: Dice) => Buffer])[] = [
  ['noise', (dice) => Buffer.concat([dice.bytes(dice.between(1, 600)), Buffer.from('\r\n\r\n')])],
  [
    'TLS',
    (dice) =>
      Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), dice.bytes(dice.between(40, 400))]),
  ],
  ['HTTP/2', () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004', 'latin1')],
];

const all = [
  ...texts.map(([name, make]) => [name, (dice: Dice) => Buffer.from(make(dice), 'latin1')] as const),
  ...bytes,
];

export const handshakeKinds: readonly Kind<Buffer>[] = all.map(([name, make]) => ({
  name: `handshake ${name}`,
  weight: 1,
  make,
}));
