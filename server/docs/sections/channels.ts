import { anchors } from '../anchors.ts';
import { shapeOf, type Units } from '../fields.ts';
import { type Content, type Html, html, prose } from '../html.ts';
import { type JsonSchema, SCHEMAS } from '../json-schema.ts';
import { badge, fieldList, heading, joined, linkTo, type Section } from '../markup.ts';
import type { ChannelDoc, Reference } from '../reference.ts';

export function channelsSection({ channels }: Reference, units: Units): Section {
  const id = anchors.section('channels');
  return {
    id,
    title: 'Channels',
    entries: channels.map(({ name }) => ({ id: anchors.channel(name), name })),
    body: html`${heading(2, id, 'Channels')}
<p class="lead">Named views of the log that can be subscribed to. Each message is one item; its id is the position of what it tells of.</p>
<div class="cards">${channels.map((channel) => card(channel, units))}</div>`,
  };
}

const card = (
  { name, delivery, key, description, subscriptions, gateway, messages }: ChannelDoc,
  units: Units,
): Html => html`
<article class="card">
${heading(3, anchors.channel(name), html`<code>${name}</code>`)}
<p class="badges">${badge(delivery)}${key === null ? '' : html` <span class="reads">by <code>${key}</code></span>`}</p>
<p>${prose(description)}</p>
<dl class="facts">
<div><dt>Subscribe</dt><dd>${subscriptions.length === 0 ? 'not over tRPC' : joined(subscriptions.map((procedure) => linkTo(anchors.procedure(procedure), html`<code>${procedure}</code>`)))}</dd></div>
<div><dt>On /ws</dt><dd>${gateway === null ? 'not served' : html`<code>${gateway}</code>`}</dd></div>
</dl>
<h4>Messages</h4>
<ul class="messages">${messages.map((message) => messageItem(message, units))}</ul>
</article>`;

function messageItem(message: JsonSchema, units: Units): Content {
  const { $ref } = message;
  if ($ref !== undefined) {
    const name = $ref.slice(SCHEMAS.length);
    return html`<li>${linkTo(anchors.schema(name), html`<code>${name}</code>`)}</li>`;
  }
  const { fields } = shapeOf(message, units);
  const type = fields.find(({ path }) => path === 'type')?.type[0]?.text ?? '';
  return html`<li><code>${type.replaceAll('"', '')}</code>${fieldList(fields.filter(({ path }) => path !== 'type'))}</li>`;
}
