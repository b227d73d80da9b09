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
      html`<code>{ method: "connectionParams", data: { token } }</code>, first of all, where the URL says <code>?connectionParams=1</code>`,
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
<li>When a session is over, its subscriptions end with an error; the connection and everything else on it go on.</li>
<li>Before a connection is closed with 4401, 4408, 4429 or 4500, the last message says why: <code>{ id: null, error }</code>.</li>
<li>Where the URL says <code>?contract=</code> and another hash than the query <code>contract</code> answers, the connection is closed with 4501 before any message: the client was built for another version.</li>
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
