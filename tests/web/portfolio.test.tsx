// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  fillBuyTokens,
  INITIAL_CURVE,
  saleProceeds,
  tokensForSpend,
  tokensSold,
} from '../../shared/curve.ts';
import { formatSol } from '../../shared/format.ts';
import { agentId, vaultId, walletAddress } from '../../shared/ids.ts';
import type { AccountView } from '../../shared/platform-schemas.ts';
import { lamports, price, RATE_SCALE, rate, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import type { PriceChanged } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { PortfolioPage } from '../../web/portfolio/portfolio-page.tsx';
import { agentCreated, tradeExecuted, WALLETS } from '../support/entries.ts';
import { type Answers, answering } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const ME = walletAddress(WALLETS[0]);

const account = (given: Partial<AccountView> = {}): AccountView => ({
  wallet: ME,
  sol: sol('5'),
  holdings: [],
  stakes: [],
  shares: [],
  fills: [],
  ...given,
});
const holding = (id: string) => ({
  agentId: agentId(id),
  tokens: tokens('1000000'),
  staked: tokens('250000'),
  cost: sol('0.01'),
  realised: 0n,
});

/** The price of an agent that so much SOL was spent on. */
function priceAfter(spent: string, id: string): PriceChanged {
  const curve = curveAfter(spent);
  return {
    type: 'price_changed',
    seq: 9,
    at: 0,
    agentId: agentId(id),
    price: price(1n),
    marketCap: lamports(1n),
    tokensSold: tokensSold(curve),
    totalValueLocked: curve.realSol,
    progressBps: 0,
    volume: lamports(0n),
    trades: 1,
  };
}
const curveAfter = (spent: string) =>
  fillBuyTokens(INITIAL_CURVE, tokensForSpend(INITIAL_CURVE, sol(spent))).after;
const valueAfter = (spent: string): string => formatSol(saleProceeds(curveAfter(spent), tokens('1000000')));

/** Who each agent is. */
const AGENTS: Answers = {
  agent: (input) => {
    const id = typeof input === 'object' && input !== null && 'agentId' in input ? input.agentId : '';
    return createdAgent(agentCreated(1, { agentId: id, symbol: `SYM${id}` }));
  },
};

withFakeTime();
let market: FakeMarket;
beforeEach(() => {
  market = new FakeMarket();
  act(() => {
    market.connection.transport('open');
    market.connection.heard();
  });
});
afterEach(cleanup);

const show = (answers: Answers = AGENTS) =>
  render(<PortfolioPage />, { wrapper: answering(market, answers) });
const signedIn = (view: AccountView): void => {
  market.session.isOf(ME);
  market.account.at(-1).send({ id: position(1), data: { type: 'snapshot', reason: 'start', account: view } });
  frame();
};
const havePrices = (...prices: readonly PriceChanged[]): void => {
  market.prices
    .at(-1)
    .send({ id: position(9), data: { type: 'snapshot', reason: 'start', prices: [...prices] } });
  frame();
};
const settle = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(20)));
const row = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`.holdings tr[data-agent="${id}"]`);
  if (found === null) throw new Error(`no holding of agent ${id}`);
  return found;
};
const order = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>('.holdings tbody tr')].map(({ dataset }) => dataset['agent']);

describe('without a wallet', () => {
  it('offers to sign in, from where it is', async () => {
    show();
    const connect = vi.fn(() => Promise.reject(new Error('Not now.')));
    act(() => market.wallets.set([{ name: 'Burner', icon: 'data:,', connect }]));
    fireEvent.click(screen.getByRole('button', { name: 'Sign in to see it' }));
    await settle();
    expect(connect).toHaveBeenCalledOnce();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('says that the account is on its way, and why it cannot be shown, with another try', () => {
    show();
    market.session.isOf(ME);
    expect(screen.getByRole('status', { name: 'Loading your portfolio' })).toBeDefined();
    market.account.at(-1).fail({ message: 'The server is full.', kind: 'refused' });
    frame();
    expect(screen.getByRole('alert').textContent).toContain('The server is full.');
    const before = market.account.opened.length;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(market.account.opened.length).toBe(before + 1);
  });
});

describe('a wallet with nothing', () => {
  it('is offered the board, and SOL of the faucet when it has none', async () => {
    const faucet = vi.fn(() => ({
      receipt: {},
      repeated: false,
      credit: { seq: 41, sol: sol('10') },
    }));
    show({ faucet });
    signedIn(account({ sol: lamports(0n) }));
    expect(market.prices.opened).toHaveLength(0);
    expect(screen.getByRole('link', { name: 'See all agents' }).getAttribute('href')).toBe('/');
    fireEvent.click(screen.getByRole('button', { name: 'Get 10 SOL' }));
    await settle();
    expect(faucet).toHaveBeenCalledOnce();
    expect(screen.getByRole('region', { name: 'Notices' }).textContent).toContain('10 SOL received');
  });

  it('is not offered SOL when it has some', () => {
    show();
    signedIn(account());
    expect(screen.queryByRole('button', { name: 'Get 10 SOL' })).toBeNull();
  });
});

describe('a wallet with holdings', () => {
  const two = account({ holdings: [holding('1'), holding('2')] });

  it('shows what they would bring now, and goes along with the prices', async () => {
    show();
    signedIn(two);
    havePrices(priceAfter('3', '1'), priceAfter('40', '2'));
    await settle();
    expect(order()).toEqual(['2', '1']);
    expect(row('1').textContent).toContain('SYM1');
    expect(row('1').textContent).toContain(valueAfter('3'));
    market.prices.at(-1).send({ id: position(12), data: { ...priceAfter('70', '1'), seq: 12 } });
    frame();
    expect(row('1').textContent).toContain(valueAfter('70'));
    expect(order()).toEqual(['1', '2']);
  });

  it('keeps the rows in their places under the pointer, while their figures go on', () => {
    show();
    signedIn(two);
    havePrices(priceAfter('3', '1'), priceAfter('40', '2'));
    fireEvent.pointerEnter(screen.getByRole('table'), { pointerType: 'mouse' });
    market.prices.at(-1).send({ id: position(12), data: { ...priceAfter('70', '1'), seq: 12 } });
    frame();
    expect(order()).toEqual(['2', '1']);
    expect(row('1').textContent).toContain(valueAfter('70'));
    fireEvent.pointerLeave(screen.getByRole('table'));
    expect(order()).toEqual(['1', '2']);
  });

  it('does not blank the others when a new one comes', () => {
    show();
    signedIn(account({ holdings: [holding('1')] }));
    havePrices(priceAfter('3', '1'));
    const trade = tradeExecuted(14, { agentId: '2', trader: ME });
    market.account.at(-1).send({ id: position(14), data: trade });
    frame();
    expect(market.prices.opened).toHaveLength(2);
    expect(row('1').textContent).toContain(valueAfter('3'));
    expect(row('2').textContent).toContain('…');
    havePrices(priceAfter('3', '1'), priceAfter('40', '2'));
    expect(row('2').textContent).not.toContain('…');
  });

  it('says of a graduated one that its value is not known, and leaves it out of the sum', () => {
    show();
    signedIn(two);
    const graduated = {
      ...priceAfter('3', '1'),
      tokensSold: tokenUnits(INITIAL_CURVE.realTokens),
      totalValueLocked: sol('85.005359057'),
    };
    havePrices(graduated, priceAfter('40', '2'));
    expect(within(row('1')).getByText('Graduated')).toBeDefined();
    expect(screen.getByText(/Without one graduated agent/)).toBeDefined();
    expect(order()).toEqual(['2', '1']);
  });

  it('shows what was sold when asked', () => {
    show();
    signedIn(
      account({
        holdings: [{ ...holding('7'), tokens: tokenUnits(0n), staked: tokenUnits(0n), realised: 5n }],
      }),
    );
    expect(document.querySelector('.holdings')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Show 1 sold' }));
    expect(row('7').textContent).toContain('Sold');
  });
});

describe('stakes, vault shares and trades', () => {
  it('are listed with what they are worth', async () => {
    show({ ...AGENTS });
    signedIn(
      account({
        shares: [{ vaultId: vaultId('3'), shares: shares(2_000_000_000n) }],
        fills: [tradeExecuted(21, { agentId: '4', trader: ME, side: 'sell' })],
      }),
    );
    market.vaults.at(-1).send({
      id: position(2),
      data: {
        type: 'snapshot',
        reason: 'start',
        vaults: [
          {
            vaultId: vaultId('3'),
            address: walletAddress(WALLETS[1]),
            manager: walletAddress(WALLETS[2]),
            name: 'Night desk',
            performanceFeeBps: 0,
            createdAt: 0,
            sol: sol('6'),
            netAssetValue: sol('6'),
            shares: shares(4_000_000_000n),
            holders: 2,
            positions: 0,
            shareValue: rate((3n * RATE_SCALE) / 2n),
            highWaterMark: rate(0n),
          },
        ],
      },
    });
    frame();
    await settle();
    const vault = document.querySelector('tr[data-vault="3"]');
    expect(vault?.textContent).toContain('50.0 %');
    expect(vault?.textContent).toContain('3.0000');
    expect(screen.getByRole('link', { name: 'Night desk' }).getAttribute('href')).toBe('/vault/3');
    const fill = document.querySelector('tr[data-seq="21"]');
    expect(fill?.textContent).toContain('Sell');
    // What came in, fees taken off.
    expect(fill?.textContent).toContain('0.9875');
  });

  it('are paid out on a press, which says so', async () => {
    const claimRewards = vi.fn((_input: unknown) => ({
      receipt: {},
      repeated: false,
      claim: { seq: 33, sol: sol('0.002') },
    }));
    show({ ...AGENTS, claimRewards });
    signedIn(
      account({
        stakes: [
          {
            agentId: agentId('4'),
            staked: tokens('5'),
            owed: rate(2_000_000n * RATE_SCALE),
            rewardPerUnit: rate(0n),
            claimed: lamports(0n),
          },
        ],
      }),
    );
    await settle();
    fireEvent.click(screen.getByRole('button', { name: 'Claim from SYM4' }));
    await settle();
    expect(claimRewards).toHaveBeenCalledOnce();
    expect(claimRewards.mock.calls[0]?.[0]).toMatchObject({ agentId: '4' });
    expect(screen.getByRole('region', { name: 'Notices' }).textContent).toContain('Claimed 0.002000 SOL');
  });
});
