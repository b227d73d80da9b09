import { anchors } from '../anchors.ts';
import { type Content, html, prose } from '../html.ts';
import { badge, code, heading, joined, linkTo, type Section, table } from '../markup.ts';
import type { Reference } from '../reference.ts';
import { GROUPS } from './procedures.ts';

const QUICK_START = `import { consumeEvery } from './shared/consume.ts';
import { createClient } from './shared/client/index.ts';

const { client, state, close } = createClient({
  url: 'ws://localhost:3001/trpc',
});

const quote = await client.quote.query({
  kind: 'buy_sol',
  agentId: '1',
  sol: 500_000_000n,
});

client.onAgent.subscribe(
  { agentId: '1' },
  {
    onData: consumeEvery<'agent'>({
      snapshot({ agent, trades }) {
        // Replace your view.
      },
      event(event) {
        // Fold it in.
      },
    }),
  },
);`;

/** What answers where. */
export const ENDPOINTS: readonly { readonly path: string; readonly how: string; readonly what: string }[] = [
  {
    path: '/trpc/{procedure}',
    how: 'GET, POST',
    what: 'Queries and mutations over HTTP.',
  },
  { path: '/trpc', how: 'WebSocket', what: "Everything, subscriptions too: tRPC v11's own protocol." },
  { path: '/ws', how: 'WebSocket', what: 'The channels as plain JSON, for clients in any language.' },
  { path: '/docs/api', how: 'GET', what: 'This page.' },
  { path: '/docs/api.json', how: 'GET', what: 'The same as data, inputs and messages as JSON Schema.' },
  {
    path: '/docs/asyncapi.json',
    how: 'GET',
    what: 'The plain JSON gateway, message by message (AsyncAPI 3.0).',
  },
  {
    path: '/health',
    how: 'GET',
    what: 'The process works: 200, with the name of the log and its newest entry.',
  },
  { path: '/ready', how: 'GET', what: 'Whether it takes new connections: 200, or 503 while it drains.' },
];

export function startSection({ procedures, channels, events, refusals }: Reference): Section {
  const id = anchors.section('start');
  const figures: readonly (readonly [number, string, string])[] = [
    ...GROUPS.map(({ title, id: section, has }): readonly [number, string, string] => [
      procedures.filter(has).length,
      title.toLowerCase(),
      section,
    ]),
    [channels.length, 'channels', 'channels'],
    [events.length, 'events', 'events'],
    [refusals.length, 'refusals', 'refusals'],
  ];
  return {
    id,
    title: 'Start',
    entries: [],
    body: html`
<header class="hero">
<h1 id="${id}">Realtime API</h1>
<p class="lead">Agents are tokens on a bonding curve. Mutations append to one durable log, queries show what is in it, and subscriptions are cursors
in it: every event arrives, once and in order, across reconnects and restarts.</p>
<ul class="figures">${figures.map(
      ([count, what, section]) =>
        html`<li><a href="#${anchors.section(section)}"><b>${count}</b> ${what}</a></li>`,
    )}</ul>
</header>
<div class="pair">
<div>
${heading(2, anchors.section('endpoints'), 'Where')}
${table(
  ['Path', 'By', 'What'],
  ENDPOINTS.map(({ path, how, what }) => [html`<code>${path}</code>`, how, what]),
)}
</div>
<div>${code('TypeScript', QUICK_START)}</div>
</div>
`,
  };
}

/** What holds for all procedures. */
export function conventionsSection(): Section {
  const rules: readonly (readonly [title: string, text: Content])[] = [
    [
      'Amounts are bigints',
      prose(
        'In the smallest unit of what they count, never floating point. Over the wire they are decimal text, and superjson lists beside the JSON where they are: `{ "json": { "sol": "500000000" }, "meta": { "values": { "sol": ["bigint"] } } }`.',
      ),
    ],
    [
      'A mutation happens once',
      prose(
        'Every mutation of the market carries a `clientOrderId`. The same one again gives the same answer with `repeated: true` and does nothing; with other parameters it is a `CONFLICT`. So what was not answered may be sent again.',
      ),
    ],
    [
      'Answered means durable',
      prose(
        'By the time a mutation of the market answers, its events are on disk, queries show them and subscribers are being told. Its `receipt` says where they are: `position` of the first one, its `seq`, and how many `events` there are.',
      ),
    ],
    [
      'A position is epoch-seq',
      prose(
        'Which log, and the number of an entry in it: 1, 2, 3 … without holes. It is the id of every item of a subscription, the same on every channel and connection. Queries say with `seq` up to which entry they have looked.',
      ),
    ],
    [
      'Snapshot, then fold',
      prose(
        'A subscription gives items `{ id, data }`. `data` is first a `snapshot`, which means replace your view, and then messages, which mean fold into it. Who comes back with the last id as `lastEventId` goes on after it. If that is not possible, another log or too far behind, there is another snapshot, with reason `gap`.',
      ),
    ],
    [
      'Two ways of delivery',
      html`On channels of delivery <b>every</b> each event arrives, once and in order. On those of delivery <b>latest</b> values that a newer one of the same key has
replaced may be left out, for clients that are slower than the market.`,
    ],
    [
      'Slow readers cost nothing',
      prose(
        'Nothing is kept for one subscriber: a connection that does not read stays where it is in the log, and goes on from there, with the newest values, or with a snapshot of reason `gap`.',
      ),
    ],
    [
      'Restarts are announced',
      prose(
        'A server that is about to stop asks its clients to connect elsewhere and serves each until it leaves. They resume with their last ids and miss nothing.',
      ),
    ],
    [
      'Refusals change nothing',
      html`An error of the market says in <code>error.data.rejection</code> what was expected and what was found: see ${linkTo(anchors.section('refusals'), 'refusals')}.
What came too often was not done either, and <code>error.data.retryAfter</code> says in how many seconds it may come again: see ${linkTo(anchors.section('limits'), 'limits')}.`,
    ],
  ];
  return {
    id: anchors.section('conventions'),
    title: 'Conventions',
    entries: [],
    body: html`${heading(2, anchors.section('conventions'), 'Conventions')}
<dl class="rules">${rules.map(([title, text]) => html`<div><dt>${title}</dt><dd>${text}</dd></div>`)}</dl>`,
  };
}

/** Who may call what. */
export function accessSection({ procedures }: Reference): Section {
  const of = (access: string): Content =>
    joined(
      procedures
        .filter((procedure) => procedure.access === access)
        .map(({ name }) => linkTo(anchors.procedure(name), html`<code>${name}</code>`)),
    );
  return {
    id: anchors.section('access'),
    title: 'Access',
    entries: [],
    body: html`${heading(2, anchors.section('access'), 'Access')}
<p class="lead">A connection, or a request over HTTP, has a session or none: ${linkTo(anchors.section('signing-in'), 'signing in')} says how it gets one. Every call is held against the
session as it is then. Operators are the wallets that the server was told of when it was started (<code>OPERATORS</code>).</p>
${table(
  ['Access', 'Needs', 'Without it', 'Procedures'],
  [
    [badge('public'), 'Nothing', '', 'All the others'],
    [
      badge('wallet'),
      'A session',
      html`<code>UNAUTHORIZED</code>, with <code>data.session</code>`,
      of('wallet'),
    ],
    [
      badge('operator'),
      "An operator's session",
      html`<code>UNAUTHORIZED</code>, with a wallet's session <code>FORBIDDEN</code>`,
      of('operator'),
    ],
  ],
  'prose',
)}`,
  };
}
