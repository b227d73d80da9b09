import { type Html, html } from './html.ts';

/** Comments, texts, numbers and words of TypeScript, JSON and shell; the rest is left as it is. */
const TOKENS =
  /(?<comment>\/\*.*?\*\/|(?<!:)\/\/[^\n]*)|(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<number>\b\d[\d_]*n?\b)|(?<word>\b(?:await|const|import|from|new|true|false|null|undefined|curl)\b)/g;

/** Code with its parts marked. The texts of `code` are escaped like every other. */
export function highlight(code: string): Html {
  const pieces: (Html | string)[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? [''];
    pieces.push(code.slice(end, match.index), html`<span class="${kind}">${match[0]}</span>`);
    end = match.index + match[0].length;
  }
  return html`${pieces}${code.slice(end)}`;
}
