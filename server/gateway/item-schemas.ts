import { z } from 'zod';
import { CREDIT_SOURCES } from '../../shared/events.ts';
import { MEDALS } from '../../shared/olympics.ts';

/**
 * The items that the gateway sends, beside snapshots. What is documented (asyncapi.ts) and what is sent (to-wire.ts)
 * both come from these schemas.
 */
const decimal = z.string().regex(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
const sol = decimal.describe('SOL, exact, as decimal text.');
const tokens = decimal.describe('Whole tokens, exact, as decimal text.');
const price = decimal.describe('SOL for one whole token, as decimal text.');
const marketCap = decimal.describe(
  'Price times the total supply of 10^9 tokens, in SOL, rounded down to a lamport.',
);
const tokensSold = decimal.describe('Tokens sold on the bonding curve so far, of 793,100,000.');
const totalValueLocked = decimal.describe('SOL that the bonding curve holds.');
const progressBps = z
  .int()
  .min(0)
  .max(10_000)
  .describe('Progress to graduation in basis points; 10,000 when the curve is sold out.');
const volume = decimal.describe('SOL traded since creation, before fees.');
const whole = z.int().min(0);
const shares = z
  .string()
  .regex(/^(0|[1-9]\d*)$/)
  .describe('Shares of a vault: a whole number as text.');
const solPerShare = decimal.describe('SOL for one share, as decimal text of up to 27 places.');
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time', description: 'ISO 8601, UTC, with milliseconds.' });
const address = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/);
const wallet = address.describe('Wallet address: base58 of 32 bytes.');
const mint = address.describe('Address of the token mint: base58 of 32 bytes.');
const pool = address.describe('Address of the liquidity pool: base58 of 32 bytes.');
const agentId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .describe('Number of an agent, as text.');
const vaultId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .describe('Number of a vault, as text.');
const position = z
  .string()
  .regex(/^[0-9A-Za-z]{1,64}-(0|[1-9]\d{0,14})$/)
  .describe('A position, `epoch-seq`: which log, and the number of an entry in it.');
const side = z.enum(['buy', 'sell']);
const symbol = z.string().describe('Symbol of the agent.');
const timestamp = time.meta({ format: 'date-time', description: 'When it happened.' });
const season = z.int().positive().describe('Number of the season: 1, 2, 3 …');
const rewardPerToken = decimal.describe(
  'SOL that one staked token has earned since the first stake in the agent, as decimal text of up to 21 places.',
);

export const fields = {
  address,
  agentId,
  decimal,
  marketCap,
  mint,
  pool,
  position,
  price,
  progressBps,
  rewardPerToken,
  shares,
  sol,
  solPerShare,
  symbol,
  time,
  tokens,
  tokensSold,
  totalValueLocked,
  vaultId,
  volume,
  wallet,
  whole,
};

export const tradeSchema = z
  .object({
    id: position.describe('The trade: its position in the log, the same on every channel that carries it.'),
    agentId,
    type: side,
    trader: wallet,
    tokenAmount: tokens,
    solAmount: sol.describe(
      'SOL that moved on the curve, before fees. A buyer pays them on top, a seller less them.',
    ),
    pricePerToken: price.describe('solAmount / tokenAmount, rounded down to 18 places.'),
    createdAt: timestamp,
    protocolFee: sol,
    creatorFee: sol,
    currentPrice: price.describe('Price at the margin after the trade, in SOL for one whole token.'),
    tokensSold,
    totalValueLocked,
    marketCap,
  })
  .describe('A trade, and where it left its agent.');

export const priceSchema = z
  .object({
    agentId,
    currentPrice: price,
    tokensSold,
    totalValueLocked,
    marketCap,
    progressBps,
    volume,
    trades: whole.describe('Trades since creation.'),
    timestamp,
  })
  .describe('What an agent is worth now.');

export const graduationSchema = z
  .object({
    agentId,
    poolId: pool,
    solAmount: sol.describe('SOL moved from the curve to the pool.'),
    tokenAmount: tokens.describe('Tokens moved to the pool.'),
    timestamp,
  })
  .describe('An agent whose curve has sold out: its reserves have moved to a pool.');

export const newAgentSchema = z
  .object({
    id: agentId,
    name: z.string(),
    symbol,
    purpose: z.string(),
    tokenMint: mint,
    creatorWallet: wallet,
    timestamp,
  })
  .describe('An agent that has been created.');

export const kingChangeSchema = z
  .object({
    agentId: agentId
      .nullable()
      .describe('The new king; null when the king has graduated and nobody follows.'),
    previousAgentId: agentId.nullable(),
    marketCap: marketCap.describe('Of the new king when it was crowned, in SOL; 0 without one.'),
    timestamp,
  })
  .describe('Another agent is king of the hill.');

const stakeMoved = {
  agentId,
  wallet,
  tokenAmount: tokens,
  stake: tokens.describe("The wallet's stake in the agent afterwards."),
  totalStaked: tokens.describe("Everybody's stake in the agent afterwards."),
  rewardPerToken,
  timestamp,
};

export const stakePoolSchema = z
  .object({
    kind: z.literal('pool'),
    agentId,
    totalStaked: tokens,
    stakers: whole,
    rewardPerToken,
    rewards: sol.describe('SOL that went to stakers so far.'),
    claimed: sol.describe('SOL of it that was claimed.'),
    timestamp,
  })
  .describe('What is at stake in one agent.');

export const stakingSchema = z
  .discriminatedUnion('kind', [
    stakePoolSchema,
    z.object({ kind: z.literal('staked'), ...stakeMoved }).describe('A wallet has staked tokens.'),
    z.object({ kind: z.literal('unstaked'), ...stakeMoved }).describe('A wallet has taken tokens back.'),
    z
      .object({
        kind: z.literal('rewards_claimed'),
        agentId,
        wallet,
        solAmount: sol,
        rewardPerToken,
        timestamp,
      })
      .describe('A wallet was paid what its stake had earned.'),
  ])
  .describe('`pool` on the channel staking; the others on those of agents and accounts.');

const vaultMoved = {
  vaultId,
  address: wallet.describe("The vault's own wallet, under which it trades."),
  manager: wallet,
  wallet,
  solAmount: sol,
  shares,
  feeShares: shares.describe('The performance fee that was due before: shares made for the manager.'),
  totalShares: shares.describe('All shares afterwards.'),
  highWaterMark: solPerShare.describe(
    'Value of a share above which the next performance fee is due, in SOL.',
  ),
  netAssetValueBefore: sol.describe('Idle SOL plus what the tokens would have sold for, before.'),
  timestamp,
};

export const vaultInfo = {
  vaultId,
  address: vaultMoved.address,
  manager: wallet,
  name: z.string(),
  performanceFeeBps: z.int().min(0).max(2_000),
  createdAt: time,
};

export const vaultSummarySchema = z
  .object({
    ...vaultInfo,
    sol: sol.describe('Idle SOL.'),
    netAssetValue: sol.describe('Idle SOL plus what the tokens would sell for now, after fees.'),
    shares,
    holders: whole,
    positions: whole.describe('Agents that it holds tokens of.'),
    shareValue: solPerShare,
    highWaterMark: vaultMoved.highWaterMark,
  })
  .describe('A vault as it stands, at the prices of now.');

export const vaultUpdateSchema = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('values'),
        vaults: z
          .array(vaultSummarySchema)
          .describe('The largest by net asset value, largest first: all that is shown.'),
        timestamp,
      })
      .describe('The vaults as they stand: a trade moves all that hold tokens of its agent.'),
    z.object({ kind: z.literal('deposited'), ...vaultMoved }).describe('A wallet has put SOL into a vault.'),
    z
      .object({
        kind: z.literal('withdrawn'),
        ...vaultMoved,
        tokens: z
          .array(
            z.object({
              agentId,
              tokenAmount: tokens,
              value: sol.describe('What they would have sold for.'),
            }),
          )
          .describe('Paid in kind, beside the SOL: the same part of every position.'),
      })
      .describe('A wallet has taken its part out of a vault.'),
  ])
  .describe('`values` on the channel vaults; the others on those of vaults and accounts.');

export const standingsSchema = z
  .object({
    kind: z.literal('standings'),
    season,
    endsAt: time,
    protocolFees: sol.describe('Protocol fees so far; a tenth of them is paid to the medals.'),
    standings: z
      .array(z.object({ agentId, symbol, score: sol.describe('SOL volume that counts.'), traders: whole }))
      .describe('Best first.'),
    timestamp,
  })
  .describe('The running season.');

export const seasonEndedSchema = z
  .object({
    kind: z.literal('season_ended'),
    season,
    protocolFees: sol,
    medals: z
      .array(
        z.object({
          medal: z.enum(MEDALS),
          agentId,
          creatorWallet: wallet,
          score: sol.describe('SOL volume that counted.'),
          traders: whole,
          prize: sol.describe('Paid to the creator.'),
        }),
      )
      .describe('Gold first; at most three.'),
    timestamp,
  })
  .describe('A season is over, and its prizes are paid.');

export const olympicsSchema = z.discriminatedUnion('kind', [standingsSchema, seasonEndedSchema]);

export const balanceSchema = z
  .object({
    walletAddress: wallet,
    solAmount: sol.describe('SOL that came in.'),
    source: z.enum(CREDIT_SOURCES).describe('Who gave it.'),
    timestamp,
  })
  .describe('SOL was credited to the wallet.');

const activity = <K extends string, T extends z.ZodRawShape>(kind: K, parts: T) =>
  z.object({ kind: z.literal(kind), parts: z.object(parts), timestamp });
const ofAgent = { agentId, symbol };
const ofVault = { vaultId, name: z.string(), wallet };

export const activityDataSchema = z
  .discriminatedUnion('kind', [
    activity('agent_graduated', { ...ofAgent, poolId: pool }),
    activity('king_changed', {
      agentId: agentId.nullable(),
      symbol: symbol.nullable(),
      previousAgentId: agentId.nullable(),
      previousSymbol: symbol.nullable(),
      marketCap,
    }),
    activity('whale_trade', { ...ofAgent, trader: wallet, type: side, tokenAmount: tokens, solAmount: sol }),
    activity('staked', { ...ofAgent, wallet, tokenAmount: tokens }),
    activity('unstaked', { ...ofAgent, wallet, tokenAmount: tokens }),
    activity('vault_created', ofVault),
    activity('vault_deposited', { ...ofVault, solAmount: sol }),
    activity('vault_withdrawn', { ...ofVault, solAmount: sol, positions: whole }),
    activity('medals', {
      season,
      medals: z.array(z.object({ medal: z.enum(MEDALS), ...ofAgent, score: sol, prize: sol })),
    }),
  ])
  .describe('Something worth telling everybody: its kind, and the parts a sentence about it is made of.');

/** An item without its channel: that is in front, and all that differs between those who get it. */
export const item = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type: z.literal(type), id: position, data, timestamp });

export const itemSchemas = {
  trade_executed: item('trade_executed', tradeSchema),
  price_update: item('price_update', priceSchema),
  graduation: item('graduation', graduationSchema),
  new_agent: item('new_agent', newAgentSchema),
  king_change: item('king_change', kingChangeSchema),
  activity: item('activity', activityDataSchema),
  olympics_update: item('olympics_update', olympicsSchema),
  staking_update: item('staking_update', stakingSchema),
  vault_update: item('vault_update', vaultUpdateSchema),
  balance_update: item('balance_update', balanceSchema),
};

export type WireItem = z.infer<(typeof itemSchemas)[keyof typeof itemSchemas]>;
export type WireItemOf<T extends WireItem['type']> = Extract<WireItem, { type: T }>;
export type TradeData = z.infer<typeof tradeSchema>;
export type ActivityData = z.infer<typeof activityDataSchema>;
