import { useCallback } from 'react';
import { useServices } from '../services.ts';

/**
 * Gives what begins a sign-in from anywhere on the page, as the button in the top bar does. What there is to choose or
 * to say comes in a dialog; whoever is signed in already, or is about to be, is left alone.
 */
export function useSignIn(): () => void {
  const { signIn } = useServices();
  return useCallback(() => signIn.begin('elsewhere'), [signIn]);
}
