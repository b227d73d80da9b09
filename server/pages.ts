import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import sirv from 'sirv';

/** Serves the built web app from a folder. @returns `undefined` when it is not there */
export function pagesOf(webDir: string): Pages | undefined {
  if (!existsSync(webDir)) return undefined;
  // The build has the texts in compressed forms too.
  const serve = sirv(webDir, { single: true, etag: true, brotli: true, gzip: true, setHeaders: cacheAssets });
  return (req, res, notFound) => {
    // Parts of a file may be asked for, and need not be given (RFC 9110, section 14.2): sirv throws where one ends before
    // it begins.
    delete req.headers.range;
    // It leaves the file open when the client goes before all of it is sent.
    res.on('pipe', (file: Readable) => {
      if (res.closed) file.destroy();
      else res.once('close', () => file.destroy());
    });
    serve(req, res, notFound);
  };
}

export type Pages = (req: IncomingMessage, res: ServerResponse, notFound: () => void) => void;

/** The build names its assets by their content, so a name never means anything else. */
function cacheAssets(res: ServerResponse, pathname: string): void {
  if (pathname.startsWith('/assets/')) res.setHeader('cache-control', 'public, max-age=31536000, immutable');
}
