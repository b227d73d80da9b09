import { anchors } from '../anchors.ts';
import { shapeOf, type Units } from '../fields.ts';
import { type Html, html, prose } from '../html.ts';
import { heading, joined, linkTo, type Section, shapeBlock, table } from '../markup.ts';
import type { NamedDoc, Reference } from '../reference.ts';

export function eventsSection({ events, schemas }: Reference, units: Units): Section {
  const id = anchors.section('events');
  return {
    id,
    title: 'Events',
    entries: events.map(({ name }) => ({ id: anchors.schema(name), name })),
    body: html`${heading(2, id, 'Events')}
<p class="lead">What happened, in the past tense: the entries of the log, what mutations answer with and what channels carry. Server code can listen to
each by its name: <code>app.bus.on('trade_executed', …)</code>.</p>
<div class="cards">${events.map((event) => card(event, schemas, units))}</div>`,
  };
}

export function shapesSection({ shapes, schemas }: Reference, units: Units): Section {
  const id = anchors.section('shapes');
  return {
    id,
    title: 'Values and views',
    entries: shapes.map(({ name }) => ({ id: anchors.schema(name), name })),
    body: html`${heading(2, id, 'Values and views')}
<p class="lead">What is made of events: the values of <b>latest</b> channels, and what snapshots and answers consist of.</p>
<div class="cards">${shapes.map((shape) => card(shape, schemas, units))}</div>`,
  };
}

function card({ name, description, channels }: NamedDoc, schemas: Reference['schemas'], units: Units): Html {
  const fields = shapeOf(schemas[name] ?? {}, units);
  return html`
<article class="card">
${heading(3, anchors.schema(name), html`<code>${name}</code>`)}
<p>${prose(description)}</p>
${
  channels.length === 0
    ? ''
    : html`<p class="reads">on ${joined(channels.map((channel) => linkTo(anchors.channel(channel), html`<code>${channel}</code>`)))}</p>`
}
${shapeBlock(fields)}
</article>`;
}

export function unitsSection({ units }: Reference): Section {
  const id = anchors.section('units');
  return {
    id,
    title: 'Units and ids',
    entries: [],
    body: html`${heading(2, id, 'Units and ids')}
<p class="lead">Amounts are at least 0 and below 2^63 unless it says otherwise.</p>
${table(
  ['Name', 'Type', 'Meaning', 'On the wire'],
  units.map(({ title = '', type, format, description = '', pattern }) => [
    html`<b id="${anchors.unit(title)}">${title}</b>`,
    html`<code>${format ?? `${type}`}</code>`,
    prose(description),
    pattern === undefined ? 'number' : html`<code>${pattern}</code>`,
  ]),
  'prose',
)}`,
  };
}
