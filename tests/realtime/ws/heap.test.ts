import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Child } from '../../support/child-report.ts';

const left = z.object({
  heapUsed: z.number(),
  sockets: z.number(),
  timers: z.number(),
  subscribers: z.number(),
  pending: z.number(),
});

it('10,000 clients that connect, subscribe three times and leave leave nothing behind', {
  timeout: 180_000,
}, async () => {
  const child = new Child(new URL('./heap-child.ts', import.meta.url));
  onTestFinished(() => child.end());
  const before = left.parse(await child.report());
  const after = left.parse(await child.report());
  expect(after.heapUsed - before.heapUsed).toBeLessThan(1_000_000);
  const nothing = { sockets: 0, subscribers: 0, pending: 0 };
  expect([before, after]).toMatchObject([nothing, nothing]);
  expect(after.timers).toBeLessThanOrEqual(before.timers);
});
