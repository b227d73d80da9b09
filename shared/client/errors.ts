/** Whether a mutation without an answer may have been carried out. */
export type Outcome = 'never_sent' | 'unknown';

/** The code with which a client that was closed by its owner has ended. */
export const CLOSED_BY_CLIENT = 1000;

/** With this code the server says that it is not what the client was built for (`ClientOptions.contract`). */
export const OUTDATED = 4501;

/** The connection has ended for good; nothing can be asked of this client any more. */
export class ConnectionEndedError extends Error {
  override readonly name = 'ConnectionEndedError';

  constructor(
    /** The WebSocket close code: 4500–4999 from the server, {@link OUTDATED} among them, or {@link CLOSED_BY_CLIENT}. */
    readonly code: number,
    readonly reason: string,
  ) {
    super(
      code === CLOSED_BY_CLIENT
        ? 'This client is closed.'
        : `The server has ended the connection for good (${reason === '' ? code : `${code}, ${reason}`}).`,
    );
  }
}

/**
 * Why a mutation has no answer. `deadline`: none came in time. `no_answer`: the connection was lost after it was sent,
 * and without a clientOrderId it must not be sent again. `connection_ended`: for good. `refused_later`: the connection
 * was lost after it was sent, and when it was sent again it was refused before it reached the market.
 */
export type Unanswered = 'deadline' | 'no_answer' | 'connection_ended' | 'refused_later';

interface UnansweredDetails {
  readonly path: string;
  readonly why: Unanswered;
  readonly outcome: Outcome;
  readonly deadlineMs: number;
  /** It carries a clientOrderId. */
  readonly repeatable: boolean;
}

/** A mutation has no answer, and `outcome` says whether it may have been carried out. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly why: Unanswered;
  readonly outcome: Outcome;

  /** @param cause what went wrong last, if anything did */
  constructor(details: UnansweredDetails, cause: Error | undefined) {
    super(`${story(details, cause)} ${consequence(details)}`, { cause });
    this.why = details.why;
    this.outcome = details.outcome;
  }
}

function story({ path, why, deadlineMs }: UnansweredDetails, cause: Error | undefined): string {
  switch (why) {
    case 'deadline':
      return `${path} had no answer within ${deadlineMs} ms.`;
    case 'no_answer':
      return `${path}: the connection was lost before the answer came.`;
    case 'connection_ended':
      return `${path} had no answer. ${cause?.message ?? 'The connection has ended.'}`;
    case 'refused_later':
      return `${path} lost its answer, and asking again was refused: ${cause?.message ?? 'no reason given'}`;
    default:
      return why satisfies never;
  }
}

function consequence({ outcome, repeatable }: UnansweredDetails): string {
  if (outcome === 'never_sent') return 'It was never sent.';
  const unknown = 'It may have been carried out';
  return repeatable ? `${unknown}: the same clientOrderId again tells.` : `${unknown}.`;
}

/**
 * Why an event will not be seen on a subscription. `unsubscribed`: by its owner. `ended`: the server has stopped it, or the
 * client was closed. `failed`: with an error, which is the cause. `another_log`: the server's log is not the one that the
 * receipt is of.
 */
export type Unseen = 'unsubscribed' | 'ended' | 'failed' | 'another_log';

const UNSEEN: Readonly<Record<Unseen, string>> = {
  unsubscribed: 'the subscription was left',
  ended: 'the subscription has ended',
  failed: 'the subscription has failed',
  another_log: 'the receipt is of another log',
};

/** What a mutation did will not be seen on a subscription. It is done all the same. */
export class UnseenError extends Error {
  override readonly name = 'UnseenError';

  constructor(
    readonly why: Unseen,
    cause?: Error,
  ) {
    super(`This will not be seen: ${UNSEEN[why]}${cause === undefined ? '.' : ` (${cause.message})`}`, {
      cause,
    });
  }
}

/** The first error of that class among an error and its causes. Calls fail with a TRPCClientError around it. */
export function causeOf<E extends Error>(
  error: unknown,
  kind: abstract new (...args: never[]) => E,
): E | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof kind) return cause;
  }
  return undefined;
}
