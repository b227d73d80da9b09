import type { Entry } from '../../shared/events.ts';
import { clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import type { Order } from '../market/evolve.ts';
import { FieldReader } from './field-reader.ts';
import type { LogRecord, LogSelector } from './log.ts';
import { readFields } from './read-fields.ts';
import { writeFields } from './write-fields.ts';

/**
 * The stored form of a record: one line, a JSON list of
 *
 *     seq, at, type, agent or null, the event's other fields,
 *     and, when the record has an order: wallet or null, client order id, number of entries, request
 *
 * The order's wallet is null when it is the event's own. JSON has no line break inside a text, so lines are told apart
 * by line breaks; and the beginning is so regular that a selector needs no decoding.
 */

/** Written by hand: ids and amounts never need an escape, and JSON.stringify takes twice as long. */
export function encodeLine({ entry, order }: LogRecord): string {
  const fields = writeFields(entry);
  if (order === null) return `[${entry.seq},${entry.at},"${entry.type}",${fields}]`;
  const wallet = order.wallet === ownWallet(entry) ? 'null' : `"${order.wallet}"`;
  const request = JSON.stringify(order.request);
  return `[${entry.seq},${entry.at},"${entry.type}",${fields},${wallet},"${order.clientOrderId}",${order.entries},${request}]`;
}

/** Whose wallet the event is about, which nearly always is the one that ordered it: left out of the line then. */
function ownWallet(entry: Entry): WalletAddress | null {
  switch (entry.type) {
    case 'agent_created':
      return entry.creator;
    case 'trade_executed':
      return entry.trader;
    case 'vault_created':
      return entry.manager;
    case 'wallet_credited':
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
    case 'vault_deposited':
    case 'vault_withdrawn':
      return entry.wallet;
    case 'agent_graduated':
    case 'king_changed':
    case 'season_started':
    case 'season_ended':
      return null;
    default: {
      const unknown: never = entry;
      throw new TypeError(`no wallet for ${JSON.stringify(unknown)}`);
    }
  }
}

type Read = (typeof readFields)[keyof typeof readFields];
const readers: ReadonlyMap<string, Read> = new Map(Object.entries(readFields));

/** Whether a selector leaves nothing out. */
export const selectsAll = ({ agentId, types }: LogSelector): boolean =>
  agentId === undefined && types === undefined;

/** Tells which lines a selector wants by how they begin. */
export function lineFilter({ agentId, types }: LogSelector): (line: string) => boolean {
  const agent = agentId === undefined ? '' : `"${agentId}",`;
  const wanted = [...(types ?? readers.keys())].map((type) => `"${type}",${agent}`);
  return (line) => {
    const type = line.indexOf(',', line.indexOf(',') + 1) + 1;
    return wanted.some((beginning) => line.startsWith(beginning, type));
  };
}

/** Reads lines back. Keep one per log: it remembers the ids it has checked. */
export class RecordDecoder {
  readonly #fields = new FieldReader();

  /** @throws RangeError or SyntaxError when the line is not what {@link encodeLine} makes. */
  decode(line: string): LogRecord {
    const values: unknown = JSON.parse(line);
    if (!Array.isArray(values)) throw new RangeError('not a list of fields');
    const fields = this.#fields;
    fields.open(values);
    const seq = fields.integer();
    const at = fields.integer();
    const type = fields.text();
    const read = readers.get(type);
    if (read === undefined) throw new RangeError(`unknown event type ${JSON.stringify(type)}`);
    const entry = read(fields, seq, at);
    if (fields.ended) return { entry, order: null };
    const order: Order = {
      wallet: fields.walletOr(ownWallet(entry)),
      clientOrderId: clientOrderId(fields.text()),
      entries: fields.integer(),
      request: fields.text(),
    };
    fields.close();
    return { entry, order };
  }
}
