import type { Store } from '../../shared/client/index.ts';
import { Cell, guarded } from '../../shared/client/store.ts';
import type { Fill } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { type AgentId, type ClientOrderId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import type { Toasts, ToastText } from '../ui/toasts.ts';
import { type Failure, failureOf } from './words.ts';

/** A trade as the shared curve says it will be, until the server has said how it is. */
export interface ExpectedTrade {
  readonly agentId: AgentId;
  readonly trader: WalletAddress;
  readonly fill: Fill;
  /** The most SOL that it may take from the trader, fees included; 0 for a sale. */
  readonly mostSol: Lamports;
  /** The last entry of the agent that it was computed from. */
  readonly seq: number;
}

/** A trade that was placed on this page. */
export interface PlacedTrade extends ExpectedTrade {
  readonly orderId: ClientOrderId;
  readonly placedAt: number;
  /** What it has become; `null` until the server has answered. */
  readonly trade: TradeExecuted | null;
}

/** Something to ask the server for, and how to speak of it. */
export interface OrderRequest<Answer> {
  /** While there is no answer. */
  readonly pending: string;
  readonly send: (orderId: ClientOrderId) => Promise<Answer>;
  readonly done: (answer: Answer) => ToastText;
  /** When it is refused; the words are for this order rather than for any. */
  readonly refused?: ((failure: Failure) => ToastText | null) | undefined;
  /** Shown on the tape until its echo, or withdrawn. */
  readonly trade?: { readonly expected: ExpectedTrade; readonly of: (answer: Answer) => TradeExecuted };
}

export type OrderOutcome<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** More than a tape can show. */
const REMEMBERED = 50;

/**
 * Places orders: each press is answered at once by a notice that becomes the outcome, and each trade by a row that becomes
 * its exact echo. An order carries an id of its own, so that the client may send it again after a lost connection.
 */
export class Orders {
  readonly #trades = new Cell<readonly PlacedTrade[]>([]);
  readonly #pending = new Cell(0);

  constructor(
    private readonly toasts: Toasts,
    private readonly now: () => number,
    /** Told of every order that was carried out. */
    private readonly onDone: () => void = () => undefined,
  ) {}

  /** Trades that were placed here, oldest first. */
  get trades(): Store<readonly PlacedTrade[]> {
    return this.#trades;
  }

  /** How many orders have no answer yet. */
  get pending(): Store<number> {
    return this.#pending;
  }

  /** Never rejects: what went wrong has been said, and is in the outcome. */
  async place<Answer>(request: OrderRequest<Answer>): Promise<OrderOutcome<Answer>> {
    const { trade } = request;
    const orderId = newOrderId();
    const say = this.toasts.show({ tone: 'pending', title: request.pending });
    this.#pending.set(this.#pending.get() + 1);
    if (trade !== undefined) {
      this.#put({ ...trade.expected, orderId, placedAt: this.now(), trade: null });
    }
    try {
      const answer = await request.send(orderId);
      if (trade !== undefined) this.#filled(orderId, trade.of(answer));
      say({ tone: 'good', ...request.done(answer) });
      // What follows from it must not look like a failure of the order.
      guarded(this.onDone);
      return { kind: 'done', answer };
    } catch (error) {
      const failure = failureOf(error);
      this.#withdraw(orderId);
      say({ tone: 'bad', ...(request.refused?.(failure) ?? failure.words) });
      return { kind: 'failed', failure };
    } finally {
      this.#pending.set(this.#pending.get() - 1);
    }
  }

  #put(placed: PlacedTrade): void {
    this.#trades.set([...this.#trades.get(), placed].slice(-REMEMBERED));
  }

  #filled(orderId: ClientOrderId, trade: TradeExecuted): void {
    this.#trades.set(
      this.#trades.get().map((placed) => (placed.orderId === orderId ? { ...placed, trade } : placed)),
    );
  }

  #withdraw(orderId: ClientOrderId): void {
    this.#trades.set(this.#trades.get().filter((placed) => placed.orderId !== orderId));
  }
}

/** Also where the page is not in a secure context, which `crypto.randomUUID` asks for. */
function newOrderId(): ClientOrderId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return clientOrderId(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
