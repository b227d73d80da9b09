import { OPCODE } from '../../support/raw-ws-frames.ts';
import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { fragmentedShot, frameOf, type Shot, textShot } from '../shots.ts';
import type { Target } from '../world.ts';
import { MUTATIONS, NO_PATHS, PROCEDURES, QUERIES, SUBSCRIPTIONS } from './catalogue.ts';
import { callText, hostileIdCall, spoiled, superjsonOf } from './inputs.ts';
import { batchText, brokenJson, lateParams, notMessages } from './messages.ts';
import { signInCall } from './sign-in.ts';
import { hostileSuperjson } from './superjson.ts';
import { large, position } from './values.ts';

/** Messages for an open connection to /trpc; it lives on after each of them. */

const METHODS = ['query', 'mutation', 'subscription'] as const;

/** Ids that come again and again, so that calls and stops meet calls of others. */
const fewIds = (dice: Dice): string => String(dice.between(1, 24));

function anyCall(dice: Dice): string {
  const { path, method, fields } = dice.pick(PROCEDURES);
  return callText(dice, { path, method, input: superjsonOf(fields(dice)), id: fewIds(dice) });
}

const stop = (id: string): string => `{"id":${id},"method":"subscription.stop"}`;

function subscribe(dice: Dice, epoch: string, id = fewIds(dice)): string {
  const { path, method, fields } = dice.pick(SUBSCRIPTIONS);
  const lastEventId = dice.chance(0.5) ? position(dice, epoch) : undefined;
  return callText(dice, { id, path, method, input: superjsonOf(fields(dice)), lastEventId });
}

/** Subscriptions and their ends in an order that no client would choose. */
function churn(dice: Dice, epoch: string): Shot {
  const id = fewIds(dice);
  return textShot(
    dice,
    ...dice.pick([
      [subscribe(dice, epoch, id), stop(id)],
      [subscribe(dice, epoch, id), stop(id), stop(id), subscribe(dice, epoch, id)],
      [stop(id), subscribe(dice, epoch, id)],
      [subscribe(dice, epoch, id), subscribe(dice, epoch, id)],
      [stop(fewIds(dice)), stop(`"${id}"`)],
      [subscribe(dice, epoch, id), 'PING', stop(id), 'PING'],
    ]),
  );
}

function resumed(dice: Dice, epoch: string): string {
  const { path, method, fields } = dice.pick(SUBSCRIPTIONS);
  const given = JSON.stringify(position(dice, epoch));
  const text = callText(dice, {
    id: fewIds(dice),
    path,
    method,
    input: superjsonOf({ ...fields(dice), lastEventId: { json: given } }),
    lastEventId: position(dice, epoch),
  });
  // Where a text is due, anything but one.
  return dice.chance(0.2) ? text.replace(/"lastEventId":"[^"]*"/, '"lastEventId":{"__proto__":[]}') : text;
}

function confused(dice: Dice): string {
  const { path, fields } = dice.pick(PROCEDURES);
  const input = superjsonOf(fields(dice));
  if (dice.chance(0.4))
    return callText(dice, { path: dice.pick(NO_PATHS), method: dice.pick(METHODS), input });
  return callText(dice, { path, method: dice.pick(METHODS), input, id: fewIds(dice) });
}

const NO_METHODS = [
  '',
  'QUERY',
  'subscription.start',
  'subscription.stop.stop',
  '__proto__',
  'toString',
] as const;

function noMethod(dice: Dice): string {
  const { path, fields } = dice.pick(PROCEDURES);
  const params = `{"path":"${path}","input":${superjsonOf(fields(dice))}}`;
  return `{"id":${fewIds(dice)},"method":${JSON.stringify(dice.pick(NO_METHODS))},"params":${params}}`;
}

function spoiledCall(dice: Dice): string {
  const { path, method, fields } = dice.pick(PROCEDURES);
  return callText(dice, { path, method, input: spoiled(fields(dice), dice), id: fewIds(dice) });
}

function superjsonCall(dice: Dice): string {
  const { path, method } = dice.pick(PROCEDURES);
  return callText(dice, { path, method, input: hostileSuperjson(dice), id: fewIds(dice) });
}

/** An order or a query that is in order, so that there is something to disturb. */
function valid(dice: Dice): string {
  const { path, method, fields } = dice.pick([...MUTATIONS, ...QUERIES]);
  return callText(dice, { path, method, input: superjsonOf(fields(dice)) });
}

const pings = (dice: Dice): Shot =>
  dice.chance(0.5)
    ? textShot(dice, dice.pick(['PING', 'PONG']))
    : { bytes: frameOf(dice.word(dice.between(0, 125)), dice.pick([OPCODE.ping, OPCODE.pong]), dice) };

export function trpcKinds({ epoch }: Target): readonly Kind<Shot>[] {
  const shots = (name: string, weight: number, make: (dice: Dice) => Shot): Kind<Shot> => ({
    name: `trpc ${name}`,
    weight,
    make,
  });
  const texts = (name: string, weight: number, make: (dice: Dice) => string): Kind<Shot> =>
    shots(name, weight, (dice) => textShot(dice, make(dice)));
  /** Each is refused before it runs, or may be: only so many of those are put up with. */
  const refused = (name: string, weight: number, make: (dice: Dice) => string): Kind<Shot> =>
    shots(name, weight, (dice) => ({ ...textShot(dice, make(dice)), errors: 1 }));
  return [
    refused('broken JSON', 60, brokenJson),
    refused('no messages', 60, notMessages),
    refused('hostile ids', 80, (dice) => {
      const { path, method, fields } = dice.pick(PROCEDURES);
      return hostileIdCall(dice, { path, method, input: superjsonOf(fields(dice)) });
    }),
    texts('paths', 60, confused),
    refused('methods', 20, noMethod),
    texts('spoiled inputs', 100, spoiledCall),
    refused('hostile superjson', 70, superjsonCall),
    texts('sign-in', 40, (dice) =>
      callText(dice, { ...signInCall(dice), method: dice.pick(METHODS), id: fewIds(dice) }),
    ),
    texts('resumes', 25, (dice) => resumed(dice, epoch)),
    shots('opened and dropped', 25, (dice) => churn(dice, epoch)),
    texts('valid calls', 4, valid),
    shots('batches', 2, (dice) => {
      const text = batchText(dice, anyCall);
      // Each of its messages may be refused by itself.
      return { ...textShot(dice, text), errors: text.length > 200 ? 65 : 2 };
    }),
    refused('late params', 20, lateParams),
    refused('large messages', 2, (dice) =>
      dice.chance(0.5)
        ? large(dice, 16_000)
        : callText(dice, { path: 'agents', method: 'query', input: `{"json":${large(dice, 15_000)}}` }),
    ),
    shots('pings', 180, pings),
    shots('binary', 20, (dice) => ({
      bytes: frameOf(dice.chance(0.5) ? anyCall(dice) : dice.bytes(dice.below(64)), OPCODE.binary, dice),
      errors: 1,
    })),
    shots('tiny fragments', 6, (dice) => fragmentedShot(anyCall(dice), dice.between(2, 80), dice)),
  ];
}
