import { anchors } from '../anchors.ts';
import { shapeOf, textOf, type Units } from '../fields.ts';
import { html, prose } from '../html.ts';
import { formatLimit, type Limit } from '../limit.ts';
import { heading, linkTo, type Section, table } from '../markup.ts';
import type { Reference } from '../reference.ts';

export function limitsSection({ limits, procedures }: Reference, units: Units): Section {
  const id = anchors.section('limits');
  const bounded = procedures.flatMap(({ name, input }) => {
    if (input === null) return [];
    const { fields, variants } = shapeOf(input, units);
    return [...fields, ...variants.flatMap((variant) => variant.fields)]
      .filter(({ bounds, type }) => bounds !== undefined && !textOf(type).startsWith('bigint'))
      .map((field) => ({ name, field }));
  });
  return {
    id,
    title: 'Limits',
    entries: [],
    body: html`${heading(2, id, 'Limits')}
<p class="lead">Every buffer is bounded, and each bound says what happens there. What has a variable is what a server has unless that is set: <code>5/1</code> is 5 in 1 s,
<code>20 burst 60</code> is 20 a second in the long run and 60 at once, <code>off</code> is no limit. An IPv6 address counts by its /64 network.</p>
${limits.map(
  ({ title, limits: own }) =>
    html`<h3>${title}</h3>${table(
      ['What', 'Limit', 'Then', ...(own.some(isSet) ? ['Set with'] : [])],
      own.map((limit) => [
        limit.name,
        html`<span class="figure">${formatLimit(limit)}</span>`,
        prose(limit.note),
        ...(own.some(isSet)
          ? [limit.variable === undefined ? '' : html`<code>${limit.variable}</code>`]
          : []),
      ]),
      'prose',
    )}`,
)}
<h3>Inputs</h3>
${table(
  ['Procedure', 'Field', 'Limit', 'Default'],
  bounded.map(({ name, field }) => [
    linkTo(anchors.procedure(name), html`<code>${name}</code>`),
    html`<code>${field.path}</code>`,
    html`<span class="figure">${field.bounds}</span>`,
    field.standard === undefined ? '' : html`<span class="figure">${field.standard}</span>`,
  ]),
)}`,
  };
}

/** Whether there is a variable for it. */
const isSet = ({ variable }: Limit): boolean => variable !== undefined;

export function closeCodesSection({ closeCodes }: Reference): Section {
  const id = anchors.section('close-codes');
  return {
    id,
    title: 'Close codes',
    entries: [],
    body: html`${heading(2, id, 'Close codes')}
<p class="lead">How a WebSocket connection ends, on <code>/trpc</code> and on <code>/ws</code>. What was wrong goes before, as a message of its own. Subscriptions go on where they were on
the next connection, with their last ids. A session that expires closes nothing.</p>
${table(
  ['Code', 'By', 'When', 'Before it', 'The client'],
  closeCodes.map(({ code, by, when, before, client }) => [
    html`<code>${code}</code>`,
    prose(by),
    prose(when),
    prose(before),
    client,
  ]),
  'prose',
)}`,
  };
}
