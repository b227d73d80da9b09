import { Identity, type IdentityOptions } from '../../server/identity/identity.ts';
import type { Tokens } from '../../shared/auth.ts';
import { type SignedProof, Signer, wireProof } from '../support/signer.ts';
import { ManualClock } from '../support/test-app.ts';

export const SITE = 'http://localhost:3001';
export const SECRET = 'a secret of the tests, with 32 characters and more';
export const ann = new Signer(1);
export const bob = new Signer(2);

/** Identity on a clock that stands still, with sessions in memory. */
export function openIdentity(options: Partial<IdentityOptions> = {}) {
  const clock = new ManualClock();
  const identity = Identity.inMemory({ secret: SECRET, publicUrl: SITE, clock: clock.now, ...options });
  return {
    clock,
    identity,
    /** The text of a new challenge. */
    asked: (signer: Pick<Signer, 'address'> = ann): string => identity.challenge(signer.address).text,
    /** Whether the proof opens a session. */
    accepts: async (proof: SignedProof): Promise<boolean> =>
      (await identity.signIn(wireProof(proof), 'a test')) !== null,
    signIn: async (signer = ann): Promise<Tokens> => {
      const { text } = identity.challenge(signer.address);
      const tokens = await identity.signIn(wireProof(signer.prove(text)), 'a test');
      if (tokens === null) throw new Error('a proof that holds was refused');
      return tokens;
    },
  };
}

export type OpenIdentity = ReturnType<typeof openIdentity>;
