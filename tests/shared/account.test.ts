import { describe, expect, it } from 'vitest';
import { channels, type MessageOf } from '../../shared/channels.ts';
import { walletSol } from '../../shared/curve.ts';
import type { Entry } from '../../shared/events.ts';
import { agentId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { type AccountView, accountViewSchema } from '../../shared/platform-schemas.ts';
import { lamports, RATE_SCALE, rate, shares, sol, tokens } from '../../shared/units.ts';
import {
  type AccountEntry,
  accountsOf,
  accountView,
  applyToAccount,
  emptyAccount,
  FILLS_LENGTH,
  isAccountEntry,
  reduceAccount,
} from '../../shared/views/account.ts';
import {
  sampleEntries,
  seasonEnded,
  vaultDeposited,
  vaultWithdrawn,
  walletCredited,
} from '../support/entries.ts';
import { AgentStory, alice, bob, carol, frozen } from './fixtures.ts';

type Message = MessageOf<'account'>;

const nothing: AccountView | null = null;
const snapshotOf = (account: AccountView) =>
  ({ type: 'snapshot', reason: 'start', account }) as const satisfies Message;
const emptyOf = (wallet: WalletAddress): AccountView => accountView(wallet, emptyAccount(), []);

/** Folds with every view and every entry frozen, so a reducer that writes to its input throws. */
function fold(start: AccountView | null, messages: readonly Message[]): AccountView {
  const view = messages.reduce<AccountView | null>(
    (before, message) => reduceAccount(frozen(before), frozen(message)),
    start,
  );
  if (view === null) throw new Error('no snapshot came');
  return view;
}

const credit = (wallet: WalletAddress, amount: string, seq = 1) =>
  walletCredited(seq, { wallet, sol: sol(amount) });
const funded = (wallet: WalletAddress, amount = '10'): AccountView =>
  fold(emptyOf(wallet), [credit(wallet, amount)]);
const holding = (view: AccountView, id = agentId('1')) =>
  view.holdings.find((each) => each.agentId === id) ?? null;

describe('an account', () => {
  it('is nothing before the first snapshot, whatever comes', () => {
    expect(reduceAccount(nothing, credit(alice, '1'))).toBeNull();
  });

  it('is what a snapshot says', () => {
    expect(fold(funded(alice), [snapshotOf(emptyOf(bob))])).toEqual({
      wallet: bob,
      sol: 0n,
      holdings: [],
      stakes: [],
      shares: [],
      fills: [],
    });
  });

  it('is credited', () => {
    expect(funded(alice).sol).toBe(sol('10'));
    expect(fold(funded(alice), [credit(alice, '10')]).sol).toBe(sol('20'));
  });
});

describe('trades of an account', () => {
  const story = new AgentStory();
  const first = story.buy(alice, tokens('1000000'));
  const second = story.buy(alice, tokens('3000000'));
  const half = story.sell(alice, tokens('2000000'));
  const rest = story.sell(alice, tokens('2000000'));

  it('pay for what they buy, fees included, and add up the cost', () => {
    const view = fold(funded(alice), [first, second]);
    const paid = first.sol + first.protocolFee + first.creatorFee + walletSol(second);
    expect(view.sol).toBe(sol('10') - paid);
    expect(view.holdings).toEqual([
      { agentId: story.id, tokens: tokens('4000000'), staked: 0n, cost: paid, realised: 0n },
    ]);
  });

  it('take the average cost off at a sale and realise the difference', () => {
    const bought = fold(funded(alice), [first, second]);
    const view = fold(bought, [half]);
    const cost = holding(bought)?.cost ?? 0n;
    const received = half.sol - half.protocolFee - half.creatorFee;
    expect(view.sol).toBe(bought.sol + received);
    expect(holding(view)).toMatchObject({
      tokens: tokens('2000000'),
      cost: cost - cost / 2n,
      realised: received - cost / 2n,
    });
  });

  it('round the cost of a sale down, so that none is left when all is sold', () => {
    const market = new AgentStory();
    const buy = market.buy(alice, tokens('7000000'));
    const sale = market.sell(alice, tokens('1000000'));
    const cost = walletSol(buy);
    expect(cost % 7n).not.toBe(0n);
    expect(holding(fold(funded(alice), [buy, sale]))?.cost).toBe(cost - cost / 7n);
  });

  it('keep a holding that was sold, with all it gained or lost', () => {
    const view = fold(funded(alice), [first, second, half, rest]);
    // Alone on the curve, a round trip loses its fees and the rounding.
    const lost = view.sol - sol('10');
    expect(lost).toBeLessThan(0n);
    expect(holding(view)).toMatchObject({ tokens: 0n, cost: 0n, realised: lost });
  });

  it('gain when others buy in between', () => {
    const market = new AgentStory();
    const buy = market.buy(alice, tokens('1000000'));
    market.buy(bob, tokens('100000000'));
    const view = fold(funded(alice), [buy, market.sell(alice, tokens('1000000'))]);
    expect(holding(view)?.realised).toBe(view.sol - sol('10'));
    expect(holding(view)?.realised).toBeGreaterThan(0n);
  });

  it('keep agents apart', () => {
    const other = new AgentStory(agentId('2'));
    const buy = other.buy(alice, tokens('7'));
    const view = fold(funded(alice), [first, buy]);
    expect(view.holdings.map((each) => each.agentId)).toEqual([story.id, other.id]);
    expect(holding(view, other.id)).toMatchObject({ tokens: tokens('7'), cost: walletSol(buy) });
    expect(holding(view)?.tokens).toBe(tokens('1000000'));
  });

  it('are shown newest first, and nothing else is', () => {
    const fills = Array.from({ length: FILLS_LENGTH + 3 }, () => new AgentStory().buy(alice, tokens('1')));
    const numbered = fills.map((fill, index) => ({ ...fill, seq: index + 1 }));
    const view = fold(funded(alice), [...numbered, credit(alice, '1', 99)]);
    expect(view.fills).toEqual(numbered.toReversed().slice(0, FILLS_LENGTH));
  });
});

describe('stakes of an account', () => {
  /** Alice has 1,000 tokens and stakes 600 of them when a unit has earned nothing. */
  function staking() {
    const story = new AgentStory();
    const bought = story.buy(alice, tokens('1000'));
    const staked = story.staked(alice, tokens('600'));
    const view = fold(funded(alice), [bought, staked]);
    return { story, view, units: tokens('600') };
  }

  it('lock tokens, which stay in the holding at their cost', () => {
    const { story, view, units } = staking();
    expect(holding(view)).toMatchObject({ tokens: tokens('1000'), staked: units });
    expect(view.sol).toBe(sol('10') - (holding(view)?.cost ?? 0n));
    expect(view.stakes).toEqual([
      { agentId: story.id, staked: units, owed: 0n, rewardPerUnit: 0n, claimed: 0n },
    ]);
  });

  it('are owed what their units earn until they change, at the stake of then', () => {
    const { story, view, units } = staking();
    story.rewardPerUnit = rate(7n * RATE_SCALE);
    const more = story.staked(alice, tokens('400'));
    story.rewardPerUnit = rate(9n * RATE_SCALE);
    const less = story.unstaked(alice, tokens('1000'));
    const owed = units * 7n * RATE_SCALE;
    const after = fold(view, [more]);
    expect(after.stakes).toMatchObject([{ staked: tokens('1000'), owed, rewardPerUnit: 7n * RATE_SCALE }]);
    expect(fold(after, [less]).stakes).toMatchObject([
      { staked: 0n, owed: owed + tokens('1000') * 2n * RATE_SCALE, rewardPerUnit: 9n * RATE_SCALE },
    ]);
  });

  it('are paid whole lamports: the SOL comes in, the rest stays owed', () => {
    const { story, view, units } = staking();
    // Six tenths of a lamport and 100 lamports for all of them.
    story.rewardPerUnit = rate((100n * RATE_SCALE + (RATE_SCALE * 6n) / 10n) / units);
    const owed = units * story.rewardPerUnit;
    const claimed = fold(view, [story.claimed(alice, lamports(100n))]);
    expect(claimed.sol).toBe(view.sol + 100n);
    expect(claimed.stakes).toMatchObject([
      { staked: units, owed: owed - 100n * RATE_SCALE, claimed: 100n, rewardPerUnit: story.rewardPerUnit },
    ]);
    expect(holding(claimed)).toEqual(holding(view));
  });

  it('end when everything is back and less than a lamport is owed', () => {
    const { story, view } = staking();
    const back = fold(view, [story.unstaked(alice, tokens('600'))]);
    expect(back.stakes).toEqual([]);
    expect(holding(back)).toMatchObject({ tokens: tokens('1000'), staked: 0n });

    const earning = staking();
    earning.story.rewardPerUnit = rate(RATE_SCALE / earning.units + 1n);
    const out = fold(earning.view, [earning.story.unstaked(alice, tokens('600'))]);
    expect(out.stakes).toMatchObject([{ staked: 0n }]);
    expect(fold(out, [earning.story.claimed(alice, lamports(1n))]).stakes).toEqual([]);
  });

  it('begin anew at the rate of then', () => {
    const story = new AgentStory();
    const bought = story.buy(alice, tokens('1000'));
    story.rewardPerUnit = rate(5n * RATE_SCALE);
    const view = fold(funded(alice), [bought, story.staked(alice, tokens('10'))]);
    expect(view.stakes).toMatchObject([{ owed: 0n, rewardPerUnit: 5n * RATE_SCALE }]);
  });
});

describe('vaults in an account', () => {
  const one = vaultId('1');
  const deposit = vaultDeposited(5, {
    wallet: alice,
    manager: bob,
    sol: sol('2'),
    shares: 2_000n,
    feeShares: 30n,
    totalShares: 9_030n,
  });
  const { address } = deposit;
  const withdrawal = vaultWithdrawn(6, {
    wallet: alice,
    manager: bob,
    sol: sol('1'),
    shares: 1_500n,
    feeShares: 7n,
    totalShares: 7_537n,
    tokens: [
      { agentId: '1', tokens: tokens('100'), value: sol('0.3') },
      { agentId: '2', tokens: 1n, value: 0n },
    ],
  });

  it('take SOL for shares', () => {
    expect(fold(funded(alice), [deposit])).toMatchObject({
      sol: sol('8'),
      shares: [{ vaultId: one, shares: 2_000n }],
      holdings: [],
    });
  });

  it('give shares back in kind: SOL, and tokens at what they were worth', () => {
    expect(fold(funded(alice), [deposit, withdrawal])).toMatchObject({
      sol: sol('9'),
      shares: [{ vaultId: one, shares: 500n }],
      holdings: [
        { agentId: '1', tokens: tokens('100'), staked: 0n, cost: sol('0.3'), realised: 0n },
        { agentId: '2', tokens: 1n, cost: 0n },
      ],
    });
  });

  it('are gone with the last share', () => {
    const all = vaultWithdrawn(6, { wallet: alice, manager: bob, shares: 2_000n, feeShares: 0n, tokens: [] });
    expect(fold(funded(alice), [deposit, all]).shares).toEqual([]);
  });

  it('give the manager the fee’s shares, and nothing else of what another does', () => {
    const view = fold(funded(bob), [deposit, withdrawal]);
    expect(view).toEqual({ ...funded(bob), shares: [{ vaultId: one, shares: 37n }] });
  });

  it('give a manager who deposits or withdraws both', () => {
    const view = fold(funded(bob), [
      { ...deposit, wallet: bob },
      { ...withdrawal, wallet: bob, shares: shares(2_037n), tokens: [] },
    ]);
    expect(view).toMatchObject({ sol: sol('9'), shares: [] });
  });

  it('are the other side of it themselves', () => {
    const story = new AgentStory();
    const bought = story.buy(address, tokens('400'));
    const view = fold(emptyOf(address), [deposit, bought]);
    const cost = holding(view)?.cost ?? 0n;
    expect(view.sol).toBe(sol('2') - cost);
    const paid = fold(view, [
      { ...withdrawal, tokens: [{ agentId: story.id, tokens: tokens('100'), value: sol('0.3') }] },
    ]);
    expect(paid.sol).toBe(view.sol - sol('1'));
    expect(paid.shares).toEqual([]);
    expect(holding(paid)).toMatchObject({
      tokens: tokens('300'),
      cost: cost - cost / 4n,
      realised: sol('0.3') - cost / 4n,
    });
  });
});

describe('medals in an account', () => {
  const medals = [
    { medal: 'gold', agentId: '1', creator: alice, score: 9n, traders: 4, prize: 50n },
    { medal: 'silver', agentId: '3', creator: bob, score: 8n, traders: 1, prize: 30n },
    { medal: 'bronze', agentId: '2', creator: alice, score: 7n, traders: 1, prize: 20n },
  ];

  it('pay each creator its own prizes', () => {
    const ended = seasonEnded(4, { medals });
    expect(fold(funded(alice), [ended]).sol).toBe(sol('10') + 70n);
    expect(fold(funded(bob), [ended]).sol).toBe(sol('10') + 30n);
    expect(fold(funded(carol), [ended])).toEqual(funded(carol));
    expect(accountsOf(ended)).toEqual([alice, bob]);
  });
});

describe('whose account an entry changes', () => {
  const { vault_deposited: deposited, vault_withdrawn: withdrawn } = sampleEntries;
  const owner = ({ wallet }: { wallet: WalletAddress }) => wallet;

  it.each<[Entry, readonly WalletAddress[]]>([
    [sampleEntries.agent_created, []],
    [sampleEntries.agent_graduated, []],
    [sampleEntries.king_changed, []],
    [sampleEntries.season_started, []],
    [sampleEntries.vault_created, []],
    [sampleEntries.trade_executed, [sampleEntries.trade_executed.trader]],
    [sampleEntries.wallet_credited, [owner(sampleEntries.wallet_credited)]],
    [sampleEntries.staked, [owner(sampleEntries.staked)]],
    [sampleEntries.unstaked, [owner(sampleEntries.unstaked)]],
    [sampleEntries.rewards_claimed, [owner(sampleEntries.rewards_claimed)]],
    [deposited, [deposited.wallet, deposited.address, deposited.manager]],
    [withdrawn, [withdrawn.wallet, withdrawn.address, withdrawn.manager]],
    [{ ...deposited, feeShares: shares(0n) }, [deposited.wallet, deposited.address]],
    [{ ...withdrawn, manager: withdrawn.wallet }, [withdrawn.wallet, withdrawn.address]],
    [sampleEntries.season_ended, sampleEntries.season_ended.medals.map(({ creator }) => creator)],
    [{ ...sampleEntries.season_ended, medals: [] }, []],
  ])('$type', (entry, wallets) => {
    expect(isAccountEntry(entry) ? accountsOf(frozen(entry)) : []).toEqual(wallets);
  });

  it('is told of every entry of the account’s channel and no other', () => {
    const told = Object.values(sampleEntries).filter(isAccountEntry);
    const carried = channels.account.message.options.map(({ shape }) => shape.type.value);
    expect(new Set(told.map(({ type }) => type))).toEqual(
      new Set(carried.filter((type) => type !== 'snapshot')),
    );
  });
});

it('folded in place an account is the one that is folded by copies, and fits its schema', () => {
  const story = new AgentStory();
  const entries: AccountEntry[] = [
    credit(alice, '10'),
    story.buy(alice, tokens('500')),
    story.staked(alice, tokens('100')),
    vaultDeposited(5, { wallet: alice }),
    vaultWithdrawn(6, { wallet: alice }),
    story.sell(alice, tokens('5')),
  ];
  const account = emptyAccount();
  for (const entry of entries) applyToAccount(account, alice, frozen(entry));
  const view = fold(emptyOf(alice), entries);
  expect(accountView(alice, account, view.fills)).toEqual(view);
  expect(accountViewSchema.parse(view)).toEqual(view);
});
