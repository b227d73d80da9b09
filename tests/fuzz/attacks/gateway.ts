import { OPCODE } from '../../support/raw-ws-frames.ts';
import type { Kind } from '../deck.ts';
import type { Dice } from '../dice.ts';
import { fragmentedShot, frameOf, type Shot, textFrame, textShot } from '../shots.ts';
import { ATTACKED_AGENTS, type Target, VAULTS } from '../world.ts';
import { brokenJson } from './messages.ts';
import { signInFields, token } from './sign-in.ts';
import { id, KEYS, large, position, string, value } from './values.ts';

/** Messages for an open connection to /ws. Most are answered with an error, of which it takes twenty. */

const CHANNELS = [
  'trades',
  'prices',
  'kings',
  'activities',
  'graduations',
  'olympics',
  'staking',
  'vaults',
  ...ATTACKED_AGENTS.map((agent) => `agent:${agent}`),
  ...VAULTS.map((vault) => `vault:${vault}`),
] as const;

const NO_CHANNELS = [
  ...KEYS,
  'account',
  'agent:',
  'agent:0',
  'agent:-1',
  'agent:1e3',
  'agent:01',
  'agent: 1',
  'agent:999999999999999',
  'agent:9999999999999999999999',
  'agent:1:2',
  'agent:__proto__',
  'vault:',
  'vault:999999',
  'vault:constructor',
  'trades ',
  'TRADES',
  'trades\u0000',
  'trades:1',
  'agent',
  ':',
  'account:1',
  'agent:１',
  'x'.repeat(4_000),
] as const;

const withId = (dice: Dice): string => (dice.chance(0.5) ? `"id":${id(dice)},` : '');

const subscribe = (dice: Dice, channel: string, since?: string): string =>
  `{"type":"subscribe",${withId(dice)}"channel":${JSON.stringify(channel)}${since === undefined ? '' : `,"since":${since}`}}`;
const unsubscribe = (dice: Dice, channel: string): string =>
  `{"type":"unsubscribe",${withId(dice)}"channel":${JSON.stringify(channel)}}`;

function hostileChannel(dice: Dice): string {
  const channel = dice.chance(0.7) ? JSON.stringify(dice.pick(NO_CHANNELS)) : value(dice, 1);
  return `{"type":"${dice.pick(['subscribe', 'unsubscribe'])}",${withId(dice)}"channel":${channel}}`;
}

/** Each may err: a channel that is subscribed to already, or no more. */
function churn(dice: Dice): string[] {
  const channel = dice.pick(CHANNELS);
  return dice.pick([
    [subscribe(dice, channel), unsubscribe(dice, channel)],
    [unsubscribe(dice, channel), subscribe(dice, channel)],
    [subscribe(dice, channel), subscribe(dice, channel)],
    [unsubscribe(dice, channel), unsubscribe(dice, channel)],
  ]);
}

/** A position of any shape is no error, unless it is no text. */
function since(dice: Dice, epoch: string): string[] {
  const channel = dice.pick(CHANNELS);
  const given = dice.chance(0.8) ? JSON.stringify(position(dice, epoch)) : value(dice, 1);
  return [subscribe(dice, channel, given), unsubscribe(dice, channel)];
}

function authText(dice: Dice): string {
  const type = dice.pick(['auth', 'challenge', 'auth', 'refresh', 'logout', 'Auth']);
  const fields = dice.pick([
    signInFields(dice),
    `"token":${JSON.stringify(token(dice))}`,
    `"accessToken":${JSON.stringify(token(dice))}`,
    `"walletAddress":${value(dice, 1)},"signature":${value(dice, 1)}`,
    `"address":${string(dice)}`,
  ]);
  return `{"type":"${type}",${withId(dice)}${fields}}`;
}

function anyType(dice: Dice): string {
  const type = dice.pick([
    '"__proto__"',
    '"toString"',
    '"PING"',
    '"snapshot"',
    '"connected"',
    'null',
    '1',
    '{}',
    '["ping"]',
  ]);
  return dice.chance(0.3) ? value(dice) : `{"type":${type},${withId(dice)}"data":${value(dice)}}`;
}

const ping = (dice: Dice): string =>
  `{"type":"ping","id":${dice.chance(0.5) ? dice.between(-5, 5) : `"${dice.word(dice.between(0, 64))}"`},"${dice.pick(KEYS)}x":${value(dice, 1)}}`;

/** More than a message may have and less than a frame may, or more than both: then `ws` closes. */
function tooLarge(dice: Dice): Shot {
  const size = dice.pick([16_385, 20_000, 65_536, 65_537, 70_000]);
  const bytes = textFrame(`{"type":"ping","id":"${'x'.repeat(size - 23)}"}`, dice);
  return size > 65_536 ? { bytes, ends: true } : { bytes, errors: 1 };
}

export function gatewayKinds({ epoch }: Target): readonly Kind<Shot>[] {
  const kind = (name: string, weight: number, make: (dice: Dice) => Shot): Kind<Shot> => ({
    name: `gateway ${name}`,
    weight,
    make,
  });
  const erring = (name: string, weight: number, make: (dice: Dice) => string): Kind<Shot> =>
    kind(name, weight, (dice) => ({ ...textShot(dice, make(dice)), errors: 1 }));
  return [
    erring('broken JSON', 12, brokenJson),
    erring('hostile channels', 12, hostileChannel),
    erring('sign-in', 12, authText),
    erring('types', 12, anyType),
    erring('large', 0.5, (dice) => `{"type":"subscribe","channel":${large(dice, 15_000)}}`),
    kind('opened and dropped', 8, (dice) => ({ ...textShot(dice, ...churn(dice)), errors: 2 })),
    kind('since', 8, (dice) => ({ ...textShot(dice, ...since(dice, epoch)), errors: 2 })),
    kind('too large', 0.2, tooLarge),
    kind('binary', 4, (dice) => ({
      bytes: frameOf(dice.bytes(dice.below(64)), OPCODE.binary, dice),
      errors: 1,
    })),
    kind('pings', 120, (dice) =>
      dice.chance(0.7)
        ? textShot(dice, ping(dice))
        : { bytes: frameOf(dice.word(dice.between(0, 125)), dice.pick([OPCODE.ping, OPCODE.pong]), dice) },
    ),
    kind('tiny fragments', 5, (dice) => fragmentedShot(ping(dice), dice.between(2, 60), dice)),
  ];
}
