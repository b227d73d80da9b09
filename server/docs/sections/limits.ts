import { anchors } from '../anchors.ts';
import { shapeOf, textOf, type Units } from '../fields.ts';
import { html, prose } from '../html.ts';
import { formatLimit } from '../limits.ts';
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
<p class="lead">Every buffer is bounded, and each bound says what happens there.</p>
${limits.map(
  ({ title, limits: own }) =>
    html`<h3>${title}</h3>${table(
      ['What', 'Limit', 'Then'],
      own.map((limit) => [
        limit.name,
        html`<span class="figure">${formatLimit(limit)}</span>`,
        prose(limit.note),
      ]),
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

export function closeCodesSection({ closeCodes }: Reference): Section {
  const id = anchors.section('close-codes');
  return {
    id,
    title: 'Close codes',
    entries: [],
    body: html`${heading(2, id, 'Close codes')}
<p class="lead">How a WebSocket connection ends. Subscriptions go on where they were on the next one, with their last event ids.</p>
${table(
  ['Code', 'By', 'When', 'The client'],
  closeCodes.map(({ code, by, when, client }) => [html`<code>${code}</code>`, by, when, client]),
)}`,
  };
}
