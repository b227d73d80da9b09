import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ERRORS } from '../../server/gateway/errors.ts';
import { DEFAULT_LIMITS } from '../../server/gateway/limits.ts';
import { DEFAULT_RATES, type Rate } from '../../server/guards/rate-limits.ts';
import { ACCESS_SECONDS } from '../../server/identity/access-tokens.ts';
import { CHALLENGE_MS } from '../../server/identity/challenges.ts';
import { CLOSE } from '../../server/realtime/ws/close-codes.ts';
import type { Allowance } from '../../server/realtime/ws/token-bucket.ts';
import { DEFAULT_SERVER_LIMITS } from '../../server/server-limits.ts';
import { eventually } from '../support/gate.ts';
import { GatewayWorld } from './fixture.ts';
import { Person } from './people.ts';

const fromDisk = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const protocol = fromDisk('server/gateway/PROTOCOL.md');
const handler = fromDisk('server/realtime/ws/PROTOCOL.md');

describe('PROTOCOL.md', () => {
  it('tells when each error comes', () => {
    const [, violations = ''] = /\n\| violation \|.*?\n(.*?)\n\n/s.exec(protocol) ?? [];
    const told = [...violations.matchAll(/^\|[^|]+\| `(\w+)`/gm)].map(([, code]) => code);
    expect([...new Set(told)].toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it('of the handler has every close code of both doors in its table, and this one has none of its own', () => {
    const closing = (text: string) => /\n## Closing\n(.*?)(?:\n## |$)/s.exec(text)?.[1] ?? '';
    const rows = [...closing(handler).matchAll(/\n\| (\d{4}) \|/g)].map(([, code]) => Number(code));
    for (const code of Object.values(CLOSE)) expect(rows).toContain(code);
    expect(closing(protocol)).toContain('server/realtime/ws/PROTOCOL.md');
    expect(closing(protocol)).not.toContain('|');
  });

  it('has the figures that hold', () => {
    const { messages, subscribes } = DEFAULT_SERVER_LIMITS;
    const perSecond = (allowance: Allowance | null) =>
      `${allowance?.perSecond} a second, burst ${allowance?.burst}`;
    const inTime = (rate: Rate | null) => `${rate?.count} in ${rate?.seconds} s`;
    const { refusals, errors } = DEFAULT_LIMITS;
    for (const figure of [
      `| messages, \`subscribe\` not among them | ${perSecond(messages)} |`,
      `| \`subscribe\` | ${perSecond(subscribes)}:`,
      `| challenges, of an address | ${inTime(DEFAULT_RATES.sign_ins.address)},`,
      `the ${refusals.count + 1}st \`rate_limited\` within ${refusals.windowMs / 1000} s`,
      `the ${errors.count + 1}st of all other errors within ${errors.windowMs / 1000} s`,
      `\`expiresAt\`, ${ACCESS_SECONDS / 60} minutes later`,
    ]) {
      expect(protocol).toContain(figure);
    }
    expect([CHALLENGE_MS, protocol.includes('`expiresAt`, five minutes later')]).toEqual([300_000, true]);
    expect(DEFAULT_SERVER_LIMITS.refusals).toEqual(refusals);
    expect(handler).toContain(`more than ${refusals.count} refusals within ${refusals.windowMs / 1000} s`);
  });

  it('shows how to sign in, and that works', async () => {
    const [, code = ''] = /```js\n(.*?)```/s.exec(protocol) ?? [];
    const world = await GatewayWorld.open();
    const { identity } = world.market.app.services;
    const ann = new Person('ann');
    const waits: number[] = [];
    const renewals: (() => void)[] = [];
    class Socket extends WebSocket {
      constructor() {
        super(world.url);
        onTestFinished(() => this.terminate());
      }
    }
    const names = ['WebSocket', 'setTimeout', 'wallet', 'walletAddress', 'since'];
    const wallet = {
      signMessage: async (bytes: Uint8Array) =>
        Buffer.from(ann.sign(Buffer.from(bytes).toString()), 'base64'),
    };
    const later = (send: (message: object) => void, ms: number, message: object) => {
      waits.push(ms);
      renewals.push(() => send(message));
    };
    new Function(...names, code)(Socket, later, wallet, ann.address, undefined);
    await eventually(() => world.server.gateway.stats().subscriptions === 1);
    const [first] = identity.sessions(ann.address);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(13 * 60_000);
    renewals[0]?.();
    await eventually(() => waits.length === 2);
    expect(identity.sessions(ann.address)).toHaveLength(1);
    expect(identity.sessions(ann.address)).not.toContainEqual(first);
    expect(world.server.gateway.stats().subscriptions).toBe(1);
  });
});
