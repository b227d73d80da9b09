import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { channels } from '../../shared/channels.ts';
import { appRouter } from '../api/router.ts';
import { renderPage } from './page.ts';
import { type Reference, referenceOf } from './reference.ts';
import { STYLE } from './style.ts';

interface Resource {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const STYLE_HASH = createHash('sha256').update(STYLE.text).digest('base64');
/** Nothing runs on the page, and it loads nothing but the icon. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function resource(text: string, type: string): Resource {
  const body = Buffer.from(text);
  return {
    body,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      // It is another one after an update of the server: ask, and be told that nothing has changed.
      'cache-control': 'no-cache',
      etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
      'content-security-policy': POLICY,
    },
  };
}

/**
 * Answers what is asked of the API reference: the page at /docs/api, the same as data at /docs/api.json. Both are made
 * when they are first asked for.
 */
export class Docs {
  #reference: Reference | undefined;
  readonly #made = new Map<string, Resource>();
  readonly #makers: ReadonlyMap<string, () => Resource> = new Map([
    ['/docs/api', () => resource(renderPage(this.#read()), 'text/html')],
    ['/docs/api.json', () => resource(JSON.stringify(this.#read()), 'application/json')],
  ]);

  #read(): Reference {
    this.#reference ??= referenceOf({ router: appRouter, channels });
    return this.#reference;
  }

  has(pathname: string): boolean {
    return this.#makers.has(pathname);
  }

  /** @param pathname one that it {@link has} */
  answer(pathname: string, req: IncomingMessage, res: ServerResponse): void {
    const found = this.#made.get(pathname) ?? this.#makers.get(pathname)?.();
    if (found === undefined) throw new Error(`no such document: ${pathname}`);
    this.#made.set(pathname, found);
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (req.headers['if-none-match'] === found.headers['etag']) {
      res.writeHead(304, found.headers).end();
    } else {
      res.writeHead(200, { ...found.headers, 'content-length': found.body.length });
      res.end(req.method === 'HEAD' ? undefined : found.body);
    }
  }
}
