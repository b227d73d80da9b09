import { describe, expect, it } from 'vitest';
import { pageHeaders } from '../../server/guards/security-headers.ts';

/** The sources of each directive. */
function policyOf(publicUrl: string): Map<string, string> {
  const text = pageHeaders(publicUrl).get('content-security-policy') ?? '';
  return new Map(
    text.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

describe('the content security policy', () => {
  it('lets a page load its own script and style, images from anywhere, and nothing else', () => {
    expect(Object.fromEntries(policyOf('https://agent.fun'))).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' https: data:",
      'font-src': "'self' data:",
      'connect-src': "'self' wss://agent.fun",
      'manifest-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'object-src': "'none'",
    });
  });

  it.each([
    ['https://agent.fun', "'self' wss://agent.fun"],
    ['https://Agent.fun:443/', "'self' wss://agent.fun"],
    ['https://agent.fun:8443', "'self' wss://agent.fun:8443"],
    ['http://localhost:3001', "'self' ws://localhost:3001"],
    ['http://[::1]:3001', "'self' ws://[::1]:3001"],
  ])('lets a page at %s connect to its server: %s', (publicUrl, sources) => {
    expect(policyOf(publicUrl).get('connect-src')).toBe(sources);
  });
});

describe('the other headers', () => {
  it('are these', () => {
    const {
      'content-security-policy': _,
      'permissions-policy': features,
      ...others
    } = Object.fromEntries(pageHeaders('https://agent.fun'));
    expect(others).toEqual({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    });
    const off = features?.split(', ') ?? [];
    expect(off).toEqual(
      expect.arrayContaining(['camera=()', 'geolocation=()', 'microphone=()', 'payment=()', 'usb=()']),
    );
    for (const feature of off) expect(feature).toMatch(/^[a-z]+(-[a-z]+)*=\(\)$/);
    expect(new Set(off).size).toBe(off.length);
  });

  it('demand HTTPS only where there is HTTPS', () => {
    expect(pageHeaders('https://agent.fun').has('strict-transport-security')).toBe(true);
    expect(pageHeaders('http://localhost:3001').has('strict-transport-security')).toBe(false);
  });
});

it('can all be sent', () => {
  const headers = new Headers([...pageHeaders('https://agent.fun')]);
  expect(new Map(headers)).toEqual(pageHeaders('https://agent.fun'));
});

it('takes nothing but an origin', () => {
  expect(() => pageHeaders('https://agent.fun/app')).toThrow(RangeError);
  expect(() => pageHeaders("https://a;script-src'unsafe-inline'")).toThrow(RangeError);
});
