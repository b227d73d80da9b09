// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { fillBuyTokens, INITIAL_CURVE, tokensForSpend } from '../../shared/curve.ts';
import { walletAddress } from '../../shared/ids.ts';
import { lamports, sol } from '../../shared/units.ts';
import { CreatePage } from '../../web/create/create-page.tsx';
import { checks, EMPTY_DRAFT, firstBuyOf, inputOf } from '../../web/create/draft.ts';
import { forgetDraft, keepDraft, keptDraft } from '../../web/create/kept-draft.ts';
import { agentCreated, WALLETS } from '../support/entries.ts';
import { answering, refusal } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const draft = { ...EMPTY_DRAFT, name: ' Ada ', symbol: 'ADA', purpose: ' Thinks. ', imageUrl: ' ' };

describe('the draft of an agent', () => {
  beforeEach(() => sessionStorage.clear());

  it('is told what is wrong with it in the words of the server', () => {
    expect(checks.name('')).toBe('The name must be 1–32 visible characters.');
    expect(checks.symbol('a')).toBe('The symbol must be 2–10 of A–Z and 0–9.');
    expect(checks.purpose('a\tb')).toBe(
      'The purpose must be at most 500 characters, without control characters.',
    );
    expect(checks.imageUrl('http://a')).toBe('The image must be an https URL.');
    expect([checks.name(' Ada '), checks.symbol('ADA'), checks.purpose(''), checks.imageUrl(' ')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('buys in the same step exactly what was shown', () => {
    const tokens = tokensForSpend(INITIAL_CURVE, sol('2'));
    const bought = firstBuyOf('2', sol('5'));
    expect(bought).toEqual({ kind: 'bought', spend: sol('2'), fill: fillBuyTokens(INITIAL_CURVE, tokens) });
    expect(inputOf(draft, bought)).toEqual({
      name: 'Ada',
      symbol: 'ADA',
      purpose: 'Thinks.',
      firstBuy: { sol: sol('2'), minTokens: tokens },
    });
    const image = { ...draft, imageUrl: ' https://a.test/a.png ' };
    expect(inputOf(image, firstBuyOf('', null))).toEqual({
      name: 'Ada',
      symbol: 'ADA',
      purpose: 'Thinks.',
      imageUrl: 'https://a.test/a.png',
    });
  });

  it('buys nothing that it cannot', () => {
    expect(firstBuyOf(' ', null)).toEqual({ kind: 'none' });
    expect(firstBuyOf('0', null)).toMatchObject({ kind: 'refused' });
    expect(firstBuyOf('x', null)).toEqual({ kind: 'refused', why: 'Not a number.' });
    expect(firstBuyOf('2', sol('1.5'))).toEqual({ kind: 'refused', why: 'You have 1.5000 SOL.' });
    // More than the whole curve costs takes the curve, and its cost.
    expect(firstBuyOf('5000', sol('100'))).toMatchObject({
      kind: 'bought',
      fill: { after: { realTokens: 0n } },
    });
  });

  it('outlives the page, and is empty when it was never kept or is damaged', () => {
    expect(keptDraft(window)).toEqual(EMPTY_DRAFT);
    keepDraft(window, draft);
    expect(keptDraft(window)).toEqual(draft);
    forgetDraft(window);
    expect(keptDraft(window)).toEqual(EMPTY_DRAFT);
    for (const text of ['{', 'null', '7', '{"name":3,"symbol":"AB"}']) {
      const stored = keptDraft({ sessionStorage: { ...NO_STORAGE, getItem: () => text } });
      expect(stored).toEqual({ ...EMPTY_DRAFT, symbol: text.includes('AB') ? 'AB' : '' });
    }
  });

  it('lives as long as the page where the browser is told to keep nothing', () => {
    const tab = {
      get sessionStorage(): Storage {
        throw new Error('forbidden');
      },
    };
    keepDraft(tab, draft);
    expect(keptDraft(tab)).toEqual(EMPTY_DRAFT);
    forgetDraft(tab);
  });
});

const NO_STORAGE = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

describe('the page to create an agent', () => {
  withFakeTime();
  let market: FakeMarket;
  const createAgent = vi.fn<(input: unknown) => unknown>();
  beforeEach(() => {
    sessionStorage.clear();
    window.history.replaceState(null, '', '/create');
    market = new FakeMarket();
    createAgent.mockReset();
  });
  const settle = () => act(() => vi.advanceTimersByTimeAsync(20));
  const show = () => render(<CreatePage />, { wrapper: answering(market, { createAgent }) });
  /** The connection is up, and a wallet with 5 SOL is signed in. */
  async function signedIn(): Promise<void> {
    const wallet = walletAddress(WALLETS[0]);
    market.session.isOf(wallet);
    act(() => {
      market.connection.transport('open');
      market.connection.heard();
    });
    const account: Item<MessageOf<'account'>> = {
      id: position(1),
      data: {
        type: 'snapshot',
        reason: 'start',
        account: { wallet, sol: sol('5'), holdings: [], stakes: [], shares: [], fills: [] },
      },
    };
    market.account.at(-1).send(account);
    frame();
    await settle();
  }
  async function fill(label: string, value: string): Promise<void> {
    fireEvent.input(screen.getByLabelText(label), { target: { value } });
    fireEvent.blur(screen.getByLabelText(label));
    await settle();
  }
  const noteOf = (label: string): string | null | undefined => {
    const id = screen.getByLabelText(label).getAttribute('aria-describedby');
    return id === null ? null : document.getElementById(id)?.textContent;
  };
  async function submit(name: string): Promise<void> {
    fireEvent.click(screen.getByRole('button', { name }));
    await settle();
  }

  it('says beside each field what is wrong with it, and sends nothing', async () => {
    show();
    await signedIn();
    await fill('Symbol', 'a');
    await fill('Image address', 'ftp://a');
    await submit('Create A');
    expect(noteOf('Name')).toBe('The name must be 1–32 visible characters.');
    expect(noteOf('Symbol')).toBe('The symbol must be 2–10 of A–Z and 0–9.');
    expect(noteOf('Image address')).toBe('The image must be an https URL.');
    expect(screen.getByLabelText('Symbol').getAttribute('aria-invalid')).toBe('true');
    expect(createAgent).not.toHaveBeenCalled();
  });

  it('shows what the first buy gives and costs, creates, forgets the draft and goes there', async () => {
    createAgent.mockReturnValue({
      agent: agentCreated(3, { agentId: '12', symbol: 'ADA' }),
      firstBuy: null,
      graduation: null,
    });
    show();
    await signedIn();
    await fill('Name', 'Ada');
    await fill('Symbol', 'ada');
    await fill('Your first buy', '1');
    expect(screen.getByText('You pay').nextElementSibling?.textContent).toBe('1.0000 SOL');
    expect(screen.getByText('Of the supply').nextElementSibling?.textContent).toBe('3.41 %');
    await submit('Create ADA');
    expect(createAgent.mock.calls[0]?.[0]).toMatchObject({
      name: 'Ada',
      symbol: 'ADA',
      firstBuy: { sol: sol('1'), minTokens: tokensForSpend(INITIAL_CURVE, lamports(1_000_000_000n)) },
    });
    expect(window.location.pathname).toBe('/agent/12');
    cleanup();
    expect(keptDraft(window)).toEqual(EMPTY_DRAFT);
  });

  it('names at its field the agent that has the symbol already, until another is typed', async () => {
    createAgent.mockImplementation(() => {
      throw refusal('taken', { rejection: { reason: 'symbol_taken', symbol: 'ADA', agentId: '4' } });
    });
    show();
    await signedIn();
    await fill('Name', 'Ada');
    await fill('Symbol', 'ADA');
    await submit('Create ADA');
    expect(noteOf('Symbol')).toBe('ADA is the symbol of another agent. See ADA');
    expect(screen.getByRole('link', { name: 'See ADA' }).getAttribute('href')).toBe('/agent/4');
    expect(document.activeElement).toBe(screen.getByLabelText('Symbol'));
    expect(window.location.pathname).toBe('/create');
    await fill('Symbol', 'ADAM');
    expect(noteOf('Symbol')).toBe('2–10 of A–Z and 0–9. No two agents have the same.');
  });

  it('loses nothing with a reload', async () => {
    show();
    await fill('Name', 'Ada');
    cleanup();
    show();
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Ada');
  });

  it('asks who is not signed in to sign in, and says when there is no connection', async () => {
    show();
    expect(screen.getByRole('button', { name: 'Connecting' }).hasAttribute('disabled')).toBe(true);
    await signedIn();
    market.session.is({ kind: 'signed_out', why: 'left' });
    expect(screen.getByRole('button', { name: 'Sign in to create' })).toBeDefined();
    expect(createAgent).not.toHaveBeenCalled();
  });
});
