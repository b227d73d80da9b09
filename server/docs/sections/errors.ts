import superjson from 'superjson';
import { anchors } from '../anchors.ts';
import { html, prose } from '../html.ts';
import { literal } from '../literal.ts';
import { code, heading, type Section, table } from '../markup.ts';
import type { Reference } from '../reference.ts';

export function errorsSection({ errorCodes, errorData, upgradeStatuses }: Reference): Section {
  const id = anchors.section('errors');
  return {
    id,
    title: 'Errors',
    entries: [],
    body: html`${heading(2, id, 'Errors')}
<p class="lead">An error has a <code>message</code> for people and a <code>data.code</code> for programs.</p>
${table(
  ['Code', 'HTTP', 'Number', 'When'],
  errorCodes.map(({ code: name, httpStatus, number, when }) => [
    html`<code>${name}</code>`,
    httpStatus,
    number,
    prose(when),
  ]),
)}
<h3>What is in <code>error.data</code></h3>
${table(
  ['Field', 'What it says'],
  errorData.map(({ name, description }) => [html`<code>${name}</code>`, prose(description)]),
  'prose',
)}
<h3>Before there is a WebSocket</h3>
<p>An upgrade that is refused is answered with a status and nothing else.</p>
${table(
  ['Status', 'When', 'Retry-After'],
  upgradeStatuses.map(({ status, when, retryAfter }) => [
    html`<code>${status}</code>`,
    prose(when),
    retryAfter ? 'in seconds' : '',
  ]),
  'prose',
)}`,
  };
}

export function refusalsSection({ refusals }: Reference): Section {
  const id = anchors.section('refusals');
  const example = refusals.find(({ reason }) => reason === 'too_few_tokens');
  return {
    id,
    title: 'Refusals',
    entries: [],
    body: html`<div class="pair">
<div>
${heading(2, id, 'Refusals')}
<p class="lead">Why the market refuses a call that is well formed. Nothing was done, and the reason says what was expected and what was found, in
<code>error.data.rejection</code>. A refusal is final for these parameters: the same <code>clientOrderId</code> may be used again.</p>
</div>
<div>${
      example === undefined
        ? ''
        : code(
            'error.data',
            literal({
              code: example.code,
              httpStatus: example.httpStatus,
              path: 'buy',
              rejection: superjson.deserialize(example.rejection),
              requestId: '5b1f0c9a27de-4k',
            }),
          )
    }</div>
</div>
${table(
  ['Reason', 'Code', 'For example', 'Beside the reason'],
  refusals.map(({ reason, code: name, httpStatus, message, fields }) => [
    html`<code id="${anchors.refusal(reason)}">${reason}</code>`,
    html`<code>${name}</code> <span class="notes">${httpStatus}</span>`,
    message,
    fields.map((field, index) => [index === 0 ? '' : ' ', html`<code>${field}</code>`]),
  ]),
)}`,
  };
}
