import superjson from 'superjson';
import { anchors } from '../anchors.ts';
import type { WireCall } from '../calls.ts';
import { shapeOf, type Units } from '../fields.ts';
import { type Content, type Html, html, prose } from '../html.ts';
import { literal } from '../literal.ts';
import { badge, code, foldedCode, heading, linkTo, type Section, shapeBlock } from '../markup.ts';
import type { ProcedureType } from '../procedures.ts';
import type { ProcedureDoc, Reference } from '../reference.ts';

/** Procedures that are shown together. */
interface Group {
  readonly title: string;
  readonly id: string;
  readonly lead: string;
  readonly has: (procedure: Pick<ProcedureDoc, 'name' | 'type'>) => boolean;
}

const AUTH = 'auth.';
const ofMarket =
  (wanted: ProcedureType): Group['has'] =>
  ({ name, type }) =>
    type === wanted && !name.startsWith(AUTH);

export const GROUPS: readonly Group[] = [
  {
    has: ofMarket('mutation'),
    title: 'Mutations',
    id: anchors.section('mutations'),
    lead: 'Each becomes a command; what the market decides is appended to the log, and only what is on disk is answered.',
  },
  {
    has: ofMarket('query'),
    title: 'Queries',
    id: anchors.section('queries'),
    lead: 'They show exactly what is durable: everything up to the `seq` beside the answer.',
  },
  {
    has: ofMarket('subscription'),
    title: 'Subscriptions',
    id: anchors.section('subscriptions'),
    lead: 'Each reads a channel: a snapshot first, then what happens. Over WebSocket only.',
  },
  {
    has: ({ name }) => name.startsWith(AUTH),
    title: 'Sign-in procedures',
    id: anchors.section('auth'),
    lead: 'Who the caller is. They do not touch the market: nothing of them is in its log, and there is no `clientOrderId`. They can be called over HTTP before there is a connection.',
  },
];

const HOST = 'localhost:3001';

export const procedureSections = ({ procedures }: Reference, units: Units): readonly Section[] =>
  GROUPS.map(({ title, id, lead, has }) => {
    const own = procedures.filter(has);
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
