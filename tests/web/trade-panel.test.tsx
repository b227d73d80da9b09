// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { type Curve, fillBuyTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import { poolId } from '../../shared/ids.ts';
import { accountViewSchema, vaultDetailSchema } from '../../shared/platform-schemas.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { tokens, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { type Services, ServicesProvider } from '../../web/services.ts';
import { useVaultDesk } from '../../web/trade/desk.ts';
import { TradeBar } from '../../web/trade/trade-bar.tsx';
import { TradePanel } from '../../web/trade/trade-panel.tsx';
import type { Tradable } from '../../web/trade/trader.ts';
import { useTrader } from '../../web/trade/use-trader.ts';
import { agentCreated, tradeExecuted, WALLETS } from '../support/entries.ts';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const [, ME] = WALLETS;
const VAULT = 'Vote111111111111111111111111111111111111111';
const CURVE: Curve = fillBuyTokens(INITIAL_CURVE, tokens('100000000')).after;
const AGENT: AgentView = { ...createdAgent(agentCreated(1)), seq: 9, curve: CURVE };

interface Call {
  readonly path: string;
  readonly input: unknown;
  readonly answer: (data: unknown) => Promise<void>;
  readonly refuse: (rejection: Rejection) => Promise<void>;
}

describe('the trade panel', () => {
  withFakeTime();
  let market: FakeMarket;
  let services: Services;
  let calls: Call[];
  beforeEach(() => {
    localStorage.clear();
    market = new FakeMarket();
    calls = [];
    const client = createTRPCClient<AppRouter>({
      links: [
        () =>
          ({ op: { path, input } }) =>
            observable((observer) => {
              const settle = (step: () => void) => act(async () => step());
              calls.push({
                path,
                input,
                answer: (data) =>
                  settle(() => {
                    observer.next({ result: { type: 'data', data } });
                    observer.complete();
                  }),
                refuse: (rejection) =>
                  settle(() => {
                    const data = { code: 'PRECONDITION_FAILED', httpStatus: 412, rejection } as const;
                    const error = { code: -32603, message: 'no', data } as const;
                    observer.error(new TRPCClientError('no', { result: { error } }));
                  }),
              });
            }),
      ],
    });
    services = { ...market.services, client };
  });

  const goLive = (): void => {
    act(() => {
      market.connection.transport('open');
      market.connection.heard();
    });
    frame();
  };
  const signIn = (given: object = {}): void => {
    market.session.isOf(ME);
    const account = accountViewSchema.parse({
      wallet: ME,
      sol: 5_000_000_000n,
      holdings: [{ agentId: '1', tokens: 8_000_000n, staked: 2_000_000n, cost: 1n, realised: 0n }],
      ...{ stakes: [], shares: [], fills: [] },
      ...given,
    });
    market.account.at(-1).send({ id: position(9), data: { type: 'snapshot', reason: 'start', account } });
    frame();
  };
  const show = (element: React.ReactNode) => {
    const wrapped = () => <ServicesProvider value={services}>{element}</ServicesProvider>;
    const shown = render(wrapped());
    goLive();
    return shown;
  };
  const amount = () => screen.getByRole<HTMLInputElement>('textbox', { name: /spend|to buy|to sell/ });
  const type = (text: string) => fireEvent.change(amount(), { target: { value: text } });
  const submit = () => screen.getByRole('form').querySelector('.trade-submit');
  const press = () => fireEvent.submit(screen.getByRole('form'));
  const line = (name: string | RegExp) => screen.getByText(name).nextElementSibling?.textContent;
  const trades = () => calls.filter(({ path }) => path !== 'quote');
  const bought = tradeExecuted(12, { trader: ME });

  it('quotes for anybody, and lets who is not signed in sign in', () => {
    show(<TradePanel agent={AGENT} />);
    expect(submit()?.textContent).toBe('Sign in to trade');
    type('0.5');
    expect(line('You pay')).toBe('0.5000 SOL');
    expect(line('You get')).toMatch(/M ORCL$/);
    expect(submit()?.textContent).toBe('Sign in to trade');
    press();
    expect(trades()).toEqual([]);
  });

  it('places what it has quoted, answers at once, and clears the form when it is done', async () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    type('0,5');
    expect(submit()?.getAttribute('aria-disabled')).toBe('false');
    amount().focus();
    press();
    expect(market.toasts.get()).toMatchObject([{ tone: 'pending', title: 'Buying ORCL for 0.5000 SOL' }]);
    expect(market.orders.trades.get()).toMatchObject([{ trader: ME, seq: 9, mostSol: 500_000_000n }]);
    const [order] = trades();
    const { fill } = market.orders.trades.get()[0] ?? {};
    expect(order).toMatchObject({
      path: 'buy',
      input: {
        agentId: '1',
        exact: 'sol',
        sol: 500_000_000n,
        minTokens: ((fill?.tokens ?? 0n) * 99n) / 100n,
      },
    });
    // The same press again is no second order; and what it may spend is not there any more.
    expect(submit()?.textContent).toBe('Buying ORCL');
    press();
    expect(trades()).toHaveLength(1);
    expect(screen.getByText('4.5000 SOL')).toBeTruthy();
    await order?.answer({ receipt: {}, repeated: false, trade: bought, graduation: null });
    expect(market.toasts.get()).toMatchObject([{ tone: 'good', link: { href: '/agent/1' } }]);
    expect(amount().value).toBe('');
    expect(document.activeElement).toBe(amount());
  });

  it('keeps the form when it is refused, with the reason', async () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    type('0.5');
    press();
    const { tokens: expected } = market.orders.trades.get()[0]?.fill ?? { tokens: tokenUnits(0n) };
    const rejection: Rejection = {
      reason: 'too_few_tokens',
      minimum: expected,
      actual: tokenUnits((expected * 982n) / 1_000n),
    };
    await trades()[0]?.refuse(rejection);
    expect(market.toasts.get()).toMatchObject([
      {
        tone: 'bad',
        detail: expect.stringMatching(/^Price moved 1.8\d? %, your limit was 1 %. Nothing was bought.$/),
      },
    ]);
    expect(market.orders.trades.get()).toEqual([]);
    expect(amount().value).toBe('0.5');
    expect(submit()?.getAttribute('aria-disabled')).toBe('false');
  });

  it('does not take away what was typed while an order was on its way', async () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    type('0.5');
    press();
    type('0.7');
    await trades()[0]?.answer({ receipt: {}, repeated: false, trade: bought, graduation: null });
    expect(amount().value).toBe('0.7');
  });

  it('sells a part of what is free, and never what is staked', () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    fireEvent.click(screen.getByRole('button', { name: 'Sell' }));
    fireEvent.click(screen.getByRole('button', { name: '50 %' }));
    expect(amount().value).toBe('3');
    type('7');
    expect(screen.getByText('6.00 free, 2.00 staked. Unstake first.')).toBeTruthy();
    press();
    expect(trades()).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: '100 %' }));
    press();
    expect(trades()).toMatchObject([{ path: 'sell', input: { tokens: 6_000_000n } }]);
  });

  it('buys tokens for all there is', () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    fireEvent.click(screen.getByRole('button', { name: 'Max' }));
    expect(amount().value).toBe('5');
    fireEvent.click(screen.getByRole('button', { name: 'By tokens' }));
    fireEvent.click(screen.getByRole('button', { name: 'Max' }));
    expect(line('At most')).toMatch(/SOL$/);
    press();
    expect(trades()).toMatchObject([{ path: 'buy', input: { exact: 'tokens' } }]);
  });

  it('says what is wrong with an amount, and does not place it', () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    type('1,234');
    expect(amount().getAttribute('aria-invalid')).toBe('true');
    press();
    type('5.5');
    expect(screen.getByText(/^Costs 5.5000 SOL, 5.0000 SOL available.$/)).toBeTruthy();
    press();
    expect(trades()).toEqual([]);
  });

  it('asks to agree to a very large impact, anew for another amount', () => {
    act(() => market.settings.setState({ impactWarningBps: 10 }));
    show(<TradePanel agent={AGENT} />);
    signIn();
    type('1');
    press();
    expect(trades()).toEqual([]);
    fireEvent.click(screen.getByRole('checkbox'));
    type('1.1');
    press();
    expect(trades()).toEqual([]);
    fireEvent.click(screen.getByRole('checkbox'));
    press();
    expect(trades()).toHaveLength(1);
  });

  it('shows the figures of the server when they are others', async () => {
    show(<TradePanel agent={AGENT} />);
    type('0.5');
    const own = line('You get');
    act(() => void vi.advanceTimersByTime(300));
    const [asked] = calls;
    expect(asked).toMatchObject({
      path: 'quote',
      input: { agentId: '1', kind: 'buy_sol', sol: 500_000_000n },
    });
    await asked?.answer({ fill: fillBuyTokens(CURVE, tokens('1000000')), seq: 9 });
    expect(line('You get')).toBe('1.00M ORCL');
    expect(line('You get')).not.toBe(own);
    expect(screen.getByText(/server quotes otherwise/)).toBeTruthy();
  });

  it('is turned by its keys, which also lead to the amount', () => {
    show(<TradePanel agent={AGENT} />);
    fireEvent.keyDown(document.body, { key: 's', code: 'KeyS' });
    fireEvent.keyUp(document.body, { key: 's', code: 'KeyS' });
    expect(screen.getByRole('form').getAttribute('data-side')).toBe('sell');
    expect(document.activeElement).toBe(amount());
    // While somebody types, they are letters.
    fireEvent.keyDown(amount(), { key: 'b', code: 'KeyB' });
    expect(screen.getByRole('form').getAttribute('data-side')).toBe('sell');
  });

  it('keeps the slippage in the settings, and an order within it', () => {
    show(<TradePanel agent={AGENT} />);
    signIn();
    fireEvent.click(screen.getByRole('button', { name: '2.5 %' }));
    expect(market.settings.getState().slippageBps).toBe(250);
    const other = screen.getByRole('textbox', { name: /slippage/ });
    for (const text of ['0', '51', 'x', '3,5']) fireEvent.change(other, { target: { value: text } });
    expect(market.settings.getState().slippageBps).toBe(350);
    type('0.5');
    press();
    const tokensExpected = market.orders.trades.get()[0]?.fill.tokens ?? 0n;
    expect(trades()).toMatchObject([{ input: { minTokens: (tokensExpected * 9_650n) / 10_000n } }]);
  });

  it('says where a graduated agent trades', () => {
    const pool = poolId('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL');
    show(<TradePanel agent={{ ...AGENT, phase: { kind: 'graduated', poolId: pool, at: 1 } }} />);
    expect(screen.getByText('ORCL has graduated')).toBeTruthy();
    expect(screen.queryByRole('form')).toBeNull();
  });

  it('trades for a vault, with what the vault has and under its address', () => {
    const vault = vaultDetailSchema.parse({
      ...{ vaultId: '1', address: VAULT, manager: ME, name: 'Desk', performanceFeeBps: 0, createdAt: 1 },
      ...{ sol: 2_000_000_000n, shares: 1n, highWaterMark: 1n, positions: [] },
    });
    function VaultPanel() {
      return <TradePanel agent={AGENT} desk={useVaultDesk(vault)} />;
    }
    show(<VaultPanel />);
    market.session.isOf(ME);
    expect(screen.getByText('2.0000 SOL')).toBeTruthy();
    type('0.5');
    press();
    expect(trades()).toMatchObject([{ path: 'vaultBuy', input: { vaultId: '1', sol: 500_000_000n } }]);
    expect(market.orders.trades.get()).toMatchObject([{ trader: VAULT }]);
  });

  it('comes up from the bar on the side that was pressed, and goes with the order', () => {
    show(<TradeBar agent={AGENT} />);
    signIn();
    expect(screen.getByText('8.00 ORCL')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Sell' }));
    const sheet = within(screen.getByRole('dialog'));
    expect(sheet.getByRole('form').getAttribute('data-side')).toBe('sell');
    type('1');
    press();
    expect(trades()).toMatchObject([{ path: 'sell' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  describe('the trader', () => {
    function QuickBuy({ agent }: { readonly agent: Tradable }) {
      const trader = useTrader();
      return (
        <button type="button" onClick={() => void trader?.buyForSol(agent, CURVE.realSol)}>
          {trader === null ? 'nobody' : trader.address}
        </button>
      );
    }
    it('is nobody until somebody is signed in, and buys at one press', () => {
      show(<QuickBuy agent={AGENT} />);
      expect(screen.getByRole('button').textContent).toBe('nobody');
      market.session.isOf(ME);
      expect(screen.getByRole('button').textContent).toBe(ME);
      fireEvent.click(screen.getByRole('button'));
      expect(trades()).toMatchObject([{ path: 'buy', input: { exact: 'sol', sol: CURVE.realSol } }]);
    });

    it('says so when there is nothing to buy', () => {
      const pool = poolId('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL');
      show(<QuickBuy agent={{ ...AGENT, phase: { kind: 'graduated', poolId: pool, at: 1 } }} />);
      market.session.isOf(ME);
      fireEvent.click(screen.getByRole('button'));
      expect(trades()).toEqual([]);
      expect(market.toasts.get()).toMatchObject([{ tone: 'bad', title: 'ORCL not bought' }]);
    });
  });
});
