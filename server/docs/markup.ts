import { anchors } from './anchors.ts';
import type { Field, ObjectShape, TypePart } from './fields.ts';
import { highlight } from './highlight.ts';
import { type Content, type Html, html, prose } from './html.ts';

/** The parts that the sections of the page are made of. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What is in it, for the contents: at most one level. */
  readonly entries: readonly Entry[];
  readonly body: Content;
}

export interface Entry {
  readonly id: string;
  readonly name: string;
}

export const linkTo = (id: string, text: Content): Html => html`<a href="#${id}">${text}</a>`;

/** A heading that can be linked to. */
export const heading = (level: 2 | 3, id: string, text: Content): Html => {
  const anchor = html`<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
  return level === 2
    ? html`<h2 id="${id}">${text}${anchor}</h2>`
    : html`<h3 id="${id}">${text}${anchor}</h3>`;
};

export const badge = (kind: string, text = kind): Html =>
  html`<span class="badge badge-${kind}">${text}</span>`;

export const code = (label: string, text: string): Html =>
  html`<figure class="code"><figcaption>${label}</figcaption><pre tabindex="0"><code>${highlight(text)}</code></pre></figure>`;

/** Code that is out of the way until it is asked for. */
export const foldedCode = (label: string, text: string, wrap = false): Html =>
  html`<details class="code${wrap ? ' wrap' : ''}"><summary>${label}</summary><pre tabindex="0"><code>${highlight(text)}</code></pre></details>`;

/**
 * A table, whose rows become blocks where there is no room for it.
 * @param cells `prose`: what is in them may be broken anywhere
 */
export const table = (
  head: readonly string[],
  rows: readonly (readonly Content[])[],
  cells: 'names' | 'prose' = 'names',
): Html => html`
<div class="table ${cells}"><table>
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map(
  (row) => html`<tr>${row.map((cell, index) => html`<td data-head="${head[index]}">${cell}</td>`)}</tr>\n`,
)}</tbody>
</table></div>`;

/** Things in a line, with something between them. */
export const joined = (items: readonly Content[], between: Content = ', '): Content =>
  items.map((item, index) => (index === 0 ? item : [between, item]));

function typePart({ text, refersTo }: TypePart): Content {
  if (refersTo === undefined) return text;
  const { kind, name } = refersTo;
  return linkTo(kind === 'unit' ? anchors.unit(name) : anchors.schema(name), text);
}

function fieldItem({ path, required, type, standard, bounds, description }: Field): Html {
  const notes = [
    ...(required ? [] : ['optional']),
    ...(standard === undefined ? [] : [html`default <code>${standard}</code>`]),
    ...(bounds === undefined ? [] : [bounds]),
  ];
  return html`<li><code class="field">${path}</code><div><span class="type">${type.map(typePart)}</span>${
    notes.length === 0 ? '' : html` <span class="notes">${joined(notes, ' · ')}</span>`
  }${description === undefined ? '' : html`<p>${prose(description)}</p>`}</div></li>\n`;
}

export const fieldList = (fields: readonly Field[]): Content =>
  fields.length === 0 ? '' : html`<ul class="fields">${fields.map(fieldItem)}</ul>`;

/** An object's fields, and its forms when it has several. */
export const shapeBlock = ({ fields, variants }: ObjectShape): Html => html`
${fieldList(fields)}
${variants.map(
  ({ when, description, fields: own }) => html`<div class="variant">
<p class="when">${when === undefined ? 'or' : html`<code>${when.path}: ${when.is}</code>`}${
    description === undefined ? '' : html` <span>${prose(description)}</span>`
  }</p>
${fieldList(own)}
</div>`,
)}`;
