import superjson from 'superjson';
import { anchors } from '../anchors.ts';
import type { WireCall } from '../calls.ts';
import { shapeOf, type Units } from '../fields.ts';
import { type Content, type Html, html, prose } from '../html.ts';
import { literal } from '../literal.ts';
import { badge, code, foldedCode, heading, linkTo, type Section, shapeBlock } from '../markup.ts';
import type { ProcedureType } from '../procedures.ts';
import type { ProcedureDoc, Reference } from '../reference.ts';

const KINDS: readonly { readonly type: ProcedureType; readonly title: string; readonly lead: string }[] = [
  {
    type: 'mutation',
    title: 'Mutations',
    lead: 'Each becomes a command; what the market decides is appended to the log, and only what is on disk is answered.',
  },
  {
    type: 'query',
    title: 'Queries',
    lead: 'They show exactly what is durable: everything up to the `seq` beside the answer.',
  },
  {
    type: 'subscription',
    title: 'Subscriptions',
    lead: 'Each reads a channel: a snapshot first, then what happens. Over WebSocket only.',
  },
];

const HOST = 'localhost:3001';

export const procedureSections = ({ procedures }: Reference, units: Units): readonly Section[] =>
  KINDS.map(({ type, title, lead }) => {
    const id = anchors.section(title.toLowerCase());
    const own = procedures.filter((procedure) => procedure.type === type);
    return {
      id,
      title,
      entries: own.map(({ name }) => ({ id: anchors.procedure(name), name })),
      body: html`${heading(2, id, title)}<p class="lead">${prose(lead)}</p>${own.map((procedure) => article(procedure, units))}`,
    };
  });

const article = (
  { name, type, access, description, channel, input, example }: ProcedureDoc,
  units: Units,
): Html => html`
<article class="pair">
<div>
${heading(3, anchors.procedure(name), html`<code>${name}</code>`)}
<p class="badges">${badge(type)} ${badge(access)}${
  channel === null
    ? ''
    : html` <span class="reads">reads ${linkTo(anchors.channel(channel), html`<code>${channel}</code>`)}</span>`
}</p>
<p>${prose(description)}${input?.description === undefined ? '' : html` ${prose(input.description)}`}</p>
${input === null ? html`<p class="nothing">No input.</p>` : inputBlock(input, units)}
</div>
<div>
${code('TypeScript', example.typescript)}
${foldedCode('On the wire', wireText(example.wire), true)}
${example.answer === null ? '' : foldedCode(type === 'subscription' ? 'First item' : 'Answer', literal(superjson.deserialize(example.answer)))}
</div>
</article>`;

function inputBlock(input: NonNullable<ProcedureDoc['input']>, units: Units): Content {
  const shape = shapeOf(input, units);
  const optional = input.default !== undefined;
  return html`
<h4>Input${optional ? html` <span class="notes">may be left out</span>` : ''}</h4>
${shapeBlock(shape)}`;
}

function wireText(wire: WireCall): string {
  if ('message' in wire) return `ws://${HOST}${wire.path}\n${JSON.stringify(wire.message, null, 2)}`;
  const url = `http://${HOST}${wire.path}`;
  if (wire.method === 'POST') {
    const body = wire.body === undefined ? '' : ` \\\n  -d '${JSON.stringify(wire.body)}'`;
    return `curl -X POST ${url} \\\n  -H 'content-type: application/json'${body}`;
  }
  const [address = '', query] = url.split('?input=');
  return query === undefined
    ? `curl ${address}`
    : `curl -G ${address} \\\n  --data-urlencode 'input=${decodeURIComponent(query)}'`;
}
