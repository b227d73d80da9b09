import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { type AgentId, agentId, type VaultId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import type { AccountView } from '../../shared/platform-schemas.ts';
import { sol, tokens, tokenUnits } from '../../shared/units.ts';
import { FILLS_LENGTH } from '../../shared/views/account.ts';
import { apiChannels, type Follower } from '../support/api-channels.ts';
import { nextTurn } from '../support/gate.ts';
import { errorOf, issuesOf } from '../support/refusals.ts';
import { SessionServer } from '../support/session-server.ts';
import type { TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const MINUTE = 60_000;

let server: SessionServer;
let market: TestMarket;
let ann: WalletAddress;
let bob: WalletAddress;
let mia: WalletAddress;
let one: AgentId;
let vault: VaultId;

beforeEach(async () => {
  server = await SessionServer.open();
  market = server.market;
  [ann, bob, mia] = [await market.fund('ann'), await market.fund('bob'), await market.fund('mia')];
  // Ann has created it.
  one = await market.createAgent('ONE', ann);
  const opened = await market
    .as(mia)
    .createVault({ clientOrderId: market.orderId(), name: 'Slow', performanceFeeBps: 2_000 });
  vault = opened.vault.vaultId;
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });
const accountOf = async (who: WalletAddress): Promise<AccountView> =>
  (await market.as(who).account()).account;
/** Follows the account of a wallet, over a connection of its own. */
const follow = async (who: WalletAddress): Promise<Follower> => {
  const follower = apiChannels.account.subscribe(server.connect({ wallet: who }));
  await follower.until((received) => received.length === 1);
  return follower;
};
const typesOf = ({ received }: Follower): string[] => received.map(({ data }) => data.type);

/** Everything that Ann does by herself. */
async function annActs(): Promise<void> {
  const { trade } = await market.buy(ann, one, '5');
  await market.as(ann).stake({ ...order(), agentId: one, tokens: tokenUnits(trade.tokens / 2n) });
  await market.buy(bob, one, '10');
  await market.as(ann).claimRewards({ ...order(), agentId: one });
  await market.as(ann).unstake({ ...order(), agentId: one, tokens: tokens('1') });
  const { deposit } = await market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: sol('10') });
  await market.as(ann).vaultWithdraw({ ...order(), vaultId: vault, shares: deposit.shares / 4n });
  await market.sell(ann, one, '10');
}
const ANNS = [
  'trade_executed',
  'staked',
  'rewards_claimed',
  'unstaked',
  'vault_deposited',
  'vault_withdrawn',
  'trade_executed',
];

describe('the account of a wallet', () => {
  it('is empty for one that was never seen', async () => {
    const { account, seq } = await market.as(wallet('new')).account();
    expect(account).toEqual({
      wallet: wallet('new'),
      sol: 0n,
      holdings: [],
      stakes: [],
      shares: [],
      fills: [],
    });
    expect(seq).toBe(market.app.views.seq);
  });

  it('is all that it has', async () => {
    await annActs();
    const account = await accountOf(ann);
    const { market: state } = market.app;
    expect(account.wallet).toBe(ann);
    expect(account.sol).toBe(state.ledger.sol.get(ann));
    expect(account.holdings).toHaveLength(1);
    expect(account.stakes).toHaveLength(1);
    expect(account.shares).toEqual([
      { vaultId: vault, shares: state.vaults.byId.get(vault)?.holders.get(ann) },
    ]);
    expect(account.fills.map(({ side }) => side)).toEqual(['sell', 'buy']);
  });

  it('shows the newest trades only, newest first', async () => {
    const seqs: number[] = [];
    for (let count = 0; count < 2 * FILLS_LENGTH + 3; count += 1) {
      seqs.push((await market.buy(ann, one, '0.01')).trade.seq);
      await market.buy(bob, one, '0.01');
    }
    const { fills } = await accountOf(ann);
    expect(fills.map(({ seq }) => seq)).toEqual(seqs.toReversed().slice(0, FILLS_LENGTH));
  });

  it('is the same after a restart', async () => {
    await annActs();
    const before = await accountOf(ann);
    await market.restart();
    expect(await accountOf(ann)).toEqual(before);
  });
});

describe('following it', () => {
  it('begins with all there is and goes on with everything that changes it, and nothing else', async () => {
    await market.buy(ann, one, '1');
    const mine = await follow(ann);
    expect(mine.received).toMatchObject([
      { data: { type: 'snapshot', reason: 'start', account: { wallet: ann } } },
    ]);
    expect(mine.view).toEqual(await accountOf(ann));
    await annActs();
    await market.operator.credit({ ...order(), wallet: ann, sol: sol('1') });
    await mine.until((received) => received.length === ANNS.length + 2);
    expect(typesOf(mine)).toEqual(['snapshot', ...ANNS, 'wallet_credited']);
    expect(mine.view).toEqual(await accountOf(ann));
  });

  it('tells a manager of the shares that fees have made for it', async () => {
    const managers = await follow(mia);
    await market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: sol('10') });
    await market.as(mia).vaultBuy({ ...order(), vaultId: vault, agentId: one, exact: 'sol', sol: sol('8') });
    await market.buy(bob, one, '40');
    const { deposit } = await market.as(bob).vaultDeposit({ ...order(), vaultId: vault, sol: sol('1') });
    expect(deposit.feeShares).toBeGreaterThan(0n);
    // A deposit that makes no fee, and what the vault trades, are nothing of the manager's.
    await managers.until((received) => received.length === 2);
    expect(typesOf(managers)).toEqual(['snapshot', 'vault_deposited']);
    expect(managers.view).toEqual(await accountOf(mia));
    expect((await accountOf(mia)).shares).toEqual([{ vaultId: vault, shares: deposit.feeShares }]);
  });

  it('tells a creator of the prizes of its agents', async () => {
    const { executor } = market.app.services;
    await executor.submit({ kind: 'turn_season', season: 0, lengthMs: MINUTE });
    const [creators, others] = [await follow(ann), await follow(bob)];
    await market.buy(bob, one, '10');
    market.clock.advance(MINUTE);
    await executor.submit({ kind: 'turn_season', season: 1, lengthMs: MINUTE });
    await creators.until((received) => received.length === 2);
    expect(typesOf(creators)).toEqual(['snapshot', 'season_ended']);
    expect(creators.view).toMatchObject({ sol: (await accountOf(ann)).sol });
    expect((await accountOf(ann)).sol).toBeGreaterThan(sol('1000'));
    await market.operator.credit({ ...order(), wallet: bob, sol: sol('1') });
    await others.until((received) => received.length === 3);
    expect(typesOf(others)).toEqual(['snapshot', 'trade_executed', 'wallet_credited']);
  });
});

describe('nobody else’s account', () => {
  it('is shown: there is no way to name another’s', async () => {
    await annActs();
    expect((await server.connect({ wallet: bob }).account.query()).account.wallet).toBe(bob);
    const others = await follow(bob);
    expect(others.received).toMatchObject([{ data: { account: { wallet: bob } } }]);
  });

  it('is heard of, whatever is resumed from', async () => {
    const others = await follow(bob);
    const resumed = apiChannels.account.subscribe(
      server.connect({ wallet: wallet('new') }),
      `${market.log.epoch}-0`,
    );
    const before = market.log.head;
    await annActs();
    // The first thing that does concern them comes after all that does not.
    await market.operator.credit({ ...order(), wallet: bob, sol: sol('1') });
    await market.operator.credit({ ...order(), wallet: wallet('new'), sol: sol('1') });
    await others.until((received) => received.some(({ data }) => data.type === 'wallet_credited'));
    await resumed.until((received) => received.length > 0);
    // Bob has bought once among what Ann did.
    expect(typesOf(others)).toEqual(['snapshot', 'trade_executed', 'wallet_credited']);
    expect(resumed.received.map(({ id }) => id)).toEqual([`${market.log.epoch}-${market.log.head}`]);
    expect(market.log.head).toBeGreaterThan(before + ANNS.length);
  });

  it('is told of through the public channels of a vault or an agent only what is everybody’s', async () => {
    const mine = apiChannels.account.subscribe(server.connect({ wallet: bob }));
    await mine.until((received) => received.length === 1);
    const open = apiChannels.vault.subscribe(server.connect(null));
    await open.until((received) => received.length === 1);
    await market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: sol('1') });
    await open.until((received) => received.length === 2);
    await nextTurn();
    expect(mine.received).toHaveLength(1);
  });
});

describe('without a session', () => {
  const unauthorized = (error: unknown) => {
    if (!(error instanceof TRPCClientError)) throw error;
    const typed: TRPCClientError<AppRouter> = error;
    expect(typed.data?.code).toBe('UNAUTHORIZED');
  };

  it('there is no account, by a direct call or over a connection', async () => {
    const nobody = market.app.caller();
    expect((await errorOf(nobody.account())).code).toBe('UNAUTHORIZED');
    expect((await errorOf(nobody.onAccount())).code).toBe('UNAUTHORIZED');
    expect((await errorOf(nobody.onAccount({ lastEventId: `${market.log.epoch}-1` }))).code).toBe(
      'UNAUTHORIZED',
    );
    const client = server.connect(null);
    await client.account.query().then(() => expect.unreachable(), unauthorized);
    const follower = apiChannels.account.subscribe(client);
    await follower.until(() => false).then(() => expect.unreachable(), unauthorized);
    expect(follower.received).toEqual([]);
  });

  it('everything else of the platform is there to be read', async () => {
    const client = server.connect(null);
    expect((await client.king.query()).king).toBeNull();
    expect((await client.stakes.query({ wallet: ann })).stakes).toEqual([]);
    expect((await client.vault.query({ vaultId: vaultId('1') })).vault.manager).toBe(mia);
    expect((await client.agent.query({ agentId: agentId('1') })).staked).toBe(0n);
  });

  it('a resume id is a text, whoever asks', async () => {
    const caller = market.as(ann);
    const wrong: { lastEventId: string } = Object.assign({ lastEventId: '' }, { lastEventId: 7 });
    expect(await issuesOf(caller.onAccount(wrong))).toEqual(['lastEventId']);
  });
});
