import type { Dice } from '../dice.ts';
import { ATTACKERS, walletOf } from '../world.ts';
import { value } from './values.ts';

/** What somebody without a wallet, or with somebody else's token, may try. */

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

const HEADERS = [
  '{"alg":"none"}',
  '{"alg":"None","typ":"JWT"}',
  '{"alg":"HS256"}',
  '{"alg":"EdDSA","kid":"../../dev/null"}',
  '{"alg":"EdDSA","jwk":{"kty":"OKP"}}',
  '{"alg":"RS256","jku":"http://127.0.0.1:1/"}',
  '{"alg":{"toString":1}}',
  '{"alg":"EdDSA","crit":["exp"]}',
  'null',
  '[',
  '',
] as const;

const CLAIMS = [
  '{}',
  '{"sub":"1","exp":99999999999}',
  '{"exp":-1}',
  '{"exp":1e400}',
  '{"exp":"later"}',
  '{"operator":true,"role":"operator"}',
  '{"__proto__":{"operator":true}}',
  'null',
  '1',
  '',
] as const;

/** A JSON Web Token that holds in no way, or something that is none at all. */
export function token(dice: Dice): string {
  switch (dice.below(6)) {
    case 0:
      return dice.bytes(32).toString('base64url');
    case 1:
      return '.'.repeat(dice.between(0, 20));
    case 2:
      return dice.pick(['', ' ', 'null', 'undefined', 'Bearer', '__proto__', 'a.b.c', '=.=.=']);
    case 3:
      return dice.word(dice.between(1_000, 4_000));
    default:
      return [
        encoded(dice.pick(HEADERS)),
        encoded(dice.pick(CLAIMS)),
        dice.pick(['', dice.bytes(64).toString('base64url'), dice.bytes(3).toString('base64url')]),
      ].join('.');
  }
}

const bytesText = (length: number, dice: Dice): string => {
  const right = dice.bytes(length).toString('base64');
  return dice.pick([
    right,
    right,
    right.slice(1),
    `${right}=`,
    right.replaceAll('/', '_'),
    '====',
    '%%%',
    '',
  ]);
};

/** The fields of a `signIn` or of the gateway's `auth`, as JSON. */
export function signInFields(dice: Dice): string {
  const address = JSON.stringify(
    dice.pick([walletOf(dice.pick(ATTACKERS)), '1'.repeat(32), 'z'.repeat(44), 'no address', '']),
  );
  const key = JSON.stringify(bytesText(32, dice));
  const account = dice.pick([
    `{"address":${address},"publicKey":${key}}`,
    `{"address":${address}}`,
    value(dice),
  ]);
  const message = JSON.stringify(
    dice.chance(0.5)
      ? Buffer.from(
          `localhost wants you to sign in with your Solana account:\n${dice.word(44)}\n\nNonce: ${dice.word(16)}`,
        ).toString('base64')
      : bytesText(dice.between(0, 3_000), dice),
  );
  const signature = JSON.stringify(bytesText(64, dice));
  return `"account":${account},"walletAddress":${address},"signedMessage":${message},"signature":${signature}`;
}

/** A path of the sign-in procedures and an input for it, as superjson. */
export function signInCall(dice: Dice): { readonly path: string; readonly input: string } {
  // Rarely, as it ends whatever the attacker has open.
  if (dice.chance(0.005)) return { path: 'auth.logout', input: '{"json":{}}' };
  const path = dice.pick([
    'auth.challenge',
    'auth.signIn',
    'auth.refresh',
    'auth.renew',
    'auth.revokeSession',
    'auth.sessions',
    'auth.logout.logout',
    'auth.__proto__',
    'auth',
  ]);
  const json = dice.pick([
    `{${signInFields(dice)}}`,
    `{"address":${JSON.stringify(dice.pick([walletOf(dice.pick(ATTACKERS)), '1'.repeat(32), dice.word(40)]))}}`,
    `{"refreshToken":${JSON.stringify(token(dice))}}`,
    `{"accessToken":${JSON.stringify(token(dice))}}`,
    `{"sessionId":${JSON.stringify(dice.bytes(16).toString('base64url'))}}`,
    value(dice),
  ]);
  return { path, input: `{"json":${json}}` };
}
