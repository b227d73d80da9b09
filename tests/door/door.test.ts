import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { Door, type DoorOptions } from '../../server/door.ts';
import { Origins } from '../../server/guards/origins.ts';

const ORIGIN = 'https://agent.fun';

function request(headers: IncomingMessage['headers'] = {}, remoteAddress = '192.0.2.1'): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const req = new IncomingMessage(socket);
  Object.assign(req.headers, headers);
  return req;
}

function door(options: Partial<DoorOptions> = {}) {
  const check = vi.fn<DoorOptions['limits']['check']>(async () => 0);
  const opened = new Door({
    origins: new Origins([ORIGIN]),
    proxyHops: 0,
    connectionsPerAddress: 2,
    limits: { check },
    overload: () => null,
    onUnknownProxy: () => undefined,
    ...options,
  });
  /** The code of the refusal and when it may be tried again; or who has come in. */
  const asks = async (req = request()) => {
    const admission = await opened.admit(req, 'connects');
    if (admission.kind === 'admitted') return admission.client;
    const { error, retryAfter } = admission.refusal;
    return [error.code, retryAfter];
  };
  return { opened, check, asks };
}

describe('the door', () => {
  it('says who has come in', async () => {
    const req = request({ origin: ORIGIN, 'user-agent': 'a browser' });
    expect(await door().asks(req)).toEqual({
      address: '192.0.2.1',
      origin: ORIGIN,
      device: 'a browser',
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it.each([
    'https://evil.example',
    'null',
    'http://agent.fun',
    `${ORIGIN}:444`,
    `${ORIGIN}.evil.example`,
    '',
  ])('is closed to pages of %j', async (origin) => {
    const { asks, check } = door();
    expect(await asks(request({ origin }))).toEqual(['FORBIDDEN', undefined]);
    // It takes nothing from the address, which the page does not own.
    expect(check).not.toHaveBeenCalled();
  });

  it('is open to what is no browser', async () => {
    expect(await door().asks(request())).toMatchObject({ origin: undefined, device: '' });
  });

  it('lets no more in at a time than an address may have open', async () => {
    const { opened, asks } = door();
    const first = await opened.admit(request(), 'connects');
    expect((await opened.admit(request(), 'requests')).kind).toBe('admitted');
    expect(await asks()).toEqual(['TOO_MANY_REQUESTS', 10]);
    expect(await asks(request({}, '192.0.2.2'))).toMatchObject({ address: '192.0.2.2' });
    if (first.kind !== 'admitted') throw new Error('refused');
    // However often it is said that one has left, it makes room for one.
    first.leave();
    first.leave();
    expect(await asks()).toMatchObject({ address: '192.0.2.1' });
    expect(await asks()).toEqual(['TOO_MANY_REQUESTS', 10]);
  });

  it('counts an IPv6 client by its network', async () => {
    const { asks } = door({ connectionsPerAddress: 1 });
    expect(await asks(request({}, '2001:db8:0:1::1'))).toMatchObject({ address: '2001:db8:0:1::/64' });
    expect(await asks(request({}, '2001:db8:0:1:ffff::2'))).toEqual(['TOO_MANY_REQUESTS', 10]);
    expect(await asks(request({}, '2001:db8:0:2::1'))).toMatchObject({ address: '2001:db8:0:2::/64' });
  });

  it.each([
    [1, 1],
    [999, 1],
    [1_001, 2],
    [59_999, 60],
  ])('refused for %d ms says so in whole seconds: %d', async (waitMs, retryAfter) => {
    const { asks } = door({ limits: { check: async () => waitMs }, connectionsPerAddress: 0 });
    expect(await asks()).toEqual(['TOO_MANY_REQUESTS', retryAfter]);
  });

  it('counts what comes as what it is, for its address', async () => {
    const { opened, check } = door();
    await opened.admit(request(), 'connects');
    await opened.admit(request(), 'requests');
    expect(check.mock.calls).toEqual([
      ['connects', { address: '192.0.2.1' }],
      ['requests', { address: '192.0.2.1' }],
    ]);
  });

  it('lets nobody in while the server is overloaded, and counts none of them', async () => {
    const { asks, check } = door({ overload: () => 'memory' });
    expect(await asks()).toEqual(['SERVICE_UNAVAILABLE', 5]);
    expect(check).not.toHaveBeenCalled();
  });

  it('lets nobody in when the limits fail', async () => {
    const { opened } = door({ limits: { check: () => Promise.reject(new Error('broken')) } });
    await expect(opened.admit(request(), 'connects')).rejects.toThrow('broken');
  });

  it.each([
    [0, '198.51.100.7', '192.0.2.1'],
    [1, '198.51.100.7', '198.51.100.7'],
    [1, '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    [2, '203.0.113.9, 198.51.100.7', '203.0.113.9'],
    [2, '6.6.6.6, 203.0.113.9, 198.51.100.7', '203.0.113.9'],
    [1, 'garbage', '192.0.2.1'],
  ])('behind %d proxies takes X-Forwarded-For %j for %s', async (proxyHops, forwarded, address) => {
    expect(await door({ proxyHops }).asks(request({ 'x-forwarded-for': forwarded }))).toMatchObject({
      address,
    });
  });

  it('tells once that there is a proxy where there should be none', async () => {
    const onUnknownProxy = vi.fn();
    const { asks } = door({ onUnknownProxy });
    await asks();
    expect(onUnknownProxy).not.toHaveBeenCalled();
    for (let times = 0; times < 3; times += 1) await asks(request({ 'x-forwarded-for': '198.51.100.7' }));
    expect(onUnknownProxy).toHaveBeenCalledTimes(1);
    const expected = vi.fn();
    await door({ onUnknownProxy: expected, proxyHops: 1 }).asks(
      request({ 'x-forwarded-for': '198.51.100.7' }),
    );
    expect(expected).not.toHaveBeenCalled();
  });
});
