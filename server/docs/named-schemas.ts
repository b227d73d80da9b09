import type { z } from 'zod';
import { type EventType, entrySchema, medalSchema } from '../../shared/events.ts';
import {
  accountViewSchema,
  activitySchema,
  stakePoolChangedSchema,
  stakeSchema,
  standingSchema,
  standingsChangedSchema,
  vaultDetailSchema,
  vaultSummarySchema,
  vaultsChangedSchema,
} from '../../shared/platform-schemas.ts';
import {
  agentIdSchema,
  clientOrderIdSchema,
  curveSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  priceSchema,
  rateSchema,
  sharesSchema,
  timeSchema,
  tokenUnitsSchema,
  vaultIdSchema,
  walletAddressSchema,
} from '../../shared/schema.ts';
import { agentPhaseSchema, agentViewSchema, priceChangedSchema } from '../../shared/view-schemas.ts';

/** A schema that others refer to by its name. */
export interface NamedSchema {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType;
}

const EVENT_DESCRIPTIONS: Readonly<Record<EventType, string>> = {
  agent_created: 'An agent was created.',
  trade_executed: 'Somebody bought or sold on the curve. The reserves and the price are those after it.',
  agent_graduated:
    'The curve has sold out: its reserves have moved to a pool, where the agent trades from now on.',
  wallet_credited: 'A wallet was given SOL, by an operator or by the faucet.',
  king_changed:
    'Another agent is king of the hill: the one on the curve with the highest market cap. `null`: nobody.',
  season_started: 'A season of the olympics has begun.',
  season_ended: 'A season is over; its medals are paid, gold first, at most three.',
  staked: 'A wallet has put tokens at stake.',
  unstaked: 'A wallet has taken tokens back.',
  rewards_claimed: 'A wallet was paid what its stake had earned.',
  vault_created: 'A vault was opened. It trades under an address of its own, for which nobody has a key.',
  vault_deposited: 'A wallet has given a vault SOL for shares.',
  vault_withdrawn: 'A wallet has given shares back, for its part of the idle SOL and of every position.',
};

/** The entries of the log. */
export const EVENTS: readonly NamedSchema[] = entrySchema.options.map((schema) => {
  const name = schema.shape.type.value;
  return { name, description: EVENT_DESCRIPTIONS[name], schema };
});

/** The rest. What is missing here is shown where it is used instead. */
export const SHAPES: readonly NamedSchema[] = [
  {
    name: 'price_changed',
    description: 'The latest price of an agent. `volume` is SOL traded since creation, before fees.',
    schema: priceChangedSchema,
  },
  {
    name: 'activity',
    description: 'Something worth telling everybody: its kind, and the parts that a sentence is made of.',
    schema: activitySchema,
  },
  {
    name: 'standings_changed',
    description:
      'The running season: its first agents, best first. A tenth of `protocolFees` is paid to the medals.',
    schema: standingsChangedSchema,
  },
  {
    name: 'stake_pool_changed',
    description:
      'What is at stake in an agent. `rewards` went to stakers so far, `claimed` of them were claimed.',
    schema: stakePoolChangedSchema,
  },
  {
    name: 'vaults_changed',
    description:
      'The vaults as they stand, the largest first. A trade moves all that hold the token, so they come together.',
    schema: vaultsChangedSchema,
  },
  {
    name: 'AccountView',
    description: 'All that one wallet has. `fills` are its newest trades, newest first.',
    schema: accountViewSchema,
  },
  {
    name: 'AgentPhase',
    description: 'Whether an agent trades on its curve or in a pool.',
    schema: agentPhaseSchema,
  },
  {
    name: 'AgentView',
    description:
      'An agent as it stands. After its graduation the curve and the price are the last ones on the curve.',
    schema: agentViewSchema,
  },
  {
    name: 'Curve',
    description:
      'Reserves: the price is computed from the virtual ones; the real ones are there, and for sale.',
    schema: curveSchema,
  },
  {
    name: 'Medal',
    description: "A medal of a season. The prize is paid to the agent's creator.",
    schema: medalSchema,
  },
  {
    name: 'Stake',
    description:
      "One wallet's stake in an agent: what it had earned, and not claimed, when a unit had earned `rewardPerUnit`.",
    schema: stakeSchema,
  },
  {
    name: 'Standing',
    description:
      "An agent's place in the season. In the score a wallet's own round trips within a minute count once.",
    schema: standingSchema,
  },
  {
    name: 'VaultDetail',
    description: 'A vault as its own events tell it: exact, without the prices of what it holds.',
    schema: vaultDetailSchema,
  },
  {
    name: 'VaultSummary',
    description: 'A vault at the prices of now: idle SOL, and what its tokens would sell for after fees.',
    schema: vaultSummarySchema,
  },
];

/** Amounts, ids and times. Each has a title, by which fields refer to it. */
export const UNITS: readonly z.ZodType[] = [
  lamportsSchema,
  tokenUnitsSchema,
  priceSchema,
  sharesSchema,
  rateSchema,
  timeSchema,
  agentIdSchema,
  vaultIdSchema,
  walletAddressSchema,
  mintAddressSchema,
  poolIdSchema,
  clientOrderIdSchema,
];
