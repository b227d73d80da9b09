// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { walletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { SignIn } from '../../web/shell/sign-in.tsx';
import { WALLETS } from '../support/entries.ts';
import { type Answers, answering, refusal } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const ME = walletAddress(WALLETS[0]);

withFakeTime();
let market: FakeMarket;
beforeEach(() => {
  market = new FakeMarket();
  history.replaceState(null, '', '/');
});
afterEach(cleanup);

const show = (answers: Answers = {}): void => {
  render(<SignIn />, { wrapper: answering(market, answers) });
  market.session.isOf(ME);
};
const settle = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(20)));
const choose = async (item: string): Promise<void> => {
  fireEvent.click(screen.getByRole('button', { name: /^Wallet / }));
  fireEvent.click(screen.getByRole('menuitem', { name: item }));
  await settle();
};
const notices = (): string | null => screen.getByRole('region', { name: 'Notices' }).textContent;

it('shows the SOL of the account as soon as it is known, and leads to the portfolio', () => {
  show();
  expect(screen.queryByText('Balance:')).toBeNull();
  market.account.at(-1).send({
    id: position(1),
    data: {
      type: 'snapshot',
      reason: 'start',
      account: { wallet: ME, sol: sol('12.5'), holdings: [], stakes: [], shares: [], fills: [] },
    },
  });
  frame();
  const balance = screen.getByRole('link', { name: /Balance/ });
  expect(balance.textContent).toContain('12.50');
  expect(balance.getAttribute('href')).toBe('/portfolio');
});

it.each([
  ['Portfolio', '/portfolio'],
  ['Settings', '/settings'],
])('goes to %s', async (item, path) => {
  show();
  await choose(item);
  expect(location.pathname).toBe(path);
  expect(screen.queryByRole('menu')).toBeNull();
});

it('says when an address could not be copied', async () => {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('denied'));
  show();
  await choose('Copy address');
  expect(notices()).toContain('could not be copied');
});

describe('the faucet', () => {
  it('gives SOL, and says so', async () => {
    const faucet = vi.fn((_input: unknown) => ({ credit: { seq: 77, sol: sol('10') } }));
    show({ faucet });
    await choose('Get 10 SOL');
    expect(faucet.mock.calls[0]?.[0]).toHaveProperty('clientOrderId');
    expect(notices()).toContain('10 SOL received');
    expect(notices()).toContain('entry 77');
  });

  it('says when it gives again', async () => {
    vi.setSystemTime(Date.UTC(2026, 0, 5, 19, 30));
    const nextAt = Date.UTC(2026, 0, 6);
    show({
      faucet: () => {
        throw refusal('empty', { code: 'TOO_MANY_REQUESTS', rejection: { reason: 'faucet_empty', nextAt } });
      },
    });
    await choose('Get 10 SOL');
    expect(notices()).toContain('The faucet gives again in 4h, at 00:00 UTC.');
  });

  it('says plainly when the server gives none', async () => {
    show({
      faucet: () => {
        throw refusal('This server gives no paper SOL.', { code: 'FORBIDDEN', httpStatus: 403 });
      },
    });
    await choose('Get 10 SOL');
    expect(notices()).toContain('This server gives no paper SOL.');
  });
});

describe('signing out everywhere', () => {
  const confirm = (name: string): Promise<void> => {
    fireEvent.click(screen.getByRole('button', { name }));
    return settle();
  };

  it('asks first, and can be called off', async () => {
    show();
    await choose('Sign out everywhere');
    expect(market.session.signOut).not.toHaveBeenCalled();
    await confirm('Cancel');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(market.session.signOut).not.toHaveBeenCalled();
  });

  it('ends every session', async () => {
    show();
    await choose('Sign out everywhere');
    await confirm('Sign out everywhere');
    expect(market.session.signOut).toHaveBeenCalledExactlyOnceWith({ everywhere: true });
    expect(notices()).toContain('Signed out everywhere');
  });

  it('says when the others could not be ended', async () => {
    market.session.signOut.mockResolvedValueOnce(false);
    show();
    await choose('Sign out everywhere');
    await confirm('Sign out everywhere');
    expect(notices()).toContain('on this device only');
  });
});
