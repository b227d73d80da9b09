import { html } from './html.ts';

/**
 * The look of the web app: its tokens (`web/styles/tokens.css`; a test compares them), without its fonts, which are not
 * where this page could take them from.
 */
export const STYLE = html`
:root {
  color-scheme: dark light;
  --radius: 8px;
  --sans: "Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", sans-serif;
  --mono: "JetBrains Mono Variable", "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --ground: light-dark(#f4f5f7, #0b0e12);
  --surface: light-dark(#ffffff, #10141a);
  --raised: light-dark(#eef0f4, #181d25);
  --hairline: light-dark(#dde1e8, #222933);
  --text: light-dark(#10151c, #e8ecf1);
  --muted: light-dark(#566172, #97a3b2);
  --accent: light-dark(#3450c8, #8aa4ff);
  --warn: light-dark(#7d5200, #f2b84b);
}
*, *::before, *::after { box-sizing: border-box; }
html {
  background: var(--ground);
  color: var(--text);
  font: 400 15px/24px var(--sans);
  -webkit-font-smoothing: antialiased;
  -webkit-text-size-adjust: 100%;
  scroll-padding-top: 64px;
  scrollbar-color: var(--hairline) transparent;
}
body { margin: 0; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre, .figure { font-family: var(--mono); font-size: 13px; font-variant-ligatures: none; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top {
  position: sticky; top: 0; z-index: 2;
  display: flex; align-items: center; gap: 24px;
  height: 48px; padding: 0 24px;
  border-bottom: 1px solid var(--hairline);
  background: var(--ground);
}
.brand { display: flex; align-items: center; gap: 8px; margin-right: auto; color: var(--text); font-weight: 600; letter-spacing: -0.01em; white-space: nowrap; }
.brand:hover { text-decoration: none; }
.mark { fill: var(--accent); }
.brand span { color: var(--muted); font-weight: 400; }
.top > a:not(.brand) { font-size: 13px; white-space: nowrap; }
.to-contents { display: none; }

.layout { display: grid; grid-template-columns: 248px minmax(0, 1fr); max-width: 1480px; margin: 0 auto; }
.side {
  position: sticky; top: 48px; align-self: start;
  height: calc(100vh - 48px); overflow-y: auto; overscroll-behavior: contain;
  padding: 24px 16px 48px 24px;
  border-right: 1px solid var(--hairline);
  scrollbar-width: thin;
  font-size: 13px; line-height: 20px;
}
.side a { display: block; padding: 2px 8px; border-radius: 4px; color: var(--muted); overflow: hidden; text-overflow: ellipsis; }
.side a:hover { background: var(--raised); color: var(--text); text-decoration: none; }
.side > ol > li + li { margin-top: 2px; }
.side ol { margin: 0; padding: 0; list-style: none; }
.side > ol > li > a { color: var(--text); font-weight: 500; }
.side li ol { margin: 0 0 16px 8px; padding-left: 4px; border-left: 1px solid var(--hairline); }
.side li ol a { font-family: var(--mono); font-size: 12px; }

main { min-width: 0; padding: 40px 48px 96px; }
section + section { margin-top: 80px; }
h1 { font-size: 36px; line-height: 44px; font-weight: 600; letter-spacing: -0.025em; }
h2 { font-size: 24px; line-height: 32px; font-weight: 600; letter-spacing: -0.015em; }
h3 { font-size: 15px; line-height: 24px; font-weight: 600; }
h3 code { font-size: 16px; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h4 { margin-top: 20px; color: var(--muted); font-size: 12px; line-height: 16px; font-weight: 500; }
.anchor { margin-left: 8px; color: var(--muted); font-weight: 400; opacity: 0; }
h2:hover .anchor, h3:hover .anchor, .anchor:focus-visible { opacity: 1; }
.lead { max-width: 70ch; margin-top: 8px; color: var(--muted); }
section > h3, .table + h3 { margin-top: 40px; }
section > p { max-width: 70ch; margin-top: 8px; }
h2 + .pair, .lead + .pair { margin-top: 24px; }
.pair > div > h3:first-child + .table { margin-top: 8px; }
p code, dd code, li code { overflow-wrap: anywhere; }
td code, td b { white-space: nowrap; }
.prose td:not(:first-child) code { white-space: normal; }
p code, dd code, .promises code, .steps code, .lead code { padding: 1px 4px; border-radius: 4px; background: var(--raised); }

.hero .lead { font-size: 17px; line-height: 28px; margin-top: 12px; max-width: 68ch; }
.figures { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 24px; }
.figures a { display: block; padding: 4px 12px; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); color: var(--muted); font-size: 13px; }
.figures a:hover { border-color: var(--accent); text-decoration: none; }
.figures b { color: var(--text); font-family: var(--mono); font-weight: 500; }

.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 460px); gap: 40px; align-items: start; }
.pair > div { min-width: 0; }
.hero + .pair, .pair + .pair { margin-top: 48px; }
.pair > div > .table + p { margin-top: 16px; }
article.pair { padding: 40px 0; border-top: 1px solid var(--hairline); }
article.pair:first-of-type { margin-top: 32px; }
article.pair > div:last-child { position: sticky; top: 72px; display: grid; gap: 8px; }
.pair p { margin-top: 8px; max-width: 70ch; }

.badges { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 8px; }
.badge { padding: 0 8px; border: 1px solid var(--hairline); border-radius: 4px; background: var(--surface); color: var(--muted); font-size: 12px; line-height: 20px; white-space: nowrap; }
.badge-wallet { color: var(--text); border-color: var(--muted); }
.badge-operator { color: var(--warn); border-color: var(--warn); }
.badge-latest { border-style: dashed; border-color: var(--muted); }
.badge-every { border-color: var(--muted); }
.reads, .notes, .nothing { color: var(--muted); font-size: 13px; font-weight: 400; }

.fields { margin-top: 8px; }
.fields > li { display: grid; grid-template-columns: minmax(0, 168px) minmax(0, 1fr); gap: 0 16px; padding: 8px 0; border-top: 1px solid var(--hairline); line-height: 20px; }
.fields > li:first-child { border-top: 0; }
.field { font-weight: 600; overflow-wrap: anywhere; }
.type { margin-right: 12px; color: var(--muted); font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
h4 .notes { margin-left: 4px; }
.fields p { margin-top: 2px; color: var(--muted); font-size: 14px; line-height: 20px; }
.notes { white-space: nowrap; }
.notes code { font-size: 12px; }
.variant { margin-top: 12px; padding: 12px 16px 4px; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); }
.variant .when { margin-top: 0; color: var(--muted); font-size: 14px; line-height: 20px; }
.variant .when > code { color: var(--text); }
.variant .when > span { display: block; margin-top: 4px; }

.code { border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); overflow: hidden; }
.code > figcaption, .code > summary { padding: 8px 16px; color: var(--muted); font-size: 12px; line-height: 16px; }
.code > figcaption { border-bottom: 1px solid var(--hairline); }
.code > summary { color: var(--accent); cursor: pointer; user-select: none; }
.code[open] > summary { border-bottom: 1px solid var(--hairline); }
.code > summary:hover { background: var(--raised); }
pre { max-height: 620px; padding: 12px 16px; overflow: auto; font-size: 12.5px; line-height: 20px; color: var(--muted); tab-size: 2; scrollbar-width: thin; }
pre code { font-size: inherit; }
.codes pre { max-height: none; }
.wrap pre { white-space: pre-wrap; overflow-wrap: anywhere; }
pre .text, pre .number { color: var(--text); }
pre .comment { font-style: italic; }

.table { margin-top: 16px; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 20px; }
th, td { padding: 8px 16px; text-align: left; vertical-align: top; }
th { color: var(--muted); font-size: 12px; font-weight: 500; white-space: nowrap; }
tbody tr { border-top: 1px solid var(--hairline); }
tbody tr:target, tbody tr:has(:target) { background: var(--raised); }

.rules { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1px; margin-top: 24px; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); overflow: hidden; }
.rules > div { padding: 16px 20px 20px; box-shadow: 0 0 0 1px var(--hairline); }
.rules dt { font-weight: 600; }
.rules dd { margin-top: 4px; color: var(--muted); font-size: 14px; line-height: 22px; overflow-wrap: anywhere; }

.cards { columns: 2 420px; column-gap: 16px; margin-top: 24px; }
.card { break-inside: avoid; margin-bottom: 16px; padding: 16px 20px; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--surface); }
.card p { margin-top: 4px; }
.card .badges { margin-top: 4px; }
.card .variant { background: var(--ground); }
.card .fields > li { padding: 4px 0; border-top: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 8px; font-size: 14px; }
.facts > div { display: flex; gap: 8px; }
.facts dt { color: var(--muted); }
.messages > li { padding: 4px 0; }
.messages .fields { margin: 0 0 0 4px; padding-left: 12px; border-left: 1px solid var(--hairline); }
.promises { display: grid; gap: 8px; margin-top: 16px; color: var(--muted); font-size: 14px; line-height: 22px; }
.promises li { padding-left: 16px; border-left: 1px solid var(--hairline); }
.steps { display: grid; gap: 12px; max-width: 70ch; list-style: none; counter-reset: step; }
.steps li { position: relative; padding-left: 36px; counter-increment: step; }
.steps li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 24px; color: var(--muted); font: 500 13px/24px var(--mono); text-align: center; border: 1px solid var(--hairline); border-radius: 4px; background: var(--surface); }
.steps b { font-weight: 600; }
.codes { display: grid; gap: 16px; }
.type-name { font-weight: 600; }
:is(h2, h3):target .anchor { color: var(--accent); opacity: 1; }
:target { scroll-margin-top: 16px; }

.foot { margin-top: 80px; padding-top: 16px; border-top: 1px solid var(--hairline); color: var(--muted); font-size: 13px; }

@media (max-width: 1240px) {
  .pair { grid-template-columns: minmax(0, 1fr); gap: 24px; }
  article.pair > div:last-child { position: static; }
}
@media (max-width: 900px) {
  .layout { display: flex; flex-direction: column; }
  .to-contents { display: inline; }
  .side { order: 1; position: static; align-self: stretch; height: auto; padding: 24px 8px 48px; border-right: 0; border-top: 1px solid var(--hairline); columns: 2 140px; }
  main { padding: 24px 16px 64px; }
  .top { padding: 0 16px; gap: 16px; }
  section + section { margin-top: 56px; }
  h1 { font-size: 28px; line-height: 36px; }
  th, td { padding: 8px 12px; }
  .rules { grid-template-columns: minmax(0, 1fr); }
  .cards { columns: auto; }
}
@media (max-width: 560px) {
  .top > a:not(.brand, .to-contents) { display: none; }
  .fields > li { grid-template-columns: minmax(0, 124px) minmax(0, 1fr); gap: 0 12px; }
  .card { padding: 16px; }
  .notes, td code, td b { white-space: normal; overflow-wrap: anywhere; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: 12px 16px; }
  tbody tr:first-child { border-top: 0; }
  td { padding: 0; }
  td + td { margin-top: 4px; }
  td:empty { display: none; }
  td + td::before { content: attr(data-head) " "; color: var(--muted); font-size: 12px; }
  td:first-child { font-weight: 600; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { .top, .side { display: none; } .layout { display: block; } pre { max-height: none; } }
`;
