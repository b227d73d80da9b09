// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignInError, type SigningWallet } from '../../shared/client/index.ts';
import { SignIn } from '../../web/shell/sign-in.tsx';
import { useSignIn } from '../../web/shell/use-sign-in.ts';
import type { UsableWallet } from '../../web/wallet/wallets.ts';
import { FakeMarket } from './fixture.tsx';

const ADDRESS = 'GGBeRdNkF5yG1xUoSLpCAXTUrWPJUxPfLDwMBpMoD2Ee';
const account: SigningWallet = { address: ADDRESS, signIn: () => Promise.reject(new Error('not here')) };

let market: FakeMarket;
beforeEach(() => {
  market = new FakeMarket();
  render(<SignIn />, { wrapper: market.Provider });
});
afterEach(cleanup);

const wallet = (name: string, connect: UsableWallet['connect'] = async () => account): UsableWallet => ({
  name,
  icon: 'data:image/svg+xml;base64,',
  connect,
});
const have = (...wallets: readonly UsableWallet[]): void => act(() => market.wallets.set(wallets));
/** Presses a button or an item, and lets what that starts come to its end. */
const press = async (role: 'button' | 'menuitem', name: string | RegExp): Promise<void> => {
  await act(async () => {
    fireEvent.click(screen.getByRole(role, { name }));
  });
};
const note = (): string | null => {
  const status = screen.queryByRole('status');
  return status?.querySelector('p')?.textContent ?? null;
};

describe('somebody who is not signed in', () => {
  it('signs in with the only wallet at once', async () => {
    have(wallet('Burner'));
    await press('button', 'Sign in');
    expect(market.session.signIn).toHaveBeenCalledExactlyOnceWith(account);
  });

  it('chooses among several', async () => {
    const connect = vi.fn(async () => account);
    have(wallet('Burner'), wallet('Phantom', connect));
    await press('button', 'Sign in with');
    expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual([
      'Burner',
      'Phantom',
    ]);
    await press('menuitem', 'Phantom');
    expect(connect).toHaveBeenCalledOnce();
    expect(market.session.signIn).toHaveBeenCalledOnce();
    expect(screen.queryByRole('menu')).toBeNull();
  });

  describe('where there is no wallet yet', () => {
    const NONE = 'No Solana wallet that can sign in was found in this browser.';
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const pass = (ms: number): Promise<void> =>
      act(async () => {
        await vi.advanceTimersByTimeAsync(ms);
      });

    it('is told, after the time a wallet may need to register', async () => {
      await press('button', 'Sign in');
      await pass(1_999);
      expect(note()).toBeNull();
      await pass(1);
      expect(note()).toBe(NONE);
      await press('button', 'Close');
      expect(screen.queryByRole('status')).toBeNull();
    });

    it('signs in once with one that registers after the press, however often it was pressed', async () => {
      await press('button', 'Sign in');
      await press('button', 'Looking…');
      await pass(1_000);
      have(wallet('Burner'));
      await pass(0);
      expect(market.session.signIn).toHaveBeenCalledExactlyOnceWith(account);
      // Nothing is left that would speak up, or begin again, later.
      expect(vi.getTimerCount()).toBe(0);
      have(wallet('Burner'), wallet('Phantom'));
      await pass(0);
      expect([note(), market.session.signIn.mock.calls.length]).toEqual([null, 1]);
    });

    it('chooses, where several do', async () => {
      await press('button', 'Sign in');
      have(wallet('Burner'), wallet('Phantom'));
      await pass(0);
      expect(market.session.signIn).not.toHaveBeenCalled();
      await press('button', 'Sign in with');
      await press('menuitem', 'Phantom');
      expect(market.session.signIn).toHaveBeenCalledOnce();
    });

    it('asks for nothing if another tab has signed in meanwhile', async () => {
      await press('button', 'Sign in');
      market.session.isOf(ADDRESS);
      have(wallet('Burner'));
      await pass(5_000);
      expect(market.session.signIn).not.toHaveBeenCalled();
      market.session.is({ kind: 'signed_out', why: 'left' });
      expect(note()).toBeNull();
    });

    it('is no longer told so when one comes after all', async () => {
      await press('button', 'Sign in');
      await pass(2_000);
      expect(note()).toBe(NONE);
      have(wallet('Burner'));
      expect(screen.queryByRole('status')).toBeNull();
    });
  });

  it('is told why it did not work, in the words of the wallet or of the server', async () => {
    have(wallet('Burner', () => Promise.reject(new Error('User rejected the request.'))));
    await press('button', 'Sign in');
    expect(note()).toBe('User rejected the request.');
    have(wallet('Burner'));
    market.session.signIn.mockRejectedValueOnce(new SignInError('too_often', 2_000));
    await press('button', 'Sign in');
    expect(note()).toBe('There were too many sign-ins; try again later.');
    market.session.signIn.mockRejectedValueOnce(new SignInError('superseded'));
    await press('button', 'Sign in');
    expect(screen.queryByRole('status')).toBeNull();
  });

  it.each([
    ['never', null],
    ['left', null],
    ['expired', /come to its end/],
    ['revoked', /ended elsewhere/],
    ['invalid', /does not know/],
    ['lost', /connection was lost/],
  ] as const)('is told that the session is over, if that is news (%s)', (why, text) => {
    market.session.is({ kind: 'signed_out', why });
    if (text === null) expect(screen.queryByRole('status')).toBeNull();
    else expect(note()).toMatch(text);
  });

  it('is told once: not again while signing in, and anew when it happens again', async () => {
    have(wallet('Burner'));
    market.session.is({ kind: 'signed_out', why: 'lost' });
    await press('button', 'Sign in');
    expect(screen.queryByRole('status')).toBeNull();
    market.session.isOf(ADDRESS);
    market.session.is({ kind: 'signed_out', why: 'revoked' });
    expect(note()).toMatch(/ended elsewhere/);
    await press('button', 'Close');
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('can give up while the wallet asks', async () => {
    market.session.is({ kind: 'signing_in', wallet: ADDRESS });
    await press('button', 'Signing in…');
    await press('menuitem', 'Cancel');
    expect(market.session.signOut).toHaveBeenCalledOnce();
  });
});

describe('a sign-in that is begun elsewhere on the page', () => {
  function Elsewhere() {
    return (
      <button type="button" onClick={useSignIn()}>
        Sign in to trade
      </button>
    );
  }
  beforeEach(() => {
    cleanup();
    render(
      <>
        <SignIn />
        <Elsewhere />
      </>,
      { wrapper: market.Provider },
    );
  });
  const begin = (): Promise<void> => press('button', 'Sign in to trade');
  const dialog = (): HTMLElement | null => screen.queryByRole('dialog');

  it('takes the only wallet at once', async () => {
    have(wallet('Burner'));
    await begin();
    expect(market.session.signIn).toHaveBeenCalledExactlyOnceWith(account);
    expect(dialog()).toBeNull();
  });

  it('lets choose among several', async () => {
    const connect = vi.fn(async () => account);
    have(wallet('Burner'), wallet('Phantom', connect));
    await begin();
    expect(market.session.signIn).not.toHaveBeenCalled();
    await press('button', 'Phantom');
    expect(connect).toHaveBeenCalledOnce();
    expect(market.session.signIn).toHaveBeenCalledExactlyOnceWith(account);
    expect(dialog()).toBeNull();
  });

  it('says what went wrong in a dialog, not twice, and tries again', async () => {
    have(wallet('Burner', () => Promise.reject(new Error('User rejected the request.'))));
    await begin();
    expect(dialog()?.textContent).toContain('User rejected the request.');
    expect(screen.getAllByText('User rejected the request.')).toHaveLength(1);
    have(wallet('Burner'));
    await press('button', 'Try again');
    expect(market.session.signIn).toHaveBeenCalledOnce();
    expect(dialog()).toBeNull();
  });

  it('looks for a wallet, and says when there is none', async () => {
    vi.useFakeTimers();
    await begin();
    expect(dialog()?.textContent).toContain('Looking for a wallet');
    await act(async () => void (await vi.advanceTimersByTimeAsync(2_000)));
    expect(dialog()?.textContent).toContain('No Solana wallet');
    await press('button', 'Close');
    expect(dialog()).toBeNull();
    vi.useRealTimers();
  });

  it('is given up by closing the dialog: a wallet that comes later is not asked', async () => {
    await begin();
    await press('button', 'Close');
    have(wallet('Burner'));
    await act(async () => undefined);
    expect(market.session.signIn).not.toHaveBeenCalled();
    expect(dialog()).toBeNull();
  });

  it('is of no consequence for whoever is signed in', async () => {
    have(wallet('Burner'));
    market.session.isOf(ADDRESS);
    await begin();
    expect(market.session.signIn).not.toHaveBeenCalled();
  });
});

it('can give up while the wallet is asked for an account, whose answer then comes too late', async () => {
  let answer = (_account: SigningWallet): void => undefined;
  have(
    wallet(
      'Phantom',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    ),
  );
  await press('button', 'Sign in');
  await press('button', 'Signing in…');
  await press('menuitem', 'Cancel');
  await act(async () => answer(account));
  expect(market.session.signIn).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'Sign in' })).toBeDefined();
});

describe('somebody who is signed in', () => {
  beforeEach(() => market.session.isOf(ADDRESS));

  it('sees the address, and can copy it and sign out', async () => {
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    expect(screen.getByRole('button').textContent).toBe('Wallet GGBe…D2Ee');
    await press('button', /^Wallet/);
    await press('menuitem', 'Copy address');
    expect(copied).toHaveBeenCalledExactlyOnceWith(ADDRESS);
    await press('button', /^Wallet/);
    await press('menuitem', 'Sign out');
    expect(market.session.signOut).toHaveBeenCalledOnce();
  });

  it('moves in the menu by keys, and leaves it as it was found', async () => {
    const button = screen.getByRole('button');
    const key = (name: string): void =>
      void fireEvent.keyDown(document.activeElement ?? button, { key: name });
    const focused = (): string | null | undefined => document.activeElement?.textContent;
    await press('button', /^Wallet/);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe('Copy address');
    key('ArrowDown');
    expect(focused()).toBe('Portfolio');
    key('ArrowUp');
    expect(focused()).toBe('Copy address');
    key('ArrowUp');
    expect(focused()).toBe('Sign out');
    key('ArrowDown');
    expect(focused()).toBe('Copy address');
    key('End');
    expect(focused()).toBe('Sign out');
    key('Home');
    expect(focused()).toBe('Copy address');
    key('End');
    expect(focused()).toBe('Sign out');
    key('Escape');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });

  it('closes the menu by pressing elsewhere, and not by pressing in it', async () => {
    await press('button', /^Wallet/);
    fireEvent.pointerDown(screen.getByRole('menu'));
    expect(screen.queryByRole('menu')).not.toBeNull();
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('keeps the focus elsewhere when it was moved there', () => {
    const other = document.body.appendChild(document.createElement('button'));
    screen.getByRole('button', { name: /^Wallet/ }).focus();
    other.focus();
    market.session.is({ kind: 'signed_out', why: 'left' });
    expect(document.activeElement).toBe(other);
    other.remove();
  });

  it('has the focus where it was when that changes', () => {
    screen.getByRole('button').focus();
    market.session.is({ kind: 'signed_out', why: 'left' });
    expect(document.activeElement?.textContent).toBe('Sign in');
  });
});
