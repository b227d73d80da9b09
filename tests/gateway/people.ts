import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import type { TestMarket } from '../support/test-app.ts';
import type { JsonClient, Message } from './json-client.ts';

/** Somebody with a key, as a wallet has it; the same one for the same name. */
export class Person {
  readonly address: WalletAddress;
  readonly #seed: Uint8Array;

  constructor(name: string) {
    this.#seed = createHash('sha256').update(`person ${name}`).digest();
    this.address = walletAddress(base58.encode(ed25519.getPublicKey(this.#seed)));
  }

  /** Base64 of the signature. */
  sign(text: string): string {
    return Buffer.from(ed25519.sign(Buffer.from(text, 'utf8'), this.#seed)).toString('base64');
  }

  /** What proves it, of a text that the server has given. */
  proof(text: string) {
    return { type: 'auth', walletAddress: this.address, signature: this.sign(text) };
  }
}

export const challengeFor = ({ address }: Person) => ({ type: 'challenge', walletAddress: address });

/** The text to sign. */
export const textOf = ({ type, message }: Message): string => {
  if (type !== 'challenge' || typeof message !== 'string') throw new TypeError(`no challenge: ${type}`);
  return message;
};

/** @returns the text that the server would have the person sign */
export async function challenged(client: JsonClient, person: Person): Promise<string> {
  client.send(challengeFor(person));
  return textOf(await client.next());
}

/** Signs in with a signature. @returns the answer */
export async function signIn(client: JsonClient, person: Person): Promise<Message> {
  client.send(person.proof(await challenged(client, person)));
  return client.next();
}

/** Gives the wallet SOL. @returns the position of that */
export async function credit(market: TestMarket, to: WalletAddress, amount = '1'): Promise<string> {
  const order = { clientOrderId: market.orderId(), wallet: to, sol: sol(amount) };
  return (await market.operator.credit(order)).receipt.position;
}
