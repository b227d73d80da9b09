import type { Dice } from '../dice.ts';
import { KEYS } from './values.ts';

/** What openings are made of. */

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

export type Headers = readonly (readonly [string, string])[];

export const RIGHT: Headers = [
  ['Host', 'localhost'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', KEY],
  ['Sec-WebSocket-Version', '13'],
];

/** Bytes as they are: what is not Latin-1 does not come into it. */
export const raw = (line: string, headers: Headers, body = ''): string =>
  `${[line, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${body}`;

export const without = (name: string): Headers => RIGHT.filter(([own]) => own !== name);
export const path = (dice: Dice): string =>
  dice.pick(['/trpc', '/ws', '/trpc?connectionParams=1', '/ws?x=1']);
export const get = (dice: Dice, headers: Headers): string => raw(`GET ${path(dice)} HTTP/1.1`, headers);

export const TARGETS = [
  '//',
  '//trpc',
  '///',
  '//localhost/trpc',
  '/\\',
  '*',
  'http://',
  'http://localhost/trpc',
  'http://[/trpc',
  'ws://localhost/ws',
  'trpc',
  '?',
  '#',
  '/trpc#x',
  '/%',
  '/%00',
  '/%ff%fe',
  '/trpc/%2e%2e/%2e%2e',
  '/../../../etc/passwd',
  '/..%2f..%2f',
  '/trpc?%',
  '/trpc?connectionParams=1&connectionParams=0',
  '/trpc?connectionParams[]=1',
  '/ws?\u00ff\u00fe',
  '/ws/',
  '/WS',
  '/trpc/',
  '/trpc/ws',
  '/:80',
  '/@',
  '/[',
  'localhost:80',
  `/${'a'.repeat(8_000)}`,
  `/trpc?${'a=1&'.repeat(2_000)}`,
  ...KEYS.map((key) => `/${key}`),
] as const;

export const HOSTS = [
  '[',
  ']',
  '',
  ' ',
  'a b',
  '[::1',
  'a:b',
  ':',
  '@',
  'a/b',
  'a?b',
  'a#b',
  '%',
  '%00',
  'x'.repeat(4_000),
] as const;

export const KEYS_OF_SOCKETS = [
  '',
  'short',
  'x'.repeat(4_000),
  '====',
  'dGhlIHNhbXBsZSBub25jZQ',
  `${KEY}, ${KEY}`,
] as const;

/** Where one request ends and the next begins is what a proxy and a server may see differently. */
export function smuggled(dice: Dice): string {
  const inner = raw('GET /smuggled HTTP/1.1', [['Host', 'localhost']]);
  return dice.pick([
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Content-Length', '4'],
        ['Transfer-Encoding', 'chunked'],
      ],
      `0\r\n\r\n${inner}`,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Transfer-Encoding', 'chunked'],
        ['Transfer-Encoding', 'identity'],
      ],
      `0\r\n\r\n${inner}`,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Content-Length', '0'],
        ['Content-Length', '50'],
      ],
      inner,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Transfer-Encoding', ' chunked, identity'],
      ],
      inner,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Transfer-Encoding', 'chunked'],
      ],
      `zz\r\n${inner}`,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Transfer-Encoding', 'chunked'],
      ],
      `ffffffffffffffff1\r\n${inner}`,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Content-Length', '-1'],
      ],
      inner,
    ),
    raw(
      'POST /trpc/agents HTTP/1.1',
      [
        ['Host', 'x'],
        ['Content-Length', '99999999999999999999'],
      ],
      inner,
    ),
    raw('GET /ws HTTP/1.1', [...RIGHT, ['Transfer-Encoding', 'chunked'], ['Content-Length', '5']], inner),
  ]);
}
