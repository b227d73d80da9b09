import { z } from 'zod';
import type { Curve, Side } from '../../shared/curve.ts';
import type { MintAddress, WalletAddress } from '../../shared/ids.ts';
import {
  lamportsSchema,
  mintAddressSchema,
  positiveLamportsSchema,
  positiveTokenUnitsSchema,
  sideSchema,
  tokenUnitsSchema,
  walletAddressSchema,
} from '../../shared/schema.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';

/** A trade that was executed on mainnet by the program whose curve we share. */
export interface RecordedTrade {
  /** Block time in ms since the epoch; the chain's clock has whole seconds. */
  readonly at: number;
  /** Of its transaction, which may hold more than one trade. */
  readonly signature: string;
  readonly mint: MintAddress;
  readonly creator: WalletAddress;
  readonly trader: WalletAddress;
  readonly side: Side;
  /** What moved on the curve, before fees; 0 for a sale of dust. */
  readonly sol: Lamports;
  readonly tokens: TokenUnits;
  readonly protocolFee: Lamports;
  readonly creatorFee: Lamports;
  /** Reserves after the trade. */
  readonly after: Curve;
}

/** A text that is not a recording; says where. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  constructor(
    /** 1 is the header. */
    readonly line: number,
    /** `null` when the line as a whole is wrong. */
    readonly column: string | null,
    problem: string,
  ) {
    super(`line ${line}${column === null ? '' : `, column ${column}`}: ${problem}`);
  }
}

const integer = z
  .string()
  .regex(/^\d{1,19}$/, { error: 'must be a whole number of at most 19 digits' })
  .transform(BigInt);

/** The columns in their order. The format has no quoting: no field can hold a comma. */
const columns = {
  block_time: z
    .string()
    .regex(/^\d{1,11}$/, { error: 'must be a time in whole seconds' })
    .transform(Number),
  signature: z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/, { error: 'must be base58 of 64 bytes' }),
  mint: mintAddressSchema,
  creator: walletAddressSchema,
  trader: walletAddressSchema,
  side: sideSchema,
  sol_amount: integer.pipe(lamportsSchema),
  token_amount: integer.pipe(positiveTokenUnitsSchema),
  virtual_sol_reserves: integer.pipe(positiveLamportsSchema),
  virtual_token_reserves: integer.pipe(positiveTokenUnitsSchema),
  real_sol_reserves: integer.pipe(lamportsSchema),
  real_token_reserves: integer.pipe(tokenUnitsSchema),
  protocol_fee: integer.pipe(lamportsSchema),
  creator_fee: integer.pipe(lamportsSchema),
};
const COLUMN_NAMES = Object.keys(columns);
const HEADER = COLUMN_NAMES.join(',');

const recordedTradeSchema = z.object(columns).transform(
  (row): RecordedTrade => ({
    at: row.block_time * 1_000,
    signature: row.signature,
    mint: row.mint,
    creator: row.creator,
    trader: row.trader,
    side: row.side,
    sol: row.sol_amount,
    tokens: row.token_amount,
    protocolFee: row.protocol_fee,
    creatorFee: row.creator_fee,
    after: {
      virtualSol: row.virtual_sol_reserves,
      virtualTokens: row.virtual_token_reserves,
      realSol: row.real_sol_reserves,
      realTokens: row.real_token_reserves,
    },
  }),
);

/**
 * Reads a recording: CSV with the header of `mainnet-trades.csv` and one trade a line, in the order of execution.
 * It checks every field by itself; whether the trades follow from each other is for the replay to find out.
 * @throws RecordingError at the first line that is not as it should be.
 */
export function parseRecordedTrades(text: string): RecordedTrade[] {
  const [header, ...rows] = text.split(/\r?\n/);
  if (header !== HEADER) throw new RecordingError(1, null, `the header must be "${HEADER}"`);
  // The last line ends with a line break.
  if (rows.at(-1) === '') rows.pop();
  return rows.map((row, index) => parseRow(row, index + 2));
}

function parseRow(row: string, line: number): RecordedTrade {
  const fields = row.split(',');
  if (fields.length !== COLUMN_NAMES.length) {
    throw new RecordingError(line, null, `has ${fields.length} columns instead of ${COLUMN_NAMES.length}`);
  }
  const result = recordedTradeSchema.safeParse(
    Object.fromEntries(COLUMN_NAMES.map((name, index) => [name, fields[index]])),
  );
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RecordingError(line, issue?.path.map(String).join('.') ?? null, issue?.message ?? 'is not valid');
}
