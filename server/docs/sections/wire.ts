import { z } from 'zod';
import { anchors } from '../anchors.ts';
import { type Content, html } from '../html.ts';
import { code, heading, type Section, table } from '../markup.ts';
import type { ProcedureDoc, Reference } from '../reference.ts';

const itemSchema = z.object({ id: z.string() });

/** What goes over the sockets, as `server/realtime/ws/PROTOCOL.md` has it in full. */
export function wireSection({ procedures }: Reference): Section {
  const id = anchors.section('wire');
  return {
    id,
    title: 'On the wire',
    entries: [],
    body: html`${heading(2, id, 'On the wire')}
<p class="lead">tRPC v11's own protocol, so that the stock client works as well. A text frame holds one message or a batch of them, an array;
<code>input</code> and <code>data</code> are superjson. <code>server/realtime/ws/PROTOCOL.md</code> has every message and every violation.</p>
<div class="pair">
<div>
<h3>To the server</h3>
${table(
  ['Message', 'Shape'],
  [
    ['call', html`<code>{ id, method, params: { path, input?, lastEventId? } }</code>`],
    ['end a subscription', html`<code>{ id, method: "subscription.stop" }</code>`],
    [
      'connection params',
      html`<code>{ method: "connectionParams", data }</code>, first of all, where the URL says <code>?connectionParams=1</code>`,
    ],
    ['keep-alive', html`the text <code>PING</code>; <code>PONG</code> in answer to one`],
  ],
  'prose',
)}
<h3>To the client</h3>
${table(
  ['Message', 'Shape'],
  [
    ['answer', html`<code>{ id, result: { type: "data", data } }</code>`],
    ['subscription started', html`<code>{ id, result: { type: "started" } }</code>`],
    ['item', html`<code>{ id, result: { type: "data", id: position, data: { id: position, data } } }</code>`],
    ['subscription over', html`<code>{ id, result: { type: "stopped" } }</code>`],
    ['refusal', html`<code>{ id, error: { code, message, data } }</code>; it ends a subscription`],
    [
      'about to restart',
      html`<code>{ id: null, method: "reconnect" }</code>: connect anew, then leave this connection`,
    ],
  ],
  'prose',
)}
</div>
<div>
${conversation(procedures)}
<ul class="promises">
<li>A subscription's messages come in the order <code>started</code>, items, then <code>stopped</code> or an error, once; nothing after that.</li>
<li>Items of one subscription keep their order. Two subscriptions have none between them.</li>
<li>A <code>PONG</code> comes after everything that was sent before its <code>PING</code> was read.</li>
<li>When a socket closes, its calls are aborted; what a mutation has done stays done.</li>
</ul>
</div>
</div>`,
  };
}

/** A subscription from its start to its end, as it was recorded: the shortest of all. */
function conversation(procedures: readonly ProcedureDoc[]): Content {
  const [shortest] = procedures
    .flatMap(({ example: { wire, answer } }) =>
      'message' in wire && answer !== null ? [{ call: wire.message, data: answer }] : [],
    )
    .sort((a, b) => JSON.stringify(a.data).length - JSON.stringify(b.data).length);
  if (shortest === undefined) return undefined;
  const { call, data } = shortest;
  const { id } = call;
  const position = itemSchema.parse(data.json).id;
  const frames = [
    ['→', call],
    ['←', { id, result: { type: 'started' } }],
    ['←', { id, result: { type: 'data', id: position, data } }],
    ['→', { id, method: 'subscription.stop' }],
    ['←', { id, result: { type: 'stopped' } }],
  ] as const;
  const text = frames.map(([direction, frame]) => `${direction} ${JSON.stringify(frame)}`).join('\n\n');
  return html`<div class="wrap">${code('A subscription', text)}</div>`;
}

/** Where to read on about the other door. */
export function gatewaySection({ channels }: Reference): Section {
  const id = anchors.section('gateway');
  const served = channels.flatMap(({ gateway }) => (gateway === null ? [] : [gateway]));
  return {
    id,
    title: 'Plain JSON',
    entries: [],
    body: html`${heading(2, id, 'Plain JSON')}
<p class="lead">For clients in any language, <code>/ws</code> carries the same channels from the same cursors as plain JSON: amounts as decimal text in whole SOL or
tokens, times as ISO 8601.</p>
<div class="pair">
<div>
<p>Every message is described field by field in <a href="/docs/asyncapi.json">asyncapi.json</a> (AsyncAPI 3.0), and
<code>server/gateway/PROTOCOL.md</code> says what holds. The messages of a client are
<code>subscribe</code>, <code>unsubscribe</code>, <code>ping</code> and <code>auth</code>; the <code>id</code> of an item, given as <code>since</code>, goes on after it.</p>
<p class="reads">${served.map((name, index) => [index === 0 ? '' : ' ', html`<code>${name}</code>`])}</p>
</div>
<div>${code(
      'A subscription',
      [
        '→ {"type":"subscribe","channel":"agent:1"}',
        '← {"type":"subscribed","channel":"agent:1",',
        '   "since":null}',
        '← {"type":"snapshot","channel":"agent:1",',
        '   "id":"4f1c09ab2d7e6053-30",',
        '   "data":{"reason":"start", … },',
        '   "timestamp":"2026-01-01T01:01:00.000Z"}',
      ].join('\n'),
    )}</div>
</div>`,
  };
}
