import { ERROR_WINDOW_MS, MAX_ERRORS, MAX_FRAME_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';

/** Every error that a client may get, and what it says. Nothing of the client's message is repeated in it. */
export const ERRORS = {
  bad_json: 'The message is not JSON.',
  bad_message: 'The message is not as the protocol has it.',
  unknown_type: 'There is no message of that type: subscribe, unsubscribe, ping and auth are known.',
  unknown_channel: 'There is no such channel, or its id is not a number.',
  agent_not_found: 'There is no agent of that number.',
  vault_not_found: 'There is no vault of that number.',
  already_subscribed: 'The channel is subscribed to; its subscription goes on.',
  not_subscribed: 'The channel is not subscribed to.',
  too_many_subscriptions: 'The connection has as many subscriptions as it may have.',
  too_large: `A message has at most ${MAX_MESSAGE_BYTES} bytes; one of more than ${MAX_FRAME_BYTES} ends the connection.`,
  binary_not_supported: 'Messages are JSON in text frames.',
  unauthorized: 'The channel is for a connection that has signed in.',
  auth_unavailable: 'This server has no way to check who you are yet.',
  auth_pending: 'Another auth is being checked; wait for its answer.',
  auth_failed: 'That does not prove who you are.',
  internal_error: 'Something went wrong in the server.',
  too_many_errors: `There have been more than ${MAX_ERRORS} errors within ${ERROR_WINDOW_MS / 1000} s; the connection is closed.`,
} as const;

export type ErrorCode = keyof typeof ERRORS;
