// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../web/settings/settings.ts';
import { SettingsPage } from '../../web/settings/settings-page.tsx';
import { type Answers, answering, refusal } from './account-world.tsx';
import { FakeMarket, withFakeTime } from './fixture.tsx';

withFakeTime();
let market: FakeMarket;
beforeEach(() => {
  localStorage.clear();
  market = new FakeMarket();
});
afterEach(cleanup);

const show = (answers: Answers = {}) => render(<SettingsPage />, { wrapper: answering(market, answers) });
const settle = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(20)));
const field = (name: string): HTMLInputElement => {
  const input = screen.getByRole('textbox', { name });
  if (!(input instanceof HTMLInputElement)) throw new Error(`${name} is not an input`);
  return input;
};
const type = (name: string, text: string): void =>
  void fireEvent.change(field(name), { target: { value: text } });
const stored = () => market.settings.getState();

describe('what is typed', () => {
  it('is stored at once when it is fine, and shown as it is stored when one leaves it', () => {
    show();
    type('Slippage', '2,50');
    expect(stored().slippageBps).toBe(250);
    expect(field('Slippage').value).toBe('2,50');
    fireEvent.blur(field('Slippage'));
    expect(field('Slippage').value).toBe('2.5');
  });

  it('is told beside the field when it is not, and not stored', () => {
    show();
    type('Impact warning', '80');
    expect(stored()).toEqual(DEFAULT_SETTINGS);
    const input = field('Impact warning');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = (): (string | null | undefined)[] =>
      (input.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent);
    expect(described()).toContain('At most 50 %. It stays 5 %.');
    fireEvent.blur(input);
    expect(input.value).toBe('80');
    type('Impact warning', '8');
    expect(described()).toContain('');
    expect(stored().impactWarningBps).toBe(800);
  });

  it('changes one preset of four', () => {
    show();
    type('Preset 2', '0.75');
    type('Preset 3', 'nothing');
    expect(stored().buyPresets).toEqual(['0.1', '0.75', '1', '5']);
  });

  it('is gone with a reset, what was not stored too', () => {
    show();
    type('Quick buy', '0.3');
    type('Preset 1', '-1');
    fireEvent.click(screen.getByRole('button', { name: 'Light' }));
    fireEvent.click(screen.getByRole('switch'));
    expect(stored()).toMatchObject({ theme: 'light', sound: true, quickBuy: '0.3' });
    fireEvent.click(screen.getByRole('button', { name: 'Reset to defaults' }));
    expect(stored()).toEqual(DEFAULT_SETTINGS);
    expect([field('Quick buy').value, field('Preset 1').value]).toEqual(['0.1', '0.1']);
  });
});

describe('the sessions', () => {
  const ONE = {
    sessionId: 'one',
    createdAt: Date.UTC(2026, 0, 1),
    refreshedAt: Date.UTC(2026, 0, 2),
    expiresAt: Date.UTC(2026, 1, 1),
    device: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
    current: true,
  };
  const OTHER = {
    ...ONE,
    sessionId: 'two',
    refreshedAt: ONE.refreshedAt - 1,
    device: 'node',
    current: false,
  };

  it('are those of whoever is signed in', () => {
    const sessions = vi.fn(() => [ONE]);
    show({ 'auth.sessions': sessions });
    expect(screen.getByText('Nobody is signed in')).toBeDefined();
    expect(sessions).not.toHaveBeenCalled();
  });

  it('say which is this one, and end one by one', async () => {
    let live = [OTHER, ONE];
    const revoke = vi.fn((_input: unknown) => {
      live = [ONE];
      return { sessionId: 'two' };
    });
    show({ 'auth.sessions': () => live, 'auth.revokeSession': revoke });
    market.session.isOf('ann', 'one');
    await settle();
    const rows = [...document.querySelectorAll('[data-session]')].map(({ textContent }) => textContent);
    expect(rows[0]).toContain('Firefox on Linux');
    expect(rows[0]).toContain('This one');
    expect(rows[1]).not.toContain('This one');
    fireEvent.click(screen.getByRole('button', { name: 'Sign out node' }));
    await settle();
    expect(revoke).toHaveBeenCalledExactlyOnceWith({ sessionId: 'two' });
    expect(document.querySelectorAll('[data-session]')).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: 'Sign out here' }));
    expect(market.session.signOut).toHaveBeenCalledOnce();
  });

  it('can be asked for again when they did not come', async () => {
    let fails = true;
    show({
      'auth.sessions': () => {
        if (fails) throw refusal('Too busy.', {});
        return [ONE];
      },
    });
    market.session.isOf('ann', 'one');
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('Too busy.');
    fails = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settle();
    expect(screen.getByText('Firefox on Linux')).toBeDefined();
  });

  it('of one wallet are not shown to the next', async () => {
    const answers = { ann: [OTHER, ONE], bob: [ONE] };
    let who: keyof typeof answers = 'ann';
    show({ 'auth.sessions': () => answers[who] });
    market.session.isOf('ann', 'one');
    await settle();
    expect(document.querySelectorAll('[data-session]')).toHaveLength(2);
    who = 'bob';
    market.session.isOf('bob', 'three');
    expect(document.querySelectorAll('[data-session]')).toHaveLength(0);
    await settle();
    expect(document.querySelectorAll('[data-session]')).toHaveLength(1);
  });
});
