const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What can be put into {@link html}. Lists are joined without anything between. */
export type Content = Html | string | number | undefined | readonly Content[];

/** A piece of HTML. Only {@link html} makes one, and that escapes every text it is given: no other way leads in. */
export class Html {
  private constructor(readonly text: string) {}

  static template(markup: TemplateStringsArray, ...values: readonly Content[]): Html {
    return new Html(markup.map((part, index) => part + written(values[index])).join(''));
  }
}

/** The markup is taken as it stands; texts between it are escaped, for elements and for quoted attributes alike. */
export const html = Html.template;

function written(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return `${value}`.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A text in which `code` stands between backticks, as descriptions have it. */
export function prose(text: string): Html {
  const parts = text.split('`');
  // Every second part is code; a backtick without a partner is one.
  const closed = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')];
  return html`${closed.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
