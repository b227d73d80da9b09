// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { vaultId, walletAddress } from '../../shared/ids.ts';
import { type VaultSummary, vaultDetailSchema, vaultSummarySchema } from '../../shared/platform-schemas.ts';
import { sol } from '../../shared/units.ts';
import { FIRST_SHARE_VALUE } from '../../shared/vaults.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { VaultPage } from '../../web/vaults/vault-page.tsx';
import { VaultsPage } from '../../web/vaults/vaults-page.tsx';
import { agentCreated, tradeExecuted, vaultCreated, vaultDeposited, WALLETS } from '../support/entries.ts';
import { type Answers, answering } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const [manager, ann] = [walletAddress(WALLETS[0]), walletAddress(WALLETS[1])];
const { address } = vaultCreated(1);
const info = {
  vaultId: '1',
  address,
  manager,
  name: 'Slow',
  performanceFeeBps: 1_000,
  createdAt: 0,
  sol: sol('6'),
  shares: 10_000_000_000_000n,
  highWaterMark: FIRST_SHARE_VALUE,
};
const summary = (given: Partial<Record<keyof VaultSummary, unknown>> = {}): VaultSummary =>
  vaultSummarySchema.parse({
    ...info,
    netAssetValue: sol('10'),
    holders: 2,
    positions: 1,
    shareValue: (FIRST_SHARE_VALUE * 3n) / 2n,
    ...given,
  });
const detail = vaultDetailSchema.parse({
  ...info,
  positions: [{ agentId: '1', tokens: 30_000_000_000_000n, staked: 0n, cost: 900_000_000n, realised: 0n }],
});
const agent = reduceAgent(createdAgent(agentCreated(1)), tradeExecuted(2));

withFakeTime();
let market: FakeMarket;
beforeEach(() => {
  window.history.replaceState(null, '', '/vaults');
  market = new FakeMarket();
});
const settle = () => act(() => vi.advanceTimersByTimeAsync(20));

async function signIn(wallet: typeof ann, shares: bigint): Promise<void> {
  market.session.isOf(wallet);
  act(() => {
    market.connection.transport('open');
    market.connection.heard();
  });
  frame();
  for (const stream of market.account.opened) {
    const snapshot: Item<MessageOf<'account'>> = {
      id: position(1),
      data: {
        type: 'snapshot',
        reason: 'start',
        account: {
          wallet,
          sol: sol('5'),
          holdings: [],
          stakes: [],
          shares:
            vaultDetailSchema.shape.shares.parse(shares) === 0n
              ? []
              : [{ vaultId: vaultId('1'), shares: vaultDetailSchema.shape.shares.parse(shares) }],
          fills: [],
        },
      },
    };
    stream.send(snapshot);
  }
  frame();
  await settle();
}

describe('the page of vaults', () => {
  const show = (answers: Answers) => render(<VaultsPage />, { wrapper: answering(market, answers) });
  const names = () =>
    within(screen.getByRole('table'))
      .getAllByRole('link')
      .map(({ textContent }) => textContent);

  it('lists them by what they are worth, as they are live', async () => {
    const listed = [summary({ vaultId: '2', name: 'Big', netAssetValue: sol('20') }), summary()];
    show({ vaults: () => ({ vaults: listed, seq: 1 }) });
    await settle();
    expect(names()).toEqual(['Big', 'Slow']);
    expect(screen.getAllByText('+50.00 %')).toHaveLength(2);
    const grown = summary({ netAssetValue: sol('30') });
    const snapshot: Item<MessageOf<'vaults'>> = {
      id: position(2),
      data: { type: 'snapshot', reason: 'start', vaults: [grown] },
    };
    market.vaults.at(-1).send(snapshot);
    frame();
    expect(names()).toEqual(['Slow', 'Big']);
  });

  it('says what will come where there are none, and why it cannot be shown', async () => {
    show({ vaults: () => ({ vaults: [], seq: 1 }) });
    await settle();
    expect(screen.getByText('No vaults yet')).toBeDefined();
    market = new FakeMarket();
    show({
      vaults: () => {
        throw new Error('busy');
      },
    });
    await settle();
    expect(screen.getByText('Vaults cannot be shown')).toBeDefined();
  });

  it('opens one for whoever is signed in, and goes there', async () => {
    const createVault = vi.fn((_input: unknown) => ({ vault: vaultCreated(4, { vaultId: '7' }) }));
    show({ vaults: () => ({ vaults: [], seq: 1 }), createVault });
    expect(screen.getByRole('button', { name: 'Sign in to open a vault' })).toBeDefined();
    await signIn(ann, 0n);
    fireEvent.click(screen.getByRole('button', { name: 'Open a vault' }));
    fireEvent.input(screen.getByLabelText('Performance fee'), { target: { value: '21' } });
    const submit = async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Open the vault' }));
      await settle();
    };
    await submit();
    expect(screen.getByText('The fee must be 0 to 20, with two decimals at most.')).toBeDefined();
    expect(screen.getByText('The name must be 1–32 visible characters.')).toBeDefined();
    fireEvent.input(screen.getByLabelText('Performance fee'), { target: { value: '12.5' } });
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: ' Slow ' } });
    await submit();
    expect(createVault.mock.calls[0]?.[0]).toMatchObject({ name: 'Slow', performanceFeeBps: 1_250 });
    expect(window.location.pathname).toBe('/vault/7');
  });
});

describe('the page of a vault', () => {
  const answers = {
    vault: () => ({
      vault: detail,
      summary: summary(),
      holders: [{ wallet: ann, shares: info.shares }],
      seq: 5,
    }),
    agent: () => agent,
    agents: () => ({ agents: [agent] }),
  };
  async function show(more: Answers = {}): Promise<void> {
    render(<VaultPage vaultId={vaultId('1')} />, { wrapper: answering(market, { ...answers, ...more }) });
    const snapshot: Item<MessageOf<'vault'>> = {
      id: position(5),
      data: { type: 'snapshot', reason: 'start', vault: detail, history: [vaultDeposited(4)] },
    };
    market.vault.at(-1).send(snapshot);
    frame();
    await settle();
  }
  const factOf = (name: string): string | null | undefined =>
    screen.getByText(name).nextElementSibling?.textContent;

  it('shows what it is worth at the prices of now, what it holds, and whose it is', async () => {
    await show();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Slow');
    expect(factOf('Net asset value, SOL')).toBe('6.8596');
    const row = within(screen.getByRole('region', { name: 'Positions' })).getAllByRole('row')[1];
    expect(row?.textContent).toBe('ORCL30.0M30.0M0.90000.8596−0.04041−4.48 %');
    expect(screen.getByRole('region', { name: 'Shareholders' }).textContent).toContain('100.00 %');
    expect(screen.getByRole('region', { name: 'History' }).textContent).toContain(
      'Toke…Q5DA put 2.1000 SOL in for <0.01 shares',
    );
    expect(screen.queryByRole('region', { name: 'Trade for the vault' })).toBeNull();
    // A buy in what it holds makes it worth more.
    const later = reduceAgent(
      agent,
      tradeExecuted(9, {
        virtualSol: 35_000_000_000n,
        realSol: 5_000_000_000n,
        virtualTokens: 919_714_285_714_286n,
        realTokens: 639_814_285_714_286n,
      }),
    );
    await act(async () => {
      market.prices.at(-1).send({
        id: position(9),
        data: {
          type: 'price_changed',
          seq: 9,
          at: 9,
          agentId: agent.agentId,
          price: later.price,
          marketCap: later.marketCap,
          tokensSold: vaultDetailSchema.shape.positions.element.shape.tokens.parse(153_285_714_285_714n),
          totalValueLocked: sol('5'),
          progressBps: 1_932,
          volume: sol('5'),
          trades: 2,
        },
      });
    });
    frame();
    expect(factOf('Net asset value, SOL')).toBe('7.0918');
  });

  it('deposits with the least that may come of it', async () => {
    const vaultDeposit = vi.fn((_input: unknown) => ({ deposit: vaultDeposited(9) }));
    await show({ vaultDeposit });
    await signIn(ann, info.shares);
    fireEvent.change(screen.getByLabelText('Deposit'), { target: { value: '2' } });
    expect(screen.getByText('You get about').nextElementSibling?.textContent).toBe('2.91 shares');
    fireEvent.click(screen.getByRole('button', { name: 'Deposit 2.0000 SOL' }));
    await settle();
    const input = vaultDeposit.mock.calls[0]?.[0];
    expect(input).toMatchObject({ vaultId: '1', sol: sol('2'), minShares: 2_876_057_391_211n });
    expect(screen.getByLabelText<HTMLInputElement>('Deposit').value).toBe('');
    fireEvent.change(screen.getByLabelText('Deposit'), { target: { value: '6' } });
    expect(screen.getByText('You have 5.0000 SOL.')).toBeDefined();
  });

  it('shows exactly what a part of the own shares is paid, and withdraws that', async () => {
    const vaultWithdraw = vi.fn((_input: unknown) => new Promise(() => undefined));
    await show({ vaultWithdraw });
    await signIn(ann, info.shares / 2n);
    fireEvent.click(screen.getByRole('button', { name: 'Withdraw' }));
    fireEvent.click(screen.getByRole('button', { name: '50 %' }));
    expect(screen.getByText('SOL').nextElementSibling?.textContent).toBe('1.5000');
    expect(screen.getByText('ORCL', { selector: 'dt' }).nextElementSibling?.textContent).toBe('7.50M');
    fireEvent.click(screen.getByRole('button', { name: 'Withdraw 50 %' }));
    await settle();
    expect(vaultWithdraw.mock.calls[0]?.[0]).toMatchObject({ vaultId: '1', shares: 2_500_000_000_000n });
  });

  it('has nothing to withdraw for whoever has no shares, and asks others to sign in', async () => {
    await show();
    await signIn(ann, 0n);
    fireEvent.click(screen.getByRole('button', { name: 'Withdraw' }));
    expect(screen.getByText(/You have no shares of this vault/)).toBeDefined();
    market.session.is({ kind: 'signed_out', why: 'left' });
    expect(screen.getByRole('button', { name: 'Sign in to withdraw' })).toBeDefined();
  });

  it('lets its manager, and nobody else, trade with its money', async () => {
    await show();
    await signIn(manager, 0n);
    const panel = screen.getByRole('region', { name: 'Trade for the vault' });
    fireEvent.click(within(panel).getByRole('button', { name: /ORCL/ }));
    market.agent.at(-1).send({
      id: position(6),
      data: { type: 'snapshot', reason: 'start', agent, trades: [] },
    });
    frame();
    expect(screen.getByRole('region', { name: 'Trade ORCL' })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Another agent' }));
    expect(screen.getByRole('region', { name: 'Trade for the vault' })).toBeDefined();
  });

  it('says when there is no such vault', () => {
    render(<VaultPage vaultId={vaultId('9')} />, { wrapper: answering(market, {}) });
    market.vault.at(-1).fail({ message: 'This vault does not exist.', kind: 'refused' });
    frame();
    expect(screen.getByRole('alert').textContent).toContain('This vault does not exist.');
  });
});
