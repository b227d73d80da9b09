import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerSums } from '../../server/market/ledger.ts';
import { CURVE_SUPPLY, saleProceeds, walletSol } from '../../shared/curve.ts';
import { type AgentId, clientOrderId, type VaultId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { lamports, shares, sol, tokens } from '../../shared/units.ts';
import { FIRST_SHARE_VALUE, MAX_POSITIONS, shareValue } from '../../shared/vaults.ts';
import { errorOf, issuesOf, rejectionOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

let market: TestMarket;
/** Manages the vault. */
let mia: WalletAddress;
let ann: WalletAddress;
let bob: WalletAddress;
let one: AgentId;
let vault: VaultId;

beforeEach(async () => {
  market = await openMarket();
  [mia, ann, bob] = [await market.fund('mia'), await market.fund('ann'), await market.fund('bob')];
  one = await market.createAgent('ONE');
  vault = await createVault(2_000);
});
afterEach(async () => {
  for (const sum of ledgerSums(market.app.market.ledger).values()) expect(sum).toBe(0n);
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });
const createVault = async (performanceFeeBps: number, name = 'Slow and steady'): Promise<VaultId> =>
  (await market.as(mia).createVault({ ...order(), name, performanceFeeBps })).vault.vaultId;
const deposit = (who: WalletAddress, amount: string, to = vault) =>
  market.as(who).vaultDeposit({ ...order(), vaultId: to, sol: sol(amount) });
const withdraw = (who: WalletAddress, amount: bigint, from = vault) =>
  market.as(who).vaultWithdraw({ ...order(), vaultId: from, shares: amount });
const buyFor = (amount: string, agentId = one, who = mia) =>
  market.as(who).vaultBuy({ ...order(), vaultId: vault, agentId, exact: 'sol', sol: sol(amount) });
const sellFor = (amount: string, agentId = one, who = mia) =>
  market.as(who).vaultSell({ ...order(), vaultId: vault, agentId, tokens: tokens(amount) });
const read = (id = vault) => market.app.caller().vault({ vaultId: id });
const accountOf = async (who: WalletAddress) => (await market.as(who).account()).account;

describe('createVault', () => {
  it('opens a vault with a wallet of its own, which the caller manages', async () => {
    const { head } = market.log;
    const result = await market.as(ann).createVault({ ...order(), name: '  Fast ', performanceFeeBps: 500 });
    expect(result).toMatchObject({
      receipt: { seq: head + 1, events: 1, position: `${market.log.epoch}-${head + 1}` },
      repeated: false,
      vault: { type: 'vault_created', vaultId: '2', manager: ann, name: 'Fast', performanceFeeBps: 500 },
    });
    const { address } = result.vault;
    expect(address).not.toBe(ann);
    expect(await read(result.vault.vaultId)).toEqual({
      vault: {
        vaultId: '2',
        address,
        manager: ann,
        name: 'Fast',
        performanceFeeBps: 500,
        createdAt: market.clock.now(),
        sol: 0n,
        shares: 0n,
        highWaterMark: FIRST_SHARE_VALUE,
        positions: [],
      },
      summary: expect.objectContaining({
        netAssetValue: 0n,
        holders: 0,
        positions: 0,
        shareValue: FIRST_SHARE_VALUE,
      }),
      holders: [],
      seq: head + 1,
    });
  });

  it('takes no fee unless one is named', async () => {
    const { vault: opened } = await market.as(ann).createVault({ ...order(), name: 'Free' });
    expect(opened.performanceFeeBps).toBe(0);
  });
});

describe('deposits and withdrawals', () => {
  it('give shares for SOL at net asset value', async () => {
    const { head } = market.log;
    const first = await deposit(ann, '2');
    expect(first).toMatchObject({
      receipt: { seq: head + 1, events: 1 },
      deposit: {
        vaultId: vault,
        wallet: ann,
        manager: mia,
        sol: sol('2'),
        shares: sol('2') * 1_000n,
        feeShares: 0n,
        totalShares: sol('2') * 1_000n,
        netAssetValue: 0n,
      },
    });
    const second = await deposit(bob, '4');
    expect(second.deposit.shares).toBe(2n * first.deposit.shares);
    const { summary, holders } = await read();
    expect(summary).toMatchObject({ sol: sol('6'), netAssetValue: sol('6'), holders: 2, positions: 0 });
    expect(summary.shareValue).toBe(shareValue(lamports(sol('6')), summary.shares));
    expect(holders).toEqual([
      { wallet: bob, shares: second.deposit.shares },
      { wallet: ann, shares: first.deposit.shares },
    ]);
    expect(await accountOf(ann)).toMatchObject({
      sol: sol('998'),
      shares: [{ vaultId: vault, shares: first.deposit.shares }],
    });
  });

  it('pay in kind: the part of the SOL and of every position', async () => {
    const { deposit: made } = await deposit(ann, '10');
    const { trade } = await buyFor('4');
    const { withdrawal } = await withdraw(ann, made.shares / 2n);
    // A lamport and a thousand shares are nobody's, so a little less than half.
    expect(withdrawal.sol).toBeLessThan((sol('10') - walletSol(trade)) / 2n + 1n);
    expect(withdrawal.tokens).toHaveLength(1);
    const [paid] = withdrawal.tokens;
    expect(trade.tokens / 2n - (paid?.tokens ?? 0n)).toBeLessThan(trade.tokens / 1_000_000n);
    const account = await accountOf(ann);
    expect(account).toMatchObject({
      sol: sol('990') + withdrawal.sol,
      holdings: [{ agentId: one, tokens: paid?.tokens, cost: paid?.value }],
    });
    const { vault: detail, summary } = await read();
    expect(detail.sol).toBe(sol('10') - walletSol(trade) - withdrawal.sol);
    expect(detail.positions).toMatchObject([{ agentId: one, tokens: trade.tokens - (paid?.tokens ?? 0n) }]);
    const { curve } = await market.app.caller().agent({ agentId: one });
    expect(summary.netAssetValue).toBe(
      detail.sol + saleProceeds(curve, detail.positions[0]?.tokens ?? tokens('0')),
    );
    // Holders of the agent are the vault's wallet and who was paid.
    const { holders } = await market.app.caller().holders({ agentId: one });
    expect(new Set(holders.map((holder) => holder.wallet))).toEqual(new Set([ann, detail.address]));
  });

  it('give the manager shares for a part of the gain, once', async () => {
    await deposit(ann, '10');
    await buyFor('8');
    // Others make the price rise, and with it what the vault has.
    await market.buy(bob, one, '40');
    const { summary: before } = await read();
    expect(before.netAssetValue).toBeGreaterThan(sol('10'));
    const second = await deposit(bob, '1');
    const { feeShares, highWaterMark, netAssetValue } = second.deposit;
    expect(netAssetValue).toBe(before.netAssetValue);
    expect(feeShares).toBeGreaterThan(0n);
    expect(highWaterMark).toBeGreaterThan(before.highWaterMark);
    const { holders } = await read();
    expect(holders).toContainEqual({ wallet: mia, shares: feeShares });
    expect((await accountOf(mia)).shares).toEqual([{ vaultId: vault, shares: feeShares }]);
    // What bob paid above net asset value was the next gain; after that there is hardly any.
    expect((await deposit(bob, '0.001')).deposit.feeShares).toBeLessThan(feeShares / 10n);
    expect((await deposit(bob, '0.001')).deposit.feeShares).toBeLessThan(feeShares / 1_000n);
    // They are shares like any other.
    expect((await withdraw(mia, feeShares)).withdrawal.sol).toBeGreaterThan(0n);
  });

  it('give the same answer to the same order, and a conflict to another under its id', async () => {
    const input = { clientOrderId: clientOrderId('once'), vaultId: vault, sol: sol('1') };
    const first = await market.as(ann).vaultDeposit(input);
    expect(await market.as(ann).vaultDeposit(input)).toEqual({ ...first, repeated: true });
    expect(await rejectionOf(market.as(ann).vaultDeposit({ ...input, sol: sol('2') }))).toEqual({
      code: 'CONFLICT',
      reason: 'order_conflict',
      clientOrderId: 'once',
    });
  });
});

describe('vaultBuy and vaultSell', () => {
  it('trade with what the vault has, under its own address', async () => {
    await deposit(ann, '10');
    const { vault: detail } = await read();
    const bought = await buyFor('4');
    // The first trade of all makes a king as well.
    expect(bought.receipt.events).toBe(2);
    expect(bought).toMatchObject({
      trade: { trader: detail.address, side: 'buy', agentId: one },
      graduation: null,
    });
    const sold = await sellFor('1000');
    expect(sold).toMatchObject({ receipt: { events: 1 }, trade: { trader: detail.address, side: 'sell' } });
    expect((await read()).vault).toMatchObject({
      sol: sol('10') - walletSol(bought.trade) + walletSol(sold.trade),
      positions: [{ agentId: one, tokens: bought.trade.tokens - tokens('1000') }],
    });
    // The manager's own wallet has nothing to do with it.
    expect(await accountOf(mia)).toMatchObject({ sol: sol('1000'), holdings: [], fills: [] });
  });

  it('buy exact tokens too, and graduate an agent', async () => {
    await deposit(ann, '500');
    const { graduation, trade } = await market.as(mia).vaultBuy({
      ...order(),
      vaultId: vault,
      agentId: one,
      exact: 'tokens',
      tokens: CURVE_SUPPLY,
      maxSol: sol('400'),
    });
    expect(graduation).toMatchObject({ agentId: one });
    // It is worth what the pool would pay for it.
    const { summary, vault: detail } = await read();
    expect(summary.netAssetValue).toBeGreaterThan(detail.sol);
    expect(summary.netAssetValue).toBeLessThan(detail.sol + trade.sol);
  });
});

describe('refusals', () => {
  const missing = vaultId('99');

  it('an unknown vault is NOT_FOUND everywhere', async () => {
    const caller = market.as(mia);
    const buy = { ...order(), vaultId: missing, agentId: one, exact: 'sol', sol: sol('1') } as const;
    for (const call of [
      () => deposit(ann, '1', missing),
      () => withdraw(ann, 1n, missing),
      () => caller.vaultBuy(buy),
      () => caller.vaultSell({ ...order(), vaultId: missing, agentId: one, tokens: tokens('1') }),
      () => caller.vault({ vaultId: missing }),
      () => caller.onVault({ vaultId: missing }),
    ]) {
      expect(await rejectionOf(call())).toEqual({
        code: 'NOT_FOUND',
        reason: 'vault_not_found',
        vaultId: missing,
      });
    }
  });

  it('only the manager trades for a vault', async () => {
    await deposit(ann, '10');
    const { vault: detail } = await read();
    for (const call of [
      () => buyFor('1', one, ann),
      () => sellFor('1', one, ann),
      () => buyFor('1', one, detail.address),
    ]) {
      expect(await rejectionOf(call())).toEqual({
        code: 'FORBIDDEN',
        reason: 'not_the_manager',
        vaultId: vault,
        manager: mia,
      });
    }
  });

  it('a vault does not buy what its manager created', async () => {
    await deposit(ann, '10');
    const own = await market.createAgent('OWN', mia);
    const refused = { code: 'FORBIDDEN', reason: 'own_token', vaultId: vault, agentId: own };
    expect(await rejectionOf(buyFor('1', own))).toEqual(refused);
  });

  it('a vault has so many positions at most, and may add to those it has', async () => {
    await deposit(ann, '100');
    const agents: AgentId[] = [];
    for (let number = 0; number < MAX_POSITIONS; number += 1) {
      const agent = await market.createAgent(`P${number}`);
      agents.push(agent);
      await buyFor('0.1', agent);
    }
    const refused = {
      code: 'PRECONDITION_FAILED',
      reason: 'too_many_positions',
      vaultId: vault,
      limit: MAX_POSITIONS,
    };
    expect(await rejectionOf(buyFor('0.1'))).toEqual(refused);
    const [first = one] = agents;
    const { trade } = await buyFor('0.1', first);
    expect(trade.agentId).toBe(first);
    const { vault: detail } = await read();
    const held = detail.positions.find(({ agentId }) => agentId === first)?.tokens ?? tokens('0');
    await market.as(mia).vaultSell({ ...order(), vaultId: vault, agentId: first, tokens: held });
    expect((await buyFor('0.1')).trade.agentId).toBe(one);
  });

  it.each<[string, () => Promise<unknown>, () => object]>([
    [
      'a deposit of more than the wallet has',
      () => deposit(wallet('poor'), '1'),
      () => ({ code: 'PRECONDITION_FAILED', reason: 'insufficient_sol', needed: sol('1'), available: 0n }),
    ],
    [
      'a deposit that gives fewer shares than asked for',
      () => market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: sol('1'), minShares: 10n ** 13n }),
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'too_few_shares',
        minimum: 10n ** 13n,
        actual: sol('1') * 1_000n,
      }),
    ],
    [
      'a deposit that is no share',
      async () => {
        await deposit(ann, '1');
        const { vault: detail } = await read();
        // A gift makes a share worth more than a lamport by far.
        await market.operator.credit({ ...order(), wallet: detail.address, sol: sol('1000000') });
        return market.as(bob).vaultDeposit({ ...order(), vaultId: vault, sol: lamports(1n) });
      },
      () => ({ code: 'UNPROCESSABLE_CONTENT', reason: 'amount_too_small' }),
    ],
    [
      'a deposit that makes more shares than there can be',
      async () => {
        await market.operator.credit({ ...order(), wallet: ann, sol: sol('10000000') });
        return deposit(ann, '10000000');
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'shares_limit',
        vaultId: vault,
        available: 2n ** 63n - 1n,
      }),
    ],
    [
      'a withdrawal of more shares than there are',
      async () => {
        const { deposit: made } = await deposit(ann, '1');
        return withdraw(ann, made.shares + 1n);
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_shares',
        needed: sol('1') * 1_000n + 1n,
        available: sol('1') * 1_000n,
      }),
    ],
    [
      'a withdrawal of another’s shares',
      async () => {
        await deposit(ann, '1');
        return withdraw(bob, 1n);
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_shares',
        needed: 1n,
        available: 0n,
      }),
    ],
    [
      'a withdrawal that is not worth a lamport',
      async () => {
        await deposit(ann, '1');
        return withdraw(ann, 1n);
      },
      () => ({ code: 'UNPROCESSABLE_CONTENT', reason: 'amount_too_small' }),
    ],
    [
      'a buy for more than the vault has',
      async () => {
        await deposit(ann, '1');
        return buyFor('2');
      },
      () =>
        expect.objectContaining({
          code: 'PRECONDITION_FAILED',
          reason: 'insufficient_sol',
          available: sol('1'),
        }),
    ],
    [
      'a sale of what the vault has not',
      () => sellFor('1'),
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_tokens',
        needed: tokens('1'),
        available: 0n,
      }),
    ],
  ])('%s: says what was expected and found, and changes nothing', async (_, attempt, expected) => {
    expect(await rejectionOf(attempt())).toEqual(expected());
    expect((await read()).seq).toBe(market.log.head);
  });

  it('a session is needed', async () => {
    const nobody = market.app.caller();
    const given = { ...order(), vaultId: vault };
    for (const call of [
      () => nobody.createVault({ ...order(), name: 'Mine' }),
      () => nobody.vaultDeposit({ ...given, sol: sol('1') }),
      () => nobody.vaultWithdraw({ ...given, shares: 1n }),
      () => nobody.vaultBuy({ ...given, agentId: one, exact: 'sol', sol: sol('1') }),
      () => nobody.vaultSell({ ...given, agentId: one, tokens: tokens('1') }),
    ]) {
      expect((await errorOf(call())).code).toBe('UNAUTHORIZED');
    }
  });
});

describe('an input that is not the schema is refused by its fields, before anything is looked for', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a fee of more than a fifth', () => createVault(2_001), 'performanceFeeBps'],
    ['a fee below zero', () => createVault(-1), 'performanceFeeBps'],
    ['a fee of parts of a basis point', () => createVault(0.5), 'performanceFeeBps'],
    ['a vault without a name', () => createVault(0, ' '), 'name'],
    ['a name of 33 characters', () => createVault(0, 'x'.repeat(33)), 'name'],
    [
      'a deposit of nothing',
      () => market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: 0n }),
      'sol',
    ],
    [
      'a minimum below zero',
      () => market.as(ann).vaultDeposit({ ...order(), vaultId: vault, sol: 1n, minShares: -1n }),
      'minShares',
    ],
    ['a withdrawal of nothing', () => withdraw(ann, 0n), 'shares'],
    ['a withdrawal of 2^63 shares', () => withdraw(ann, 2n ** 63n), 'shares'],
    ...['0', 'x', '01', '-1', '9'.repeat(16)].flatMap((id): [string, () => Promise<unknown>, string][] => [
      [
        `a deposit to vault ${id}`,
        () => market.as(ann).vaultDeposit({ ...order(), vaultId: id, sol: sol('1') }),
        'vaultId',
      ],
      [
        `a buy of vault ${id}`,
        () => market.as(mia).vaultBuy({ ...order(), vaultId: id, agentId: one, exact: 'sol', sol: sol('1') }),
        'vaultId',
      ],
      [`vault ${id}`, () => market.app.caller().vault({ vaultId: id }), 'vaultId'],
      [`the channel of vault ${id}`, () => market.app.caller().onVault({ vaultId: id }), 'vaultId'],
    ]),
    ['a page of 101', () => market.app.caller().vaults({ limit: 101 }), 'limit'],
    ['a page of none', () => market.app.caller().vaults({ limit: 0 }), 'limit'],
    ['an endless cursor', () => market.app.caller().vaults({ cursor: '1'.repeat(129) }), 'cursor'],
  ])('%s', async (_, call, field) => {
    const { head } = market.log;
    expect(await issuesOf(call())).toEqual([field]);
    expect(market.log.head).toBe(head);
  });
});

describe('the list of vaults', () => {
  it('has the largest first, in pages without a repeat', async () => {
    const ids = [vault];
    for (let number = 2; number <= 5; number += 1) ids.push(await createVault(0, `Vault ${number}`));
    for (const [index, id] of ids.entries()) await deposit(ann, `${[3, 5, 1, 4, 2][index] ?? 0}`, id);
    const caller = market.app.caller();
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await caller.vaults({ limit: 2, cursor });
      listed.push(...page.vaults.map((summary) => summary.vaultId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed).toEqual(['2', '4', '1', '5', '3']);
    const all = await caller.vaults();
    expect(all.vaults.map((summary) => summary.vaultId)).toEqual(listed);
    expect(all.nextCursor).toBeUndefined();
    expect((await caller.vaults({ cursor: 'nonsense', limit: 1 })).vaults[0]?.vaultId).toBe('2');
    expect((await caller.vaults({ cursor: '999' })).vaults).toEqual([]);
  });

  it('has equal ones in the order in which they were made', async () => {
    for (let number = 2; number <= 4; number += 1) await createVault(0, `Vault ${number}`);
    const { vaults } = await market.app.caller().vaults();
    expect(vaults.map((summary) => summary.vaultId)).toEqual(['1', '2', '3', '4']);
    expect(vaults[0]?.shares).toBe(shares(0n));
  });
});
