/** Messages of tRPC's WebSocket protocol, as a client with superjson sends them. */
export const TRPC_PATH = '/trpc';

export const subscribeTo = (path: string, id: number, lastEventId?: string): string =>
  JSON.stringify({ id, method: 'subscription', params: { path, input: { json: {} }, lastEventId } });

/** @throws when the message is an error */
export function refuseError(text: string): void {
  if (text.includes('"error":')) throw new Error(`the server answered ${text}`);
}
