import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Season } from './season.ts';
import type { MarketState } from './state.ts';

/** SHA-256 of a canonical text of the whole state: equal states, and only they, have equal digests. */
export function stateDigest(state: MarketState): string {
  const hash = sha256.create();
  const line = (...parts: readonly unknown[]) =>
    hash.update(utf8ToBytes(`${JSON.stringify(parts.map(String))}\n`));
  line('state', state.epoch, state.seq, state.at);
  for (const [id, agent] of sorted(state.agents)) {
    const { phase } = agent;
    line('agent', id, agent.symbol, agent.creator, agent.marketCap, phase.kind);
    if (phase.kind === 'graduated') line('pool', phase.poolId, phase.poolSol);
    else {
      const { virtualSol, virtualTokens, realSol, realTokens } = phase.curve;
      line('curve', virtualSol, virtualTokens, realSol, realTokens);
    }
  }
  for (const [symbol, id] of sorted(state.symbols)) line('symbol', symbol, id);
  for (const [account, balance] of sorted(state.ledger.sol)) line('sol', account, balance);
  for (const [id, balances] of sorted(state.ledger.tokens)) {
    for (const [account, balance] of sorted(balances)) line('tokens', id, account, balance);
  }
  line('king', state.hill.king?.agentId);
  for (const id of state.hill.challengers.map(({ agentId }) => agentId).sort()) line('challenger', id);
  if (state.season !== null) digestSeason(state.season, line);
  for (const [id, { pool, stakes, rewards, claimed }] of sorted(state.pools)) {
    line('stakers', id, pool.staked, pool.rewardPerUnit, pool.carry, rewards, claimed);
    for (const [wallet, stake] of sorted(stakes)) {
      line('stake', wallet, stake.staked, stake.owed, stake.rewardPerUnit);
    }
  }
  for (const [id, vault] of sorted(state.vaults.byId)) {
    const { address, manager, name, performanceFeeBps, createdAt } = vault;
    line('vault', id, address, manager, name, performanceFeeBps, createdAt);
    line('worth', vault.sol, vault.totalShares, vault.highWaterMark);
    for (const [agent, tokens] of sorted(vault.positions)) line('position', agent, tokens);
    for (const [wallet, shares] of sorted(vault.holders)) line('shares', wallet, shares);
  }
  line('faucet', state.faucet.day, ...[...state.faucet.taken].sort());
  // Which generation an order is in decides when it is forgotten.
  for (const generation of ['recent', 'previous'] as const) {
    for (const [wallet, orders] of sorted(state.orders[generation])) {
      for (const [id, { request, firstSeq, entries }] of sorted(orders)) {
        line('order', generation, wallet, id, request, firstSeq, entries);
      }
    }
  }
  return bytesToHex(hash.digest());
}

function digestSeason(season: Season, line: (...parts: readonly unknown[]) => void): void {
  line('season', season.season, season.endsAt, season.protocolFees);
  for (const [id, { score, open }] of sorted(season.scores)) {
    line('score', id, score);
    for (const [wallet, { side, lots }] of sorted(open)) {
      line('open', wallet, side, ...lots.flatMap(({ at, sol }) => [at, sol]));
    }
  }
}

const sorted = <V>(map: ReadonlyMap<string, V>): [string, V][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
