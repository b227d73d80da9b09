import { anchors } from '../anchors.ts';
import { shapeOf, type Units } from '../fields.ts';
import type { GatewayMessage } from '../gateway-messages.ts';
import { type Content, html, prose } from '../html.ts';
import { code, fieldList, heading, type Section, table } from '../markup.ts';
import type { Reference } from '../reference.ts';

const SUBSCRIBING = `→ {"type":"subscribe","channel":"agent:1"}
← {"type":"subscribed","channel":"agent:1",
   "since":null}
← {"type":"snapshot","channel":"agent:1",
   "id":"4f1c09ab2d7e6053-30",
   "data":{"reason":"start", … },
   "timestamp":"2026-01-01T01:01:00.000Z"}`;

const SIGNING_IN = `→ {"type":"challenge","walletAddress":"GmaD…"}
← {"type":"challenge","walletAddress":"GmaD…",
   "message":"localhost:3001 wants you to sign in …",
   "expiresAt":"2026-01-01T01:06:00.000Z"}
→ {"type":"auth","walletAddress":"GmaD…",
   "signature":"base64 of 64 bytes"}
← {"type":"authenticated","walletAddress":"GmaD…",
   "expiresAt":"2026-01-01T01:16:00.000Z"}
→ {"type":"subscribe","channel":"account"}`;

/** The other door: its messages, and where its items are described. */
export function gatewaySection({ channels, gateway }: Reference, units: Units): Section {
  const id = anchors.section('gateway');
  const served = channels.flatMap(({ gateway: name }) => (name === null ? [] : [name]));
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
<code>server/gateway/PROTOCOL.md</code> says what holds. The <code>id</code> of an item, given as <code>since</code>, goes on after it.</p>
<p>Signed in, by a signature of a challenge or with an access token, a connection may subscribe to <code>account</code>. A session by signature is the
connection's alone and ends with it; before <code>expiresAt</code> another <code>auth</code> renews it without a gap. What ends it ends
<code>account</code>, with <code>unsubscribed</code> and its <code>reason</code>; where it was revoked, <code>session_ended</code> and close code 4401 follow.</p>
<p class="reads">${served.map((name, index) => [index === 0 ? '' : ' ', html`<code>${name}</code>`])}</p>
</div>
<div class="codes">
${code('A subscription', SUBSCRIBING)}
${code('Signing in', SIGNING_IN)}
</div>
</div>
<h3>Messages to the server</h3>
${messageCards(gateway.client, units)}
<h3>Messages to the client, beside items</h3>
${messageCards(gateway.server, units)}
<h3>Errors</h3>
${table(
  ['Code', 'It says'],
  gateway.errors.map(({ name, description }) => [html`<code>${name}</code>`, prose(description)]),
  'prose',
)}`,
  };
}

const messageCards = (messages: readonly GatewayMessage[], units: Units): Content => html`
<ul class="cards gateway">${messages.map(
  ({ type, description, schema }) => html`<li class="card"><code class="type-name">${type}</code>
<p>${prose(description)}</p>
${fieldList(shapeOf(schema, units).fields.filter(({ path }) => path !== 'type'))}</li>\n`,
)}</ul>`;
