import { MAX_FRAME_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';

/** Every error that a client may get, and what it says. Nothing of the client's message is repeated in it. */
export const ERRORS = {
  bad_json: 'The message is not JSON.',
  bad_message: 'The message is not as the protocol has it.',
  unknown_type:
    'There is no message of that type: subscribe, unsubscribe, ping, challenge and auth are known.',
  unknown_channel: 'There is no such channel, or its id is not a number.',
  agent_not_found: 'There is no agent of that number.',
  vault_not_found: 'There is no vault of that number.',
  already_subscribed: 'The channel is subscribed to; its subscription goes on.',
  not_subscribed: 'The channel is not subscribed to.',
  too_many_subscriptions: 'The connection has as many subscriptions as it may have.',
  too_large: `A message has at most ${MAX_MESSAGE_BYTES} bytes; one of more than ${MAX_FRAME_BYTES} ends the connection.`,
  binary_not_supported: 'Messages are JSON in text frames.',
  unauthorized: 'The channel is for a connection that has signed in.',
  auth_pending: 'Another auth is being checked; wait for its answer.',
  auth_failed: 'That does not prove who you are.',
  rate_limited: 'That was too often; nothing was done. Try again after `retryAfter` seconds.',
  session_ended: 'The session has been ended elsewhere; the connection is closed.',
  internal_error: 'Something went wrong in the server.',
  too_many_errors: 'There have been too many errors; the connection is closed.',
} as const;

export type ErrorCode = keyof typeof ERRORS;
