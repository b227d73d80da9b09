import { expect, it, onTestFinished } from 'vitest';
import { appRouter } from '../../server/api/router.ts';
import { referenceOf } from '../../server/docs/reference.ts';
import { channels } from '../../shared/channels.ts';
import { ExampleMarket } from './example-market.ts';

/** As the formatter has it: a list of one text is on one line. */
const written = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`;

it('answers every example over the wire as the page says; "npx vitest run tests/docs -u" records anew', async () => {
  const market = await ExampleMarket.open();
  onTestFinished(() => market.close());
  const answers: Record<string, unknown> = {};
  for (const procedure of referenceOf({ router: appRouter, channels }).procedures) {
    answers[procedure.name] = await market.carryOut(procedure);
  }
  await expect(written(answers)).toMatchFileSnapshot('../../server/docs/answers.json');
});
