/** An ASCII host name, IPv4, or IPv6 in brackets, as `URL` writes it. That alone lets `*` and `;` pass. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/;

/**
 * The origins that browsers may come from (RFC 6454): scheme, host and port, all three equal. Browsers let a page of any
 * origin open a WebSocket here; only this check tells ours apart.
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  /** @throws RangeError when one of them is no origin, see {@link parseOrigin} */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map(parseOrigin));
  }

  /**
   * @param origin the header as it came. Without one it was no browser that asked (they send it with every WebSocket
   * and every request that could change something), and whoever is not a browser could send any: allowed
   */
  allows(origin: string | undefined): boolean {
    return origin === undefined || this.#allowed.has(origin);
  }
}

/**
 * A configured origin as browsers write it: `HTTPS://Example.com:443/` is `https://example.com`.
 * @throws RangeError when it is none: not a URL, neither http nor https, or with credentials, a path, a query, a
 * fragment or a wildcard
 */
export function parseOrigin(text: string): string {
  const no = (why: string): RangeError =>
    new RangeError(`${JSON.stringify(text)} is no origin such as https://example.com: ${why}`);
  if (!URL.canParse(text)) throw no('it is no URL');
  const { protocol, username, password, hostname, origin } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') throw no('it is neither http nor https');
  if (username !== '' || password !== '') throw no('it has credentials');
  if (!HOST.test(hostname)) throw no('it has no plain host');
  // By the text: a URL mends much of what is wrong, and `/..` or `?` would be gone.
  if (!/^https?:\/\/[^\s/\\?#@]+\/?$/i.test(text)) throw no('it has more than scheme, host and port');
  return origin;
}
