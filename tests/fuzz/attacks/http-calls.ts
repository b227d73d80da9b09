import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { MUTATIONS, NO_PATHS, PROCEDURES, QUERIES } from './catalogue.ts';
import { spoiled, superjsonOf } from './inputs.ts';
import { signInCall, token } from './sign-in.ts';
import { hostileSuperjson } from './superjson.ts';
import { deep, large, plainString, value } from './values.ts';

/** A request on a connection that others share. */
export interface HttpCall {
  readonly bytes: Buffer;
  /** Nothing behind it on the connection is read as a request. */
  readonly ends?: boolean;
  /** It stops before its end, so nothing is owed for it. */
  readonly unfinished?: boolean;
}

interface Parts {
  readonly method?: string;
  readonly target: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

function request({ method = 'GET', target, headers = [], body }: Parts): Buffer {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...length, ...headers];
  // Targets are ASCII, as those of real clients are.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

const JSON_TYPE = 'Content-Type: application/json';
/** Half a surrogate pair cannot be encoded; it becomes the replacement character. */
const encode = (text: string): string => encodeURIComponent(Buffer.from(text).toString());
const query = (path: string, input: string): string => `/trpc/${encode(path)}?input=${encode(input)}`;

const post = (path: string, body: string, headers: readonly string[] = [JSON_TYPE]): Buffer =>
  request({ method: 'POST', target: `/trpc/${encode(path)}`, headers, body });

/** Names without what would end the request line. */
const noPath = (dice: Dice): string => encode(dice.pick(NO_PATHS));

const mutation = (dice: Dice): string => dice.pick(MUTATIONS).path;

function hugeBatch(dice: Dice): Buffer {
  const size = dice.pick([2, 64, 65, 1_000]);
  const paths = Array.from({ length: size }, () => dice.pick(QUERIES).path.slice(0, 5)).join(',');
  const input = dice.pick([
    '{}',
    `{"0":${value(dice)}}`,
    '[]',
    'null',
    '{"__proto__":{}}',
    '{"999":{"json":{}}}',
  ]);
  return request({ target: `/trpc/${paths}?batch=1&input=${encode(input)}` });
}

function brokenQuery(dice: Dice): Buffer {
  const tail = dice.pick([
    'input=%',
    'input=%ff%fe',
    'input={',
    'input=[]&input=[]',
    'input[]=1',
    'batch=1',
    'batch=1&input=%7B%220%22:1%7D',
    'batch=true&batch=1',
    '__proto__=1',
    'connectionParams=1',
    'connectionParams=%7B%22token%22:1%7D',
    '&&&===',
    `x=${'y'.repeat(6_000)}`,
  ]);
  return request({ target: `/trpc/${dice.pick(QUERIES).path}?${tail}` });
}

function authorization(dice: Dice): Buffer {
  const given = dice
    .pick([
      `Bearer ${token(dice)}`,
      token(dice),
      'Bearer',
      'bearer  x y z',
      'Basic Og==',
      `Bearer ${'x'.repeat(7_000)}`,
    ])
    .replaceAll(/[^\x20-\x7e]/g, '');
  return request({ target: '/trpc/account', headers: [`Authorization: ${given}`] });
}

function unfinished(dice: Dice): HttpCall {
  const head = `POST /trpc/${mutation(dice)} HTTP/1.1\r\nHost: x\r\n${JSON_TYPE}\r\n`;
  const text = dice.pick([
    `${head}Transfer-Encoding: chunked\r\n\r\n4\r\n{"js`,
    `${head}Transfer-Encoding: chunked\r\n\r\n4`,
    `${head}Content-Length: 100\r\n\r\n{"json":`,
    `${head}Expect: 100-continue\r\nContent-Length: 100\r\n\r\n`,
    head,
  ]);
  return { bytes: Buffer.from(text), ends: true, unfinished: true };
}

const METHODS = ['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'HEAD', 'SEARCH', 'PURGE'] as const;
const TYPES = [
  'text/plain',
  'application/octet-stream',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/json; charset=x',
  'application/x-www-form-urlencoded',
  '',
  'application/jsonl',
  '__proto__',
] as const;
const ACCEPTS = ['application/jsonl', 'text/event-stream', '*/*', 'x', ''] as const;
const PAGES = [
  '/docs/api',
  '/docs/asyncapi.json',
  '/docs/',
  '/',
  '/index.html',
  '/%2e%2e/package.json',
  '/..%2fpackage.json',
  '/assets/../../x',
  '/ready',
  '/ws',
  '/%',
  '/assets/%',
  '/index.html%00',
] as const;

/** Subscriptions over HTTP are streams of events; those would not end by themselves. */
const calls: readonly (readonly [string, (dice: Dice) => Buffer])[] = [
  [
    'bad JSON',
    (dice) =>
      post(
        mutation(dice),
        dice.pick([
          '',
          '{',
          '[',
          '{"json":',
          'null',
          '1',
          '"x"',
          '\ufeff{}',
          '{"json":{}}}',
          'undefined',
          plainString(dice),
        ]),
      ),
  ],
  ['content types', (dice) => post(mutation(dice), '{"json":{}}', [`Content-Type: ${dice.pick(TYPES)}`])],
  [
    'accepts',
    (dice) =>
      request({
        target: query(dice.pick(QUERIES).path, '{"json":{}}'),
        headers: [`trpc-accept: ${dice.pick(ACCEPTS)}`, `Accept: ${dice.pick(ACCEPTS)}`],
      }),
  ],
  ['huge batches', hugeBatch],
  [
    'deep inputs',
    (dice) =>
      dice.chance(0.5)
        ? post(mutation(dice), `{"json":${deep(dice, 15_000)}}`)
        : request({ target: query('agents', `{"json":${deep(dice, 1_500)}}`) }),
  ],
  [
    'paths',
    (dice) =>
      request({
        method: dice.pick(['GET', 'POST']),
        target: `/trpc/${noPath(dice)}`,
        body: dice.pick(['', '{}']),
        headers: [JSON_TYPE],
      }),
  ],
  [
    'wrong methods',
    (dice) => request({ method: dice.pick(METHODS), target: `/trpc/${dice.pick(PROCEDURES).path}` }),
  ],
  [
    'method confusion',
    (dice) =>
      dice.chance(0.5)
        ? post(dice.pick(QUERIES).path, '{"json":{}}')
        : request({ target: query(mutation(dice), '{"json":{}}') }),
  ],
  ['broken queries', brokenQuery],
  ['authorization', authorization],
  [
    'spoiled inputs',
    (dice) => {
      const { path, fields } = dice.pick([...QUERIES, ...MUTATIONS]);
      const input = dice.chance(0.7) ? spoiled(fields(dice), dice) : superjsonOf(fields(dice));
      return dice.chance(0.5) && input.length < 3_000
        ? request({ target: query(path, input) })
        : post(path, input);
    },
  ],
  ['hostile superjson', (dice) => post(mutation(dice), hostileSuperjson(dice))],
  [
    'sign-in',
    (dice) => {
      const { path, input } = signInCall(dice);
      return post(path, input);
    },
  ],
  [
    'pages',
    (dice) =>
      request({
        target: dice.pick(PAGES),
        headers: [
          dice.pick([
            'Range: bytes=5-1',
            'If-None-Match: x',
            'Accept-Encoding: gzip, br, x',
            'Range: bytes=0-',
            'If-Modified-Since: x',
          ]),
        ],
      }),
  ],
];

export const httpKinds: readonly Kind<HttpCall>[] = [
  ...calls.map(([name, make]) => ({
    name: `http ${name}`,
    weight: 1,
    make: (dice: Dice): HttpCall => ({ bytes: make(dice) }),
  })),
  {
    name: 'http large bodies',
    weight: 1,
    // The answer comes before the whole body has been read, and then the connection ends.
    make: (dice) => ({ bytes: post(mutation(dice), `{"json":${large(dice, 60_000)}}`), ends: true }),
  },
  { name: 'http bodies that stop', weight: 1, make: unfinished },
];
