import type { Dice } from '../dice.ts';
import { ATTACKED_AGENTS, ATTACKERS, VAULTS, walletOf } from '../world.ts';
import { KEYS } from './values.ts';

/** The procedures with inputs that fit, which attacks then spoil; and names of procedures that there are not. */

/** JSON text, and superjson's name of its type when JSON has no such type. */
export interface Field {
  readonly json: string;
  readonly type?: 'bigint';
}
export type Fields = Readonly<Record<string, Field>>;
export type Method = 'query' | 'mutation' | 'subscription';

export interface Procedure {
  readonly path: string;
  readonly method: Method;
  readonly fields: (dice: Dice) => Fields;
}

const text = (value: string): Field => ({ json: JSON.stringify(value) });
const number = (value: number): Field => ({ json: String(value) });
const big = (value: number): Field => ({ json: `"${value}"`, type: 'bigint' });

const agent = (dice: Dice) => ({ agentId: text(dice.pick(ATTACKED_AGENTS)) });
const vault = (dice: Dice) => ({ vaultId: text(dice.pick(VAULTS)) });
const order = (dice: Dice) => ({ clientOrderId: text(`f-${dice.word(10)}`) });
const owner = (dice: Dice) => ({ wallet: text(walletOf(dice.pick(ATTACKERS))) });
const limit = (dice: Dice) => ({ limit: number(dice.between(1, 10)) });
const nothing = (): Fields => ({});
const purchase = (dice: Dice): Fields =>
  dice.chance(0.5)
    ? { ...order(dice), ...agent(dice), exact: text('sol'), sol: big(dice.between(1, 100_000)) }
    : {
        ...order(dice),
        ...agent(dice),
        exact: text('tokens'),
        tokens: big(dice.between(1, 1_000_000)),
        maxSol: big(1_000_000),
      };
const tokens = (dice: Dice): Fields => ({
  ...order(dice),
  ...agent(dice),
  tokens: big(dice.between(1, 100_000)),
});

const of = (method: Method, all: Readonly<Record<string, Procedure['fields']>>): readonly Procedure[] =>
  Object.entries(all).map(([path, fields]) => ({ path, method, fields }));

export const QUERIES = of('query', {
  quote: (dice) => ({ kind: text('buy_sol'), ...agent(dice), sol: big(dice.between(1, 1_000)) }),
  agents: (dice) => ({ sort: text('new'), search: text('a'), ...limit(dice) }),
  agent,
  candles: (dice) => ({ ...agent(dice), interval: text('1m'), ...limit(dice) }),
  trades: (dice) => ({ ...agent(dice), ...limit(dice) }),
  holders: (dice) => ({ ...agent(dice), ...limit(dice) }),
  portfolio: owner,
  king: nothing,
  kings: limit,
  activities: limit,
  standings: limit,
  seasons: limit,
  stakes: owner,
  vaults: limit,
  vault,
  account: nothing,
  stats: nothing,
});

export const MUTATIONS = of('mutation', {
  createAgent: (dice) => ({ ...order(dice), name: text('Fuzz'), symbol: text('A1') }),
  buy: purchase,
  sell: tokens,
  stake: tokens,
  unstake: tokens,
  claimRewards: (dice) => ({ ...order(dice), ...agent(dice) }),
  createVault: (dice) => ({ ...order(dice), name: text('V'), performanceFeeBps: number(3_000) }),
  vaultDeposit: (dice) => ({ ...order(dice), ...vault(dice), sol: big(dice.between(1, 1_000)) }),
  vaultWithdraw: (dice) => ({ ...order(dice), ...vault(dice), shares: big(dice.between(1, 1_000)) }),
  vaultBuy: (dice) => ({ ...purchase(dice), ...vault(dice) }),
  vaultSell: (dice) => ({ ...tokens(dice), ...vault(dice) }),
  faucet: order,
  credit: (dice) => ({ ...order(dice), ...owner(dice), sol: big(1) }),
});

export const SUBSCRIPTIONS = of('subscription', {
  onTrade: nothing,
  onPrice: nothing,
  onAgent: agent,
  onGraduation: nothing,
  onAgentCreated: nothing,
  onKing: nothing,
  onActivity: nothing,
  onOlympics: nothing,
  onStaking: nothing,
  onVaults: nothing,
  onVault: vault,
  onAccount: nothing,
});

export const PROCEDURES: readonly Procedure[] = [...QUERIES, ...MUTATIONS, ...SUBSCRIPTIONS];

/** Names that no procedure has, some of which every object has. */
export const NO_PATHS = [
  ...KEYS,
  'constructor.prototype',
  '__proto__.toString',
  'agents.__proto__',
  'agents._def',
  'agents._def.procedure',
  '_def.procedures.agents',
  'agents.',
  '.agents',
  'agents..',
  'AGENTS',
  'agents/agent',
  'agents,agent',
  'agents%2cagent',
  'createCaller',
  'queries.agents',
  '../agents',
  'agents\u0000',
  'a'.repeat(2_000),
  'a.'.repeat(1_000),
] as const;
