import { z } from 'zod';
import { refreshInput, renewInput, revokeInput, signInInput } from '../../shared/auth.ts';
import { shares, sol, tokens } from '../../shared/units.ts';
import type { RouterInputs } from '../api/router.ts';
import recorded from './inputs.json' with { type: 'json' };

/** Whose session the examples have. The tests have its key: it signs in. */
export const EXAMPLE_WALLET = 'GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB';

/**
 * The inputs that are made of what earlier examples were answered: a signature of that challenge, those tokens. Recorded
 * with the answers; none of them is good anywhere, since the server that gave them is gone, with its secret.
 */
const RECORDED = z
  .object({ signIn: signInInput, refresh: refreshInput, renew: renewInput, revokeSession: revokeInput })
  .parse(recorded);

/**
 * An input for every procedure: one that is missing does not compile. Carried out in this order on the market of
 * `tests/docs/example-market.ts`, all of them are accepted.
 */
const INPUTS: { readonly [Name in Exclude<keyof RouterInputs, 'auth'>]: RouterInputs[Name] } = {
  createAgent: {
    clientOrderId: 'create-ada',
    name: 'Ada',
    symbol: 'ADA',
    purpose: 'Reads papers and says which ones hold.',
    firstBuy: { sol: sol('1') },
  },
  buy: { clientOrderId: 'buy-1', agentId: '1', exact: 'sol', sol: sol('0.5'), minTokens: tokens('14000000') },
  sell: { clientOrderId: 'sell-1', agentId: '1', tokens: tokens('1000000'), minSol: sol('0.025') },
  stake: { clientOrderId: 'stake-1', agentId: '1', tokens: tokens('5000000') },
  unstake: { clientOrderId: 'unstake-1', agentId: '1', tokens: tokens('2000000') },
  claimRewards: { clientOrderId: 'claim-1', agentId: '1' },
  createVault: { clientOrderId: 'vault-1', name: 'Night shift', performanceFeeBps: 1_000 },
  vaultDeposit: { clientOrderId: 'deposit-1', vaultId: '1', sol: sol('5') },
  vaultWithdraw: { clientOrderId: 'withdraw-1', vaultId: '1', shares: shares(1_000_000_000_000n) },
  vaultBuy: {
    clientOrderId: 'vault-buy-1',
    vaultId: '1',
    agentId: '1',
    exact: 'tokens',
    tokens: tokens('10000000'),
    maxSol: sol('1'),
  },
  vaultSell: { clientOrderId: 'vault-sell-1', vaultId: '1', agentId: '1', tokens: tokens('4000000') },
  faucet: { clientOrderId: 'faucet-1' },
  credit: { clientOrderId: 'credit-1', wallet: EXAMPLE_WALLET, sol: sol('100') },
  quote: { kind: 'buy_sol', agentId: '1', sol: sol('0.5') },
  agents: { sort: 'trending', order: 'market_cap', minVolume: sol('0.5'), limit: 1 },
  agent: { agentId: '1' },
  candles: { agentId: '1', interval: '1m', limit: 2 },
  sparklines: { agentIds: ['1', '2'], interval: '1m', points: 3 },
  trades: { agentId: '1', limit: 1 },
  holders: { agentId: '1', limit: 3 },
  portfolio: { wallet: EXAMPLE_WALLET },
  time: undefined,
  contract: undefined,
  stats: undefined,
  king: undefined,
  kings: { limit: 1 },
  activities: { kinds: ['agent_created', 'whale_trade'], limit: 1 },
  standings: { limit: 3 },
  seasons: { limit: 1 },
  stakes: { wallet: EXAMPLE_WALLET },
  vaults: { limit: 1 },
  vault: { vaultId: '1' },
  account: undefined,
  onTrade: { agentId: '1', minSol: sol('2') },
  onPrice: { agentIds: ['1', '2'] },
  onAgent: { agentId: '1' },
  onGraduation: {},
  onAgentCreated: {},
  onKing: {},
  onActivity: { kinds: ['agent_created', 'agent_graduated', 'king_changed'] },
  onOlympics: {},
  onStaking: { agentId: '1' },
  onVaults: {},
  onVault: { vaultId: '1' },
  onAccount: {},
};

/** Ending sessions comes last: the others need one. */
const AUTH_INPUTS: { readonly [Name in keyof RouterInputs['auth']]: RouterInputs['auth'][Name] } = {
  challenge: { address: EXAMPLE_WALLET },
  signIn: RECORDED.signIn,
  refresh: RECORDED.refresh,
  renew: RECORDED.renew,
  sessions: undefined,
  revokeSession: RECORDED.revokeSession,
  logout: { everywhere: false },
};

/** By procedure, in the order in which they are carried out. */
export const EXAMPLES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...Object.entries(INPUTS),
  ...Object.entries(AUTH_INPUTS).map(([name, input]): [string, unknown] => [`auth.${name}`, input]),
]);
