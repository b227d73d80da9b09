import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ProcedureMeta } from '../../server/api/trpc.ts';
import { highlight } from '../../server/docs/highlight.ts';
import { html, prose } from '../../server/docs/html.ts';
import { jsonSchemaOf } from '../../server/docs/json-schema.ts';
import { renderPage } from '../../server/docs/page.ts';
import { referenceOf } from '../../server/docs/reference.ts';
import { shown, theReference } from './shown-page.ts';

const HOSTILE = `<script>alert("it's & done")</script>`;

describe('html', () => {
  it('escapes texts and takes html as it stands, in lists too', () => {
    const inner = html`<b title="${'"\'>'}">${'<&'}</b>`;
    expect(inner.text).toBe('<b title="&quot;&#39;&gt;">&lt;&amp;</b>');
    expect(html`${[inner, '<i>', [1, undefined]]}`.text).toBe(`${inner.text}&lt;i&gt;1`);
  });

  it.each([
    ['a `b` c', 'a <code>b</code> c'],
    ['`a``b`', '<code>a</code><code>b</code>'],
    ['a ` b', 'a ` b'],
    ['`a` and ` alone', '<code>a</code> and ` alone'],
    ['`<b>` & <i>', '<code>&lt;b&gt;</code> &amp; &lt;i&gt;'],
  ])('writes %j as prose', (text, expected) => {
    expect(prose(text).text).toBe(expected);
  });

  it('marks code without changing or believing it', () => {
    const code = `const a = '<script>'; // </script>\n{ "n": 1_000n } /* <b> */ http://localhost:3001/x`;
    const marked = highlight(code).text;
    expect(marked).not.toContain('<script');
    expect(marked).not.toContain('</script');
    const text = marked.replace(/<\/?span[^>]*>/g, '');
    expect(text).toBe(html`${code}`.text);
    expect(marked).toContain('<span class="comment">// &lt;/script&gt;</span>');
    expect(marked).toContain('<span class="number">1_000n</span>');
    expect(marked).toContain('http://localhost');
  });
});

describe('the page', () => {
  it('escapes whatever the router, the catalogue and the schemas say', () => {
    const t = initTRPC.meta<ProcedureMeta>().create();
    const input = z.object({
      [HOSTILE]: z.enum([HOSTILE, 'other']).default(HOSTILE).describe(HOSTILE),
      of: z.discriminatedUnion('kind', [z.object({ kind: z.literal(HOSTILE) }).describe(HOSTILE)]),
    });
    const router = t.router({
      quote: t.procedure
        .meta({ access: 'public', description: `${HOSTILE} \`${HOSTILE}\`` })
        .input(input)
        .query(() => 1),
    });
    const message = z.discriminatedUnion('type', [
      z.object({ type: z.literal('snapshot'), [HOSTILE]: z.literal(HOSTILE) }),
    ]);
    const real = referenceOf({
      router,
      channels: { [HOSTILE]: { delivery: 'latest', key: HOSTILE, description: HOSTILE, message } },
    });
    // And what is no input of `referenceOf`.
    const reference = JSON.parse(
      JSON.stringify({
        ...real,
        title: HOSTILE,
        events: [{ name: HOSTILE, description: HOSTILE, channels: [HOSTILE] }],
        shapes: [{ name: 'other', description: HOSTILE, channels: [] }],
        schemas: { [HOSTILE]: jsonSchemaOf(input), other: { $ref: `#/schemas/${HOSTILE}` } },
        units: [{ title: HOSTILE, description: HOSTILE, type: 'string', pattern: HOSTILE }],
        refusals: real.refusals.map((refusal) => ({ ...refusal, message: HOSTILE, fields: [HOSTILE] })),
        limits: [
          {
            title: HOSTILE,
            limits: [{ name: HOSTILE, value: 1, unit: 'count', note: HOSTILE, variable: HOSTILE }],
          },
        ],
        closeCodes: [{ code: HOSTILE, by: HOSTILE, when: HOSTILE, before: HOSTILE, client: HOSTILE }],
        errorData: [{ name: HOSTILE, description: HOSTILE }],
        sessionProblems: [{ name: HOSTILE, description: HOSTILE }],
        upgradeStatuses: [{ status: HOSTILE, when: HOSTILE, retryAfter: true }],
        gateway: {
          client: [{ type: HOSTILE, description: HOSTILE, schema: jsonSchemaOf(input) }],
          server: [{ type: HOSTILE, description: HOSTILE, schema: jsonSchemaOf(input) }],
          errors: [{ name: HOSTILE, description: HOSTILE }],
        },
        errorCodes: [{ code: HOSTILE, number: 1, httpStatus: 1, when: HOSTILE }],
      }),
    );
    const page = renderPage(reference);
    expect(page).not.toContain('<script');
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(30);
    const document = shown(reference);
    expect(document.querySelectorAll('script')).toHaveLength(0);
    expect(document.title).toBe(HOSTILE);
    // Nothing got out of an attribute either.
    const attributes = new Set(
      [...document.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()),
    );
    expect([...attributes].filter((name) => !KNOWN_ATTRIBUTES.has(name))).toEqual([]);
  });

  const page = renderPage(theReference());
  const document = shown(theReference());

  it('leads nowhere but to what is there', () => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    const inside = targets.filter((target) => target.startsWith('#'));
    expect(inside.length).toBeGreaterThan(300);
    expect(inside.filter((target) => !ids.includes(target.slice(1)))).toEqual([]);
    expect(new Set(targets.filter((target) => !target.startsWith('#')))).toEqual(
      new Set(['/', '/docs/api.json', '/docs/asyncapi.json']),
    );
  });

  it('names every heading in the contents', () => {
    const named = new Set([...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')));
    const headings = [...document.querySelectorAll('main :is(h2, h3)[id]')].map(({ id }) => `#${id}`);
    expect(headings.filter((heading) => !named.has(heading))).toEqual(['#endpoints']);
  });

  it('is one file: no script, nothing to load but the icon, no style beside the one', () => {
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|\sstyle=|@import|url\(/);
    expect([...document.querySelectorAll('[src], link')].map((element) => element.outerHTML)).toEqual([
      expect.stringContaining('rel="icon"'),
    ]);
    expect(document.querySelectorAll('style')).toHaveLength(1);
  });
});

const KNOWN_ATTRIBUTES = new Set([
  'aria-hidden',
  'aria-label',
  'aria-labelledby',
  'charset',
  'class',
  'content',
  'cx',
  'cy',
  'd',
  'data-head',
  'fill',
  'height',
  'href',
  'id',
  'lang',
  'name',
  'r',
  'rel',
  'scope',
  'stroke',
  'stroke-linecap',
  'stroke-width',
  'tabindex',
  'type',
  'viewBox',
  'viewbox',
  'width',
]);
