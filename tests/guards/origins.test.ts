import { describe, expect, it } from 'vitest';
import { Origins, parseOrigin } from '../../server/guards/origins.ts';

describe('the allowed origins', () => {
  const origins = new Origins(['https://agent.fun', 'http://localhost:3001', 'http://[::1]:3001']);

  it('are allowed, and whoever is no browser', () => {
    for (const origin of ['https://agent.fun', 'http://localhost:3001', 'http://[::1]:3001', undefined]) {
      expect(origins.allows(origin)).toBe(true);
    }
  });

  it.each([
    'null',
    '',
    'http://agent.fun',
    'https://agent.fun:8443',
    'https://agent.fun:443',
    'https://agent.fun/',
    'https://Agent.fun',
    'HTTPS://agent.fun',
    'https://agent.fun.evil.example',
    'https://evil-agent.fun',
    'https://www.agent.fun',
    'https://agent.fu',
    'https://agent.fun@evil.example',
    'https://agent.fun, https://evil.example',
    ' https://agent.fun',
    'http://localhost',
    'http://localhost:30011',
    'agent.fun',
    '*',
  ])('do not let %j in', (origin) => {
    expect(origins.allows(origin)).toBe(false);
  });

  it('are none when none is given, except for no browser', () => {
    const nobody = new Origins([]);
    expect(nobody.allows('https://agent.fun')).toBe(false);
    expect(nobody.allows(undefined)).toBe(true);
  });

  it('may be configured in any spelling, and must be origins', () => {
    expect(new Origins(['HTTPS://Agent.Fun:443/']).allows('https://agent.fun')).toBe(true);
    expect(() => new Origins(['https://agent.fun', 'null'])).toThrow(RangeError);
    expect(() => new Origins(['*'])).toThrow(RangeError);
  });
});

describe('a configured origin', () => {
  it.each([
    ['https://agent.fun', 'https://agent.fun'],
    ['https://agent.fun/', 'https://agent.fun'],
    ['HTTPS://Agent.Fun:443', 'https://agent.fun'],
    ['http://localhost:80', 'http://localhost'],
    ['http://localhost:443', 'http://localhost:443'],
    ['http://127.0.0.1:3001', 'http://127.0.0.1:3001'],
    ['http://[0:0::1]:3001/', 'http://[::1]:3001'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%s is %s', (text, origin) => {
    expect(parseOrigin(text)).toBe(origin);
  });

  it.each([
    ['', 'it is no URL'],
    ['agent.fun', 'it is no URL'],
    ['null', 'it is no URL'],
    ['*', 'it is no URL'],
    ['https://', 'it is no URL'],
    ['localhost:3001', 'it is neither http nor https'],
    ['ws://agent.fun', 'it is neither http nor https'],
    ['file:///etc', 'it is neither http nor https'],
    ['javascript:alert(1)', 'it is neither http nor https'],
    ['https://me@agent.fun', 'it has credentials'],
    ['https://me:secret@agent.fun', 'it has credentials'],
    ['https://:secret@agent.fun', 'it has credentials'],
    ['https://*.agent.fun', 'it has no plain host'],
    ["https://a;script-src'unsafe-inline'", 'it has no plain host'],
    ['https://agent.fun/app', 'it has more than scheme, host and port'],
    ['https://agent.fun//', 'it has more than scheme, host and port'],
    ['https://agent.fun/..', 'it has more than scheme, host and port'],
    ['https://agent.fun?', 'it has more than scheme, host and port'],
    ['https://agent.fun?a=b', 'it has more than scheme, host and port'],
    ['https://agent.fun#', 'it has more than scheme, host and port'],
    ['https://@agent.fun', 'it has more than scheme, host and port'],
    ['https:agent.fun', 'it has more than scheme, host and port'],
    ['https:\\\\agent.fun', 'it has more than scheme, host and port'],
    [' https://agent.fun', 'it has more than scheme, host and port'],
    ['https://agent.fun\n', 'it has more than scheme, host and port'],
    ['https://agent\t.fun', 'it has more than scheme, host and port'],
  ])('%j is none: %s', (text, why) => {
    expect(() => parseOrigin(text)).toThrow(RangeError);
    expect(() => parseOrigin(text)).toThrow(`${JSON.stringify(text)} is no origin`);
    expect(() => parseOrigin(text)).toThrow(new RegExp(`${why}$`));
  });
});
