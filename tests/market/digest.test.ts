import { describe, expect, it } from 'vitest';
import { stateDigest } from '../../server/market/digest.ts';
import type { MarketState } from '../../server/market/state.ts';
import { agentId } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { ann, bob, buyFor, Core, cyd } from './core.ts';

const one = agentId('1');
const two = agentId('2');

/** A market with something of everything in it. */
function market(): MarketState {
  const core = new Core();
  for (const who of [ann, bob, cyd]) core.fund(who);
  core.accept({ kind: 'turn_season', season: 0, lengthMs: 86_400_000 });
  for (let created = 0; created < 4; created += 1) core.createAgent();
  core.buy(ann, two, '3');
  core.buy(bob, agentId('3'), '1');
  core.graduate(cyd, agentId('4'));
  core.buy(ann, one, '5');
  core.now += 1_000;
  core.sell(ann, one, tokens('1000000'));
  core.buy(bob, one, '0.7');
  core.stake(ann, one, 7_000_003n);
  core.buy(cyd, one, '1');
  core.stake(ann, one, 5n);
  core.claim(ann, one);
  core.buy(cyd, one, '1');
  const vault = core.createVault(bob, 500);
  core.deposit(ann, vault, sol('3'));
  core.vaultTrade(vault, buyFor(one, '1'));
  core.buy(cyd, one, '2');
  core.deposit(cyd, vault, sol('1'));
  for (const who of [ann, bob]) core.accept(core.taking(who));
  return core.state;
}

/** A change of one value of the state, and the way back. */
interface Change {
  readonly path: string;
  readonly make: () => void;
  readonly undo: () => void;
}

/** Another value of the same kind. */
function other(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value + 1n;
    case 'number':
      return value + 1;
    case 'string':
      return `${value}1`;
    default:
      return value === null ? 0 : undefined;
  }
}

/** Every single change of the value and of all that it is made of. */
function* changesOf(value: unknown, path: string): Generator<Change> {
  if (value instanceof Map) {
    for (const [key, item] of value) {
      const change = other(item);
      const undo = () => void value.set(key, item);
      // A key that goes and comes back is the last one; the digest does not go by that.
      yield { path: `${path}/-`, make: () => void value.delete(key), undo };
      if (change === undefined) yield* changesOf(item, `${path}/*`);
      else yield { path: `${path}/*`, make: () => void value.set(key, change), undo };
    }
  } else if (value instanceof Set) {
    for (const item of value) {
      yield { path: `${path}/-`, make: () => void value.delete(item), undo: () => void value.add(item) };
    }
  } else if (Array.isArray(value)) {
    const [...items] = value;
    const undo = () => void value.splice(0, value.length, ...items);
    if (items.length > 0) yield { path: `${path}/-`, make: () => void value.pop(), undo };
    for (const item of items) yield* changesOf(item, `${path}/*`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      // Says what else there is.
      if (key === 'kind') continue;
      const change = other(item);
      const undo = () => void Reflect.set(value, key, item);
      if (change === undefined) yield* changesOf(item, `${path}/${key}`);
      else yield { path: `${path}/${key}`, make: () => void Reflect.set(value, key, change), undo };
    }
  }
}

/** What follows from something else that the digest does cover. */
const DERIVED: readonly RegExp[] = [
  // The keys are what counts.
  /^\/agents\/\*\/agentId$/,
  /^\/vaults\/by(Id|Address)\/\*\/vaultId$/,
  /^\/vaults\/byAddress\/-$/,
  // Of the agent's own names.
  /^\/agents\/\*\/(curveAccount|feeAccount)$/,
  /^\/hill\/(king|challengers\/\*)\/(curveAccount|feeAccount)$/,
  // Of the market caps; any heap of them gives the same best one.
  /\/place$/,
  // Counted in the positions.
  /^\/vaults\/held\//,
  // Counted in the map beside it.
  /^\/orders\/recentSize$/,
];

/** Values of the state that have to be among those that are changed. */
const COVERED: readonly string[] = [
  '/hill/king/agentId',
  '/hill/challengers/-',
  '/season/season',
  '/season/endsAt',
  '/season/protocolFees',
  '/season/scores/*/score',
  '/season/scores/*/open/*/side',
  '/season/scores/*/open/*/lots/*/sol',
  '/season/scores/*/open/*/lots/*/at',
  '/pools/*/pool/staked',
  '/pools/*/pool/rewardPerUnit',
  '/pools/*/pool/carry',
  '/pools/*/rewards',
  '/pools/*/claimed',
  '/pools/*/stakes/*/staked',
  '/pools/*/stakes/*/owed',
  '/pools/*/stakes/*/rewardPerUnit',
  '/vaults/byId/*/address',
  '/vaults/byId/*/manager',
  '/vaults/byId/*/name',
  '/vaults/byId/*/performanceFeeBps',
  '/vaults/byId/*/sol',
  '/vaults/byId/*/positions/*',
  '/vaults/byId/*/totalShares',
  '/vaults/byId/*/holders/*',
  '/vaults/byId/*/highWaterMark',
  '/faucet/day',
  '/faucet/taken/-',
  '/agents/*/marketCap',
  '/agents/*/phase/poolSol',
];

describe('the digest of the state', () => {
  it('is another one for every single value that is changed', () => {
    const state = market();
    const before = stateDigest(state);
    const seen = new Set<string>();
    const unseen = new Set<string>();
    for (const { path, make, undo } of [...changesOf(state, '')]) {
      make();
      (stateDigest(state) === before ? unseen : seen).add(path);
      undo();
    }
    expect(stateDigest(state)).toBe(before);
    expect([...unseen].filter((path) => !DERIVED.some((derived) => derived.test(path)))).toEqual([]);
    expect(COVERED.filter((path) => !seen.has(path))).toEqual([]);
  });

  it('does not go by the order in which things came', () => {
    const state = market();
    const before = stateDigest(state);
    const [first] = state.agents;
    if (first === undefined) throw new Error('no agents');
    state.agents.delete(first[0]);
    state.agents.set(...first);
    const [taker] = state.faucet.taken;
    if (taker === undefined) throw new Error('nobody has taken from the faucet');
    state.faucet.taken.delete(taker);
    state.faucet.taken.add(taker);
    expect(stateDigest(state)).toBe(before);
  });
});
