import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '../../server/api/context.ts';
import { tokensOf } from '../../server/market/ledger.ts';
import { ranking } from '../../server/market/season.ts';
import { stakeOf } from '../../server/market/staking.ts';
import type { MarketState } from '../../server/market/state.ts';
import { type AgentId, type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { claimable, owedAt } from '../../shared/staking.ts';
import { rate, tokenUnits } from '../../shared/units.ts';
import { preparedMarket, randomGenes, sendCommands } from '../support/random-market.ts';
import type { TestMarket } from '../support/test-app.ts';

const COMMANDS = 700;
const SEQUENCES = 4;

let markets: TestMarket[] = [];
beforeAll(async () => {
  for (const genes of randomGenes(COMMANDS, { sequences: SEQUENCES, seed: 4_711 })) {
    const market = await preparedMarket();
    await sendCommands(market, genes, { from: 0, to: COMMANDS, size: 25 });
    markets.push(market);
  }
});
afterAll(async () => {
  for (const { app } of markets) await app.close();
  markets = [];
});

/** Runs for each market: the state that decisions rest on, and the views of the same entries. */
async function each(
  check: (state: Readonly<MarketState>, services: Services, market: TestMarket) => void | Promise<void>,
): Promise<void> {
  expect(markets).toHaveLength(SEQUENCES);
  for (const market of markets) await check(market.app.market, market.app.services, market);
}

const isWallet = (account: string): boolean => account !== 'mint' && !account.includes(':');

/** All wallets that the ledger knows. */
function walletsOf({ ledger }: Readonly<MarketState>): WalletAddress[] {
  const accounts = [ledger.sol, ...ledger.tokens.values()].flatMap((balances) => [...balances.keys()]);
  return [...new Set(accounts.filter(isWallet))].map((account) => walletAddress(account));
}

/** Without those that have nothing. */
const positive = <K>(entries: Iterable<[K, bigint]>): Map<K, bigint> =>
  new Map([...entries].filter(([, amount]) => amount > 0n));

describe('after random commands the views show what the market holds', () => {
  it('accounts: SOL, tokens, stakes and shares of every wallet, vaults’ wallets among them', () =>
    each((state, { views }) => {
      const wallets = walletsOf(state);
      expect(wallets.length).toBeGreaterThan(6);
      for (const wallet of wallets) {
        const view = views.wallets.get(wallet);
        expect(view?.sol).toBe(state.ledger.sol.get(wallet) ?? 0n);
        const holdings = [...(view?.holdings ?? [])];
        const agents = [...state.agents.keys()];
        expect(positive(holdings.map(([id, { tokens }]) => [id, tokens]))).toEqual(
          positive(
            agents.map((id) => [id, tokensOf(state.ledger, id, wallet) + stakeOf(state.pools, id, wallet)]),
          ),
        );
        expect(positive(holdings.map(([id, { staked }]) => [id, staked]))).toEqual(
          positive(agents.map((id) => [id, stakeOf(state.pools, id, wallet)])),
        );
        expect(view?.shares ?? new Map()).toEqual(
          positive(
            [...state.vaults.byId.values()].map((vault) => [vault.vaultId, vault.holders.get(wallet) ?? 0n]),
          ),
        );
      }
    }));

  it('stakes: what each wallet could claim is what a claim would pay', () =>
    each(async (state, _, market) => {
      let stakers = 0;
      for (const wallet of walletsOf(state)) {
        const { stakes } = await market.app.caller().stakes({ wallet });
        const due = [...state.pools].flatMap(([agentId, { pool, stakes: all }]): [AgentId, bigint][] => {
          const stake = all.get(wallet);
          if (stake === undefined) return [];
          const staked = tokenUnits(stake.staked);
          return [[agentId, claimable(owedAt({ ...stake, staked }, pool.rewardPerUnit))]];
        });
        expect(new Map(stakes.map((stake) => [stake.agentId, stake.claimable]))).toEqual(new Map(due));
        stakers += stakes.length;
      }
      expect(stakers).toBeGreaterThan(0);
    }));

  it('pools: what is at stake, by how many, what came in and what was claimed', () =>
    each((state, { views }) => {
      expect(views.pools).toEqual(state.pools);
      expect(new Set(views.poolValues.keys())).toEqual(new Set(state.pools.keys()));
      for (const [agentId, { pool, stakes, rewards, claimed }] of state.pools) {
        const { staked, rewardPerUnit } = pool;
        expect(views.poolValues.get(agentId)).toMatchObject({
          staked,
          rewardPerUnit,
          rewards,
          claimed,
          stakers: stakes.size,
        });
        expect(views.agents.get(agentId)?.staked).toBe(staked);
        // Whoever has not claimed: paid out is at most what came in.
        const owed = [...stakes.values()].reduce(
          (sum, stake) => sum + owedAt({ ...stake, staked: tokenUnits(stake.staked) }, rewardPerUnit),
          0n,
        );
        expect(claimable(rate(owed)) + claimed).toBeLessThanOrEqual(rewards);
      }
    }));

  it('holders: every wallet’s tokens, those at stake included', () =>
    each((state, { views }) => {
      for (const agentId of state.agents.keys()) {
        const held = walletsOf(state).map((wallet): [WalletAddress, bigint] => [
          wallet,
          tokensOf(state.ledger, agentId, wallet) + stakeOf(state.pools, agentId, wallet),
        ]);
        expect(views.holders.get(agentId)).toEqual(positive(held));
      }
    }));

  it('vaults: the core’s own', () =>
    each(async (state, { views }, market) => {
      expect(views.vaults).toEqual(state.vaults);
      const { vaults } = await market.app.caller().vaults({ limit: 100 });
      expect(vaults).toHaveLength(state.vaults.byId.size);
      for (const summary of vaults) {
        const { vault, holders } = await market.app.caller().vault({ vaultId: summary.vaultId });
        const own = state.vaults.byId.get(summary.vaultId);
        expect(vault.sol).toBe(own?.sol);
        expect(positive(vault.positions.map(({ agentId, tokens }) => [agentId, tokens]))).toEqual(
          own?.positions,
        );
        expect(new Map(holders.map((holder) => [holder.wallet, holder.shares]))).toEqual(own?.holders);
      }
    }));

  it('king, season and names', () =>
    each((state, { views }) => {
      expect(views.kings[0]?.agentId ?? null).toBe(state.hill.king?.agentId ?? null);
      expect(views.season).toEqual(state.season);
      if (state.season !== null) expect(ranking(state.season, 3)[0]?.score).toBeGreaterThan(0n);
      for (const [symbol, agentId] of state.symbols) expect(views.agents.get(agentId)?.symbol).toBe(symbol);
    }));
});
