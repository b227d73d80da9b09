import { readFileSync } from 'node:fs';
import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appRouter } from '../../server/api/router.ts';
import type { ProcedureMeta } from '../../server/api/trpc.ts';
import { anchors } from '../../server/docs/anchors.ts';
import { readProcedures } from '../../server/docs/procedures.ts';
import { GROUPS } from '../../server/docs/sections/procedures.ts';
import { clientSchemas, serverSchemas } from '../../server/gateway/control-messages.ts';
import { ERRORS } from '../../server/gateway/errors.ts';
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
    const anchored = names.map((name) => anchors.procedure(name));
    expect(new Set(anchored).size).toBe(names.length);
    expect(sorted(headed(anchors.procedure('')))).toEqual(
      sorted(anchored.map((id) => id.slice(anchors.procedure('').length))),
    );
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

describe('the groups of procedures', () => {
  it('have each procedure once, those of sign-in apart', () => {
    const groups = GROUPS.map(({ id, has }) => ({
      id,
      names: reference.procedures.filter(has).map(({ name }) => name),
    }));
    expect(sorted(groups.flatMap(({ names }) => names))).toEqual(
      sorted(reference.procedures.map(({ name }) => name)),
    );
    const auth = groups.find(({ id }) => id === 'auth')?.names ?? [];
    expect(sorted(auth.map((name) => name.replace('auth.', '')))).toEqual(
      sorted(Object.keys(appRouter._def.record.auth)),
    );
    for (const { id, names } of groups) {
      const section = page.getElementById(id)?.closest('section');
      const ids = [...(section?.querySelectorAll('h3') ?? [])].map((heading) => heading.id);
      expect(ids).toEqual(names.map((name) => anchors.procedure(name)));
      const figure = page.querySelector(`.figures a[href="#${id}"] b`);
      expect(figure?.textContent).toBe(`${names.length}`);
    }
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

describe('the errors', () => {
  const text = read(page.getElementById('errors')?.closest('section')?.textContent);

  it('are shown with the fields of their data', () => {
    const source = fromDisk('server/api/errors.ts');
    const [, details = ''] = /interface ErrorDetails \{(.*?)\n\}/s.exec(source) ?? [];
    const fields = [...details.matchAll(/readonly (\w+)\?:/g)].map(([, field]) => field ?? '');
    expect(fields.length).toBeGreaterThan(5);
    const shownFields = reference.errorData.map(({ name }) => name);
    expect(sorted(shownFields)).toEqual(sorted([...fields, 'code', 'httpStatus', 'path']));
    for (const { name, description } of reference.errorData) {
      expect(text).toContain(`${name}${description.replaceAll('`', '')}`);
    }
  });

  it('say why there is no session', () => {
    const guide = read(page.getElementById('signing-in')?.closest('section')?.textContent);
    for (const { name, description } of reference.sessionProblems) {
      expect(guide).toContain(`${name}${description.replaceAll('`', '')}`);
    }
  });
});

describe('the messages of the gateway', () => {
  const section = page.getElementById('gateway')?.closest('section');
  const text = read(section?.textContent);

  it.each([
    ['client', clientSchemas],
    ['server', serverSchemas],
  ] as const)('of the %s are shown with all their fields', (side, schemas) => {
    const [client, server] = section?.querySelectorAll('.cards.gateway') ?? [];
    const cards = [...((side === 'client' ? client : server)?.children ?? [])];
    expect(cards.map((card) => card.querySelector('code')?.textContent)).toEqual(Object.keys(schemas));
    for (const [index, { shape }] of Object.values(schemas).entries()) {
      const fields = [...(cards[index]?.querySelectorAll('.field') ?? [])].map((field) => field.textContent);
      expect(fields).toEqual(Object.keys(shape).filter((field) => field !== 'type'));
    }
  });

  it('have every error', () => {
    for (const [code, message] of Object.entries(ERRORS)) {
      expect(text).toContain(`${code}${message.replaceAll('`', '')}`);
    }
  });
});
