import { describe, expect, it } from 'vitest';
import { evolve } from '../../server/market/evolve.ts';
import { LedgerError, stakersAccount } from '../../server/market/ledger.ts';
import type { Staked, TradeExecuted } from '../../shared/events.ts';
import { type AgentId, agentId } from '../../shared/ids.ts';
import { owedAt } from '../../shared/staking.ts';
import { rate, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { ann, bob, buyExactly, Core, cyd, sale } from './core.ts';
import { checkPool } from './models.ts';

const one = agentId('1');
const two = agentId('2');
const SCALE = 10n ** 18n;
const MILLION = tokens('1000000');

/** Ann and bob have a million tokens each of agent 1, cyd has SOL to trade with. */
function market(): Core {
  const core = new Core();
  for (const who of [ann, bob, cyd]) core.fund(who);
  core.createAgent();
  core.buyTokens(ann, one, MILLION);
  core.buyTokens(bob, one, MILLION);
  return core;
}

const protocolHas = (core: Core): bigint => core.state.ledger.sol.get('fees:protocol') ?? 0n;
const stakersHave = (core: Core, id: AgentId = one): bigint =>
  core.state.ledger.sol.get(stakersAccount(id)) ?? 0n;
const rewardOf = ({ protocolFee }: TradeExecuted): bigint => protocolFee / 5n;

/** What a wallet is owed in agent 1, in 10^-18 lamports. */
function owed(core: Core, who = ann): bigint {
  const found = core.state.pools.get(one);
  const stake = found?.stakes.get(who);
  if (found === undefined || stake === undefined) return 0n;
  return owedAt({ ...stake, staked: tokenUnits(stake.staked) }, found.pool.rewardPerUnit);
}

const claiming = (core: Core, who = ann, id: AgentId = one) =>
  ({ ...core.order(who), kind: 'claim_rewards', agentId: id }) as const;

describe('a stake', () => {
  it('takes the tokens out of the wallet', () => {
    const core = market();
    core.stake(ann, one, 300n);
    expect(core.tokens(ann, one)).toBe(MILLION - 300n);
    expect(core.last('staked')).toMatchObject({
      agentId: one,
      wallet: ann,
      tokens: 300n,
      stake: 300n,
      totalStaked: 300n,
      rewardPerUnit: 0n,
    });
  });

  it('adds to what is staked already', () => {
    const core = market();
    core.stake(ann, one, 300n);
    core.stake(bob, one, 50n);
    core.stake(ann, one, 7n);
    expect(core.last('staked')).toMatchObject({ stake: 307n, totalStaked: 357n });
  });

  it('can be the whole holding and no more', () => {
    const core = market();
    const command = core.moveStake('stake', ann, { agentId: one, tokens: MILLION + 1n });
    expect(core.refuse(command)).toEqual({
      reason: 'insufficient_tokens',
      needed: MILLION + 1n,
      available: MILLION,
    });
    core.stake(ann, one, MILLION);
    expect(core.tokens(ann, one)).toBe(0n);
  });

  it('in an agent that does not exist is refused', () => {
    const core = market();
    const stake = core.moveStake('stake', ann, { agentId: two, tokens: 1n });
    expect(core.refuse(stake)).toEqual({ reason: 'agent_not_found', agentId: two });
  });

  it('in a graduated agent is refused', () => {
    const core = market();
    core.graduate(cyd, one);
    const stake = core.moveStake('stake', ann, { agentId: one, tokens: 1n });
    expect(core.refuse(stake)).toEqual({ reason: 'agent_graduated', agentId: one });
  });
});

describe('staked tokens', () => {
  it('cannot be sold', () => {
    const core = market();
    core.stake(ann, one, MILLION - 10n);
    expect(core.refuse({ ...core.order(ann), ...sale(one, 11n) })).toEqual({
      reason: 'tokens_locked',
      needed: 11n,
      available: 10n,
      staked: MILLION - 10n,
    });
  });

  it('leave the others to be sold', () => {
    const core = market();
    core.stake(ann, one, MILLION / 2n);
    expect(core.sell(ann, one, MILLION / 2n).tokens).toBe(MILLION / 2n);
  });

  it('are not what is missing when there would be too few with them', () => {
    const core = market();
    core.stake(ann, one, MILLION - 10n);
    expect(core.refuse({ ...core.order(ann), ...sale(one, MILLION + 1n) })).toEqual({
      reason: 'insufficient_tokens',
      needed: MILLION + 1n,
      available: 10n,
    });
  });

  it('cannot be staked again', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    const again = core.moveStake('stake', ann, { agentId: one, tokens: 1n });
    expect(core.refuse(again)).toMatchObject({ reason: 'insufficient_tokens', available: 0n });
  });

  it('can be sold once they are taken back', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    core.unstake(ann, one, MILLION);
    expect(core.sell(ann, one, MILLION).tokens).toBe(MILLION);
  });
});

describe('taking back', () => {
  it('gives back what was staked and no more', () => {
    const core = market();
    core.stake(ann, one, 5n);
    core.stake(bob, one, 100n);
    const more = core.moveStake('unstake', ann, { agentId: one, tokens: 6n });
    expect(core.refuse(more)).toEqual({ reason: 'insufficient_stake', needed: 6n, available: 5n });
    core.unstake(ann, one, 5n);
    expect(core.last('unstaked')).toMatchObject({ tokens: 5n, stake: 0n, totalStaked: 100n });
    expect(core.tokens(ann, one)).toBe(MILLION);
  });

  it('is refused where nothing was staked', () => {
    const core = market();
    const unstake = core.moveStake('unstake', ann, { agentId: one, tokens: 1n });
    expect(core.refuse(unstake)).toEqual({ reason: 'insufficient_stake', needed: 1n, available: 0n });
  });

  it('is refused in an agent that does not exist', () => {
    const core = market();
    const unstake = core.moveStake('unstake', ann, { agentId: two, tokens: 1n });
    expect(core.refuse(unstake)).toEqual({ reason: 'agent_not_found', agentId: two });
  });

  it('works after the agent has graduated', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    core.graduate(cyd, one);
    core.unstake(ann, one, MILLION);
    expect(core.tokens(ann, one)).toBe(MILLION);
  });

  it('leaves what was earned to be claimed', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    const reward = rewardOf(core.buy(cyd, one, '1'));
    core.unstake(ann, one, MILLION);
    core.buy(cyd, one, '1');
    expect(core.claim(ann, one)).toBe(reward);
    expect(core.state.pools.get(one)?.stakes.size).toBe(0);
  });
});

describe('a reward', () => {
  it('is a fifth of the protocol fee of every trade, rounded down', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    const before = protocolHas(core);
    const { protocolFee } = core.buy(cyd, one, '1.23456');
    expect(stakersHave(core)).toBe(protocolFee / 5n);
    expect(protocolHas(core) - before).toBe(protocolFee - protocolFee / 5n);
  });

  it('comes from sales, and from those of stakers too', () => {
    const core = market();
    core.stake(ann, one, MILLION / 2n);
    const reward = rewardOf(core.sell(ann, one, MILLION / 2n));
    expect(reward).toBeGreaterThan(0n);
    expect(core.claim(ann, one)).toBe(reward);
  });

  it('comes from the trade that graduates the agent, and can be claimed afterwards', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    core.graduate(cyd, one);
    expect(core.claim(ann, one)).toBe(rewardOf(core.last('trade_executed')));
  });

  it('comes from the trades of vaults', () => {
    const core = market();
    core.stake(ann, one, MILLION);
    const vault = core.createVault(cyd);
    core.deposit(cyd, vault, sol('10'));
    const reward = rewardOf(core.vaultTrade(vault, buyExactly(one, MILLION)));
    expect(core.claim(ann, one)).toBe(reward);
  });

  it('does not come while nobody has staked: the protocol has it all', () => {
    const core = market();
    const before = protocolHas(core);
    const { protocolFee } = core.buy(cyd, one, '1');
    expect([protocolHas(core) - before, stakersHave(core)]).toEqual([protocolFee, 0n]);
  });

  it('does not come from another agent', () => {
    const core = market();
    core.createAgent();
    core.stake(ann, one, MILLION);
    core.buy(cyd, two, '5');
    expect(core.refuse(claiming(core))).toEqual({ reason: 'nothing_to_claim', agentId: one });
  });

  it('is shared pro rata', () => {
    const core = market();
    core.stake(ann, one, 300_000n);
    core.stake(bob, one, 100_000n);
    const reward = rewardOf(core.buy(cyd, one, '1'));
    expect(owed(core, ann)).toBe((reward * SCALE * 3n) / 4n);
    expect(owed(core, bob)).toBe((reward * SCALE) / 4n);
  });

  it('is not for those who come later', () => {
    const core = market();
    core.stake(ann, one, 1_000n);
    const first = rewardOf(core.buy(cyd, one, '1'));
    core.stake(bob, one, 1_000n);
    const second = rewardOf(core.buy(cyd, one, '1'));
    expect(owed(core, ann)).toBe(first * SCALE + (second * SCALE) / 2n);
    expect(owed(core, bob)).toBe((second * SCALE) / 2n);
  });

  it('goes by the stake of its moment', () => {
    const core = market();
    core.stake(ann, one, 1_000n);
    core.stake(bob, one, 1_000n);
    const first = rewardOf(core.buy(cyd, one, '1'));
    core.unstake(ann, one, 500n);
    const second = rewardOf(core.buy(cyd, one, '1'));
    const third = 500n * ((second * SCALE) / 1_500n);
    expect(owed(core, ann)).toBe((first * SCALE) / 2n + third);
  });

  it('that does not divide is carried over', () => {
    const core = market();
    core.stake(ann, one, 7_000_001n);
    const first = rewardOf(core.buy(cyd, one, '1'));
    const left = (first * SCALE) % 7_000_001n;
    expect(core.state.pools.get(one)?.pool.carry).toBe(left);
    const second = rewardOf(core.buy(cyd, one, '1'));
    expect(core.state.pools.get(one)?.pool).toMatchObject({
      rewardPerUnit: ((first + second) * SCALE) / 7_000_001n,
      carry: ((first + second) * SCALE) % 7_000_001n,
    });
  });
});

describe('a claim', () => {
  it('pays the whole lamports, and leaves the rest owed', () => {
    const core = market();
    core.stake(ann, one, 2_000n);
    core.stake(bob, one, 1_000n);
    const reward = rewardOf(core.buy(cyd, one, '1'));
    const before = core.sol(ann);
    const paid = core.claim(ann, one);
    const earned = 2_000n * ((reward * SCALE) / 3_000n);
    expect(paid).toBe(earned / SCALE);
    expect(core.sol(ann) - before).toBe(paid);
    expect(owed(core, ann)).toBe(earned % SCALE);
  });

  it('is refused twice', () => {
    const core = market();
    core.stake(ann, one, 2_000n);
    core.buy(cyd, one, '1');
    core.claim(ann, one);
    expect(core.refuse(claiming(core))).toEqual({ reason: 'nothing_to_claim', agentId: one });
  });

  it('of less than a lamport is refused', () => {
    const core = market();
    core.stake(ann, one, 1n);
    core.stake(bob, one, MILLION);
    core.buy(cyd, one, '1');
    expect(owed(core, ann)).toBeGreaterThan(0n);
    expect(core.refuse(claiming(core))).toEqual({ reason: 'nothing_to_claim', agentId: one });
  });

  it('of several rewards below a lamport is paid when they come to one', () => {
    const core = market();
    core.stake(ann, one, 1n);
    core.stake(bob, one, 2_000_000n);
    core.buy(cyd, one, '1');
    expect(owed(core, ann)).toBeLessThan(SCALE);
    core.buy(cyd, one, '1');
    expect(core.claim(ann, one)).toBe(1n);
  });

  it('is refused to whoever never staked', () => {
    const core = market();
    expect(core.refuse(claiming(core, cyd))).toEqual({ reason: 'nothing_to_claim', agentId: one });
  });

  it('in an agent that does not exist is refused', () => {
    const core = market();
    expect(core.refuse(claiming(core, ann, two))).toEqual({ reason: 'agent_not_found', agentId: two });
  });
});

describe('when all stakers leave', () => {
  it('the next trades pay none, and whoever comes back earns again', () => {
    const core = market();
    core.stake(ann, one, 1_000n);
    core.stake(bob, one, 3_000n);
    const first = rewardOf(core.buy(cyd, one, '1'));
    core.unstake(ann, one, 1_000n);
    core.unstake(bob, one, 3_000n);
    core.buy(cyd, one, '1');
    expect(core.state.pools.get(one)?.rewards).toBe(first);
    core.stake(ann, one, 1_000n);
    const second = rewardOf(core.buy(cyd, one, '1'));
    expect(owed(core, ann)).toBe((first * SCALE) / 4n + second * SCALE);
    checkPool(core.state, one);
  });

  it('the fraction of a stake that is over goes to those who come after', () => {
    const core = market();
    core.stake(ann, one, 1n);
    core.stake(bob, one, 9_999_999n);
    const first = rewardOf(core.buy(cyd, one, '1'));
    const fraction = owed(core, ann);
    expect(fraction).toBeGreaterThan(0n);
    expect(fraction).toBeLessThan(SCALE);
    const { carry } = core.state.pools.get(one)?.pool ?? { carry: 0n };
    core.unstake(ann, one, 1n);
    expect(core.state.pools.get(one)?.stakes.has(ann)).toBe(false);
    expect(core.state.pools.get(one)?.pool.carry).toBe(carry + fraction);
    const second = rewardOf(core.buy(cyd, one, '1'));
    expect(owed(core, bob) + (core.state.pools.get(one)?.pool.carry ?? 0n)).toBe((first + second) * SCALE);
  });

  it('a carry above what is staked next is shared with the next reward', () => {
    const core = market();
    core.stake(bob, one, 7_000_001n);
    core.buy(cyd, one, '1');
    const reward = core.claim(bob, one);
    core.unstake(bob, one, 7_000_001n);
    const { carry } = core.state.pools.get(one)?.pool ?? { carry: 0n };
    expect(carry).toBeGreaterThan(3n);
    core.stake(ann, one, 3n);
    const next = rewardOf(core.buy(cyd, one, '1'));
    expect(owed(core, ann)).toBe(3n * ((next * SCALE + carry) / 3n));
    expect(stakersHave(core) + reward).toBe(core.state.pools.get(one)?.rewards);
  });
});

describe('an entry that does not fit the stakes', () => {
  const staked = (core: Core, given: Partial<Staked>): Staked => ({
    type: 'staked',
    seq: core.state.seq + 1,
    at: core.now,
    agentId: one,
    wallet: ann,
    tokens: tokenUnits(5n),
    stake: tokenUnits(5n),
    totalStaked: tokenUnits(5n),
    rewardPerUnit: rate(0n),
    ...given,
  });

  it.each([
    ['the stake', { stake: tokenUnits(6n) }],
    ['all stakes', { totalStaked: tokenUnits(6n) }],
    ['the rate', { rewardPerUnit: rate(1n) }],
  ])('is a fault: %s', (_what, given) => {
    const core = market();
    expect(() => evolve(core.state, staked(core, given), null)).toThrow(LedgerError);
  });
});
