import type { Units } from './fields.ts';
import { type Html, html } from './html.ts';
import { linkTo, type Section } from './markup.ts';
import type { Reference } from './reference.ts';
import { channelsSection } from './sections/channels.ts';
import { errorsSection, refusalsSection } from './sections/errors.ts';
import { gatewaySection } from './sections/gateway.ts';
import { closeCodesSection, limitsSection } from './sections/limits.ts';
import { procedureSections } from './sections/procedures.ts';
import { eventsSection, shapesSection, unitsSection } from './sections/schemas.ts';
import { signingInSection } from './sections/signing-in.ts';
import { accessSection, conventionsSection, startSection } from './sections/start.ts';
import { wireSection } from './sections/wire.ts';
import { STYLE } from './style.ts';

const MARK = html`<svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 18.5C12 18 15 14 16.5 6" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/><circle class="mark" cx="17" cy="5.5" r="2.6"/></svg>`;

/** The reference as one HTML page: no script, and nothing that would have to be loaded. */
export function renderPage(reference: Reference): string {
  const units: Units = new Map(
    reference.units.map(({ title = '', description = '' }) => [title, description]),
  );
  const sections: readonly Section[] = [
    startSection(reference),
    conventionsSection(),
    signingInSection(reference),
    accessSection(reference),
    ...procedureSections(reference, units),
    channelsSection(reference, units),
    eventsSection(reference, units),
    shapesSection(reference, units),
    unitsSection(reference),
    errorsSection(reference),
    refusalsSection(reference),
    limitsSection(reference, units),
    wireSection(reference),
    closeCodesSection(reference),
    gatewaySection(reference, units),
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="description" content="Every procedure, channel, event, refusal and limit of the Agent.fun realtime API.">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<title>${reference.title}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="top">
<a class="brand" href="/">${MARK}Agent.fun <span>API</span></a>
<a class="to-contents" href="#contents">Contents</a>
<a href="/docs/api.json">api.json</a>
<a href="/docs/asyncapi.json">asyncapi.json</a>
</header>
<div class="layout">
${contents(sections)}
<main>
${sections.map(({ id, body }) => html`<section aria-labelledby="${id}">${body}</section>`)}
<p class="foot">Made from the router and the channel catalogue of the server that sent it.</p>
</main>
</div>
</body>
</html>
`.text;
}

const contents = (sections: readonly Section[]): Html => html`
<nav class="side" id="contents" aria-label="Contents"><ol>
${sections.map(
  ({ id, title, entries }) =>
    html`<li>${linkTo(id, title)}${
      entries.length === 0
        ? ''
        : html`<ol>${entries.map((entry) => html`<li>${linkTo(entry.id, entry.name)}</li>`)}</ol>`
    }</li>`,
)}
</ol></nav>`;
