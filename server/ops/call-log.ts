import type { CallRecord } from '../api/context.ts';

/** What a call log writes to; pino fits. */
export interface CallLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Codes of what is the server's fault; all others are the caller's. */
const FAULTS: ReadonlySet<CallRecord['code']> = new Set([
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'GATEWAY_TIMEOUT',
  'BAD_GATEWAY',
  'NOT_IMPLEMENTED',
]);

/**
 * Writes a line for every call from outside: what changes something and what was refused for everybody to see, what was
 * only read when asked for more. Inputs are never written: they may hold tokens and signatures.
 */
export function callLog(logger: CallLogger): (call: CallRecord) => void {
  return (call) => {
    if (FAULTS.has(call.code)) logger.error(call, 'call failed');
    else if (call.code !== 'OK') logger.info(call, 'call refused');
    else if (call.type === 'mutation') logger.info(call, 'call');
    else logger.debug(call, 'call');
  };
}

/** Where secrets would stand in what is logged; pino writes `[Redacted]` in their place. */
export const SECRETS: readonly string[] = [
  'accessToken',
  'refreshToken',
  'token',
  'signature',
  'signedMessage',
  'authorization',
  'cookie',
  'secret',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
