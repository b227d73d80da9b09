import { useCallback } from 'react';
import type { ClientSession } from '../../shared/client/index.ts';
import { type Services, useServices } from '../services.ts';
import { SignInFlow } from '../wallet/sign-in-flow.ts';

/** One per session, made when it is first needed. */
const FLOWS = new WeakMap<ClientSession, SignInFlow>();

/** The sign-in of the page: the same one for whoever asks. */
export const useSignInFlow = (): SignInFlow => flowOf(useServices());

/**
 * Gives what begins a sign-in from anywhere on the page, as the button in the top bar does. What there is to choose or
 * to say comes in a dialog; whoever is signed in already, or is about to be, is left alone.
 */
export function useSignIn(): () => void {
  const { begin } = useSignInFlow();
  return useCallback(() => begin('elsewhere'), [begin]);
}

function flowOf({ session, wallets }: Services): SignInFlow {
  const known = FLOWS.get(session);
  if (known !== undefined) return known;
  const flow = new SignInFlow(session, wallets);
  FLOWS.set(session, flow);
  return flow;
}
