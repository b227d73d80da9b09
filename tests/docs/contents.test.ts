import { readFileSync } from 'node:fs';
import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appRouter } from '../../server/api/router.ts';
import type { ProcedureMeta } from '../../server/api/trpc.ts';
import { anchors } from '../../server/docs/anchors.ts';
import { readProcedures } from '../../server/docs/procedures.ts';
import { channels } from '../../shared/channels.ts';
import { entrySchema } from '../../shared/events.ts';
import { read, shown, theReference } from './shown-page.ts';

const reference = theReference();
const page = shown(reference);
const fromDisk = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What is headed by names of a kind on the page. */
const headed = (prefix: string): readonly string[] =>
  [...page.querySelectorAll('h3')].flatMap(({ id }) =>
    id.startsWith(prefix) ? [id.slice(prefix.length)] : [],
  );
const blockOf = (id: string): string => {
  const heading = page.getElementById(id);
  if (heading === null) throw new Error(`nothing is headed ${id}`);
  return read(heading.closest('article')?.textContent);
};
const sorted = (names: Iterable<string>): readonly string[] => [...names].sort();

describe('the procedures', () => {
  const names = sorted(Object.keys(appRouter._def.procedures));

  it('are all in the data and on the page, and no others', () => {
    expect(sorted(reference.procedures.map(({ name }) => name))).toEqual(names);
    expect(sorted(headed(anchors.procedure('')))).toEqual(names);
  });

  it.each(reference.procedures)('$name is shown with its type, its access and what it does', (procedure) => {
    const block = blockOf(anchors.procedure(procedure.name));
    expect(block).toContain(`${procedure.type} ${procedure.access}`);
    expect(block).toContain(procedure.description.replaceAll('`', ''));
    for (const field of Object.keys(procedure.input?.properties ?? {})) expect(block).toContain(field);
  });

  it('name the channel that they read, when they are subscriptions', () => {
    const unnamed = reference.procedures.filter(
      ({ type, channel }) => (type === 'subscription') !== (channel !== null),
    );
    expect(unnamed).toEqual([]);
    expect(sorted(reference.procedures.flatMap(({ channel }) => channel ?? []))).toEqual(
      sorted(Object.keys(channels)),
    );
  });

  it('cannot be documented without an access and a description', () => {
    const t = initTRPC.meta<ProcedureMeta>().create();
    const answer = () => 1;
    const complete = t.procedure.meta({ access: 'public', description: 'Says one.' });
    expect(readProcedures(t.router({ one: complete.query(answer) }))).toMatchObject([{ name: 'one' }]);
    expect(() => readProcedures(t.router({ bare: t.procedure.query(answer) }))).toThrow(
      'bare is not documented',
    );
    expect(() =>
      readProcedures(t.router({ mute: t.procedure.meta({ access: 'public' }).query(answer) })),
    ).toThrow(/mute is not documented.*description/s);
    expect(() =>
      readProcedures(t.router({ open: t.procedure.meta({ description: 'Says one.' }).query(answer) })),
    ).toThrow(/open is not documented.*access/s);
    const twice = complete.input(z.object({ a: z.string() })).input(z.object({ b: z.string() }));
    expect(() => readProcedures(t.router({ twice: twice.query(answer) }))).toThrow('more than one input');
  });
});

describe('the channels', () => {
  const catalogue = Object.entries(channels);

  it('are all in the data and on the page, and no others', () => {
    const names = sorted(Object.keys(channels));
    expect(sorted(reference.channels.map(({ name }) => name))).toEqual(names);
    expect(sorted(headed(anchors.channel('')))).toEqual(names);
  });

  it.each(catalogue)('%s is shown with its delivery, its key and every message', (name, channel) => {
    const block = blockOf(anchors.channel(name));
    expect(block).toContain(channel.delivery);
    if (channel.delivery === 'latest') expect(block).toContain(`by ${channel.key}`);
    expect(block).toContain(channel.description);
    const types = channel.message._zod.propValues?.['type'] ?? new Set();
    expect(types.size).toBeGreaterThan(1);
    const items = [...page.querySelectorAll(`#${anchors.channel(name)} ~ .messages > li`)];
    expect(sorted(items.map((item) => read(item.querySelector('code')?.textContent)))).toEqual(
      sorted([...types].map(String)),
    );
  });

  it('show the fields of their snapshots', () => {
    for (const { name, messages } of reference.channels) {
      const fields = Object.keys(messages[0]?.properties ?? {}).filter((field) => field !== 'type');
      expect(fields).toContain('reason');
      expect(fields.length).toBeGreaterThan(1);
      const block = blockOf(anchors.channel(name));
      for (const field of fields) expect(block).toContain(field);
    }
  });
});

describe('the events', () => {
  it.each(entrySchema.options)('$shape.type.value is shown with all its fields', ({ shape }) => {
    const name = shape.type.value;
    expect(reference.events.map((event) => event.name)).toContain(name);
    const shownFields = [...page.querySelectorAll(`#${anchors.schema(name)} ~ .fields .field`)].map(
      ({ textContent }) => textContent,
    );
    expect(shownFields.filter((field) => !field.includes('.'))).toEqual(Object.keys(shape));
  });

  it('are shown on the channels that carry them', () => {
    const { channels: carriers } = reference.events.find(({ name }) => name === 'trade_executed') ?? {};
    expect(carriers).toEqual(['trades', 'agent', 'vault', 'account']);
  });
});

describe('the refusals', () => {
  it('have every reason that there is', () => {
    const reasons = [...fromDisk('shared/rejections.ts').matchAll(/readonly reason: '(\w+)'/g)].map(
      ([, reason]) => reason ?? '',
    );
    expect(reasons.length).toBeGreaterThan(20);
    expect(sorted(reference.refusals.map(({ reason }) => reason))).toEqual(sorted(reasons));
    const rows = [...page.querySelectorAll('[id^="refusal-"]')].map(({ textContent }) => textContent);
    expect(sorted(rows)).toEqual(sorted(reasons));
  });

  it('have the codes that the server answers with', () => {
    const source = fromDisk('server/api/errors.ts');
    for (const { reason, code, message } of reference.refusals) {
      expect(source).toContain(`  ${reason}: '${code}',`);
      const row = read(page.getElementById(anchors.refusal(reason))?.closest('tr')?.textContent);
      expect(row).toContain(code);
      expect(row).toContain(message);
      expect(reference.errorCodes.map((known) => known.code)).toContain(code);
    }
  });
});
