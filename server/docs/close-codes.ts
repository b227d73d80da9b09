import { ERROR_WINDOW_MS, MAX_ERRORS, TOO_MANY_ERRORS } from '../gateway/limits.ts';

export interface CloseCode {
  readonly code: string;
  readonly by: string;
  readonly when: string;
  readonly client: string;
}

/** How connections end: the rules of `server/realtime/ws/PROTOCOL.md` and `server/gateway/PROTOCOL.md`. */
export const CLOSE_CODES: readonly CloseCode[] = [
  {
    code: 'none',
    by: 'server',
    when: 'The connection params are wrong, or the context was refused; an error message comes before it.',
    client: 'may come back',
  },
  { code: '1002', by: 'server', when: 'Frames that break RFC 6455.', client: 'may come back' },
  { code: '1006', by: 'server', when: 'Cut: stuck, or no sign of life after a ping.', client: 'comes back' },
  { code: '1007', by: 'server', when: 'Text that is not UTF-8.', client: 'may come back' },
  { code: '1009', by: 'server', when: 'A message that is too large.', client: 'may come back' },
  {
    code: '1012',
    by: 'server',
    when: 'The server restarts, or the time of its drain is up.',
    client: 'comes back after a random delay',
  },
  { code: '4408', by: 'server', when: 'No connection params in time.', client: 'may come back' },
  {
    code: `${TOO_MANY_ERRORS}`,
    by: 'gateway',
    when: `More than ${MAX_ERRORS} errors within ${ERROR_WINDOW_MS / 1000} s.`,
    client: 'is to be mended first',
  },
  { code: '4400–4499', by: 'server', when: 'Reserved for policies that pass.', client: 'may come back' },
  { code: '4500–4999', by: 'server', when: 'Reserved for refusals that stay.', client: 'must not come back' },
];
