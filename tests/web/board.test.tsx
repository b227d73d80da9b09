// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppRouter, RouterInputs, RouterOutputs } from '../../server/api/router.ts';
import { lamports, price } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { trpc } from '../../web/api.ts';
import { NO_FILTER } from '../../web/board/address.ts';
import { AgentCard } from '../../web/board/agent-card.tsx';
import { Column } from '../../web/board/column.tsx';
import { Filters } from '../../web/board/filters.tsx';
import { KingStrip } from '../../web/board/king-strip.tsx';
import { stableKey } from '../../web/live/keys.ts';
import { agentCreated, agentGraduated, kingChanged, WALLETS } from '../support/entries.ts';
import { FakeMarket, frame, pass, position, withFakeTime } from './fixture.tsx';

withFakeTime();

const agent = (id: number, given: Partial<AgentView> = {}): AgentView => ({
  ...createdAgent(agentCreated(id, { agentId: `${id}`, symbol: `SYM${id}`, name: `Agent ${id}` })),
  ...given,
});

interface Answers {
  king: RouterOutputs['king'];
  agents: (input: RouterInputs['agents']) => readonly AgentView[];
}

/** A server that answers the board's questions from what the test says. */
function answering(answers: Answers) {
  const asked: string[] = [];
  const answerOf = (path: string, input: unknown): unknown => {
    switch (path) {
      case 'king':
        return answers.king;
      case 'agents':
        return { agents: answers.agents(agentsInput(input)) };
      case 'agent':
        return agent(idIn(input));
      default:
        return { sparklines: [], seq: 1 };
    }
  };
  const client = createTRPCClient<AppRouter>({
    links: [
      () =>
        ({ op }) =>
          observable((observer) => {
            asked.push(op.path);
            observer.next({ result: { data: answerOf(op.path, op.input) } });
            observer.complete();
          }),
    ],
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: stableKey } } });
  const market = new FakeMarket();
  const Provider = ({ children }: { readonly children: ReactNode }) => (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <market.StrictProvider>{children}</market.StrictProvider>
      </QueryClientProvider>
    </trpc.Provider>
  );
  return { market, queryClient, asked, Provider };
}

const fieldOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null && name in input
    ? Object.entries(input).find(([key]) => key === name)?.[1]
    : undefined;
const idIn = (input: unknown): number => Number(fieldOf(input, 'agentId'));
const agentsInput = (input: unknown): RouterInputs['agents'] => {
  const sort = (['new', 'trending', 'final_stretch', 'graduated'] as const).find(
    (one) => one === fieldOf(input, 'sort'),
  );
  return sort === undefined ? {} : { sort };
};

/** Lets answers and frames come. */
const settle = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(50)));
const live = (market: FakeMarket): void => {
  act(() => {
    market.connection.transport('open');
    market.connection.heard();
  });
  frame();
};

describe('the king', () => {
  const crowned = (id: number, seq: number, previous: number | null = null) => ({
    agent: agent(id),
    crowned: kingChanged(seq, {
      agentId: `${id}`,
      previousAgentId: previous === null ? null : `${previous}`,
    }),
  });
  const kings = (seq: number, ...list: ReturnType<typeof kingChanged>[]) => ({
    id: position(seq),
    data: { type: 'snapshot' as const, reason: 'start' as const, kings: list },
  });
  const overlay = () => document.querySelector('.dethroning');

  let answers: Answers;
  beforeEach(() => {
    answers = { king: { king: crowned(1, 5), seq: 5 }, agents: () => [] };
  });

  async function watch() {
    const site = answering(answers);
    render(<KingStrip />, { wrapper: site.Provider });
    await settle();
    live(site.market);
    const stream = site.market.kings.at(-1);
    stream.send(kings(5, crowned(1, 5).crowned));
    frame();
    /** The news comes, and the answer that names the new king. */
    const coup = async (id: number, seq: number, previous: number): Promise<void> => {
      const { king } = { king: crowned(id, seq, previous) };
      stream.send({ id: position(seq), data: king.crowned });
      answers.king = { king, seq };
      await act(() => site.queryClient.invalidateQueries());
      await settle();
    };
    return { ...site, coup };
  }

  it('is named, and not celebrated for having been king before', async () => {
    await watch();
    expect(screen.getByRole('link', { name: 'SYM1' }).getAttribute('href')).toBe('/agent/1');
    expect(overlay()).toBeNull();
  });

  it('is celebrated when it changes before one’s eyes, for less than two seconds', async () => {
    const { coup } = await watch();
    await coup(2, 9, 1);
    expect(overlay()?.textContent).toBe('SYM2 dethrones SYM1');
    pass(2_000);
    expect(overlay()).toBeNull();
    expect(screen.getByRole('link', { name: 'SYM2' })).toBeDefined();
  });

  it('lets one skip the celebration, by a press or by Escape', async () => {
    const { coup } = await watch();
    await coup(2, 9, 1);
    fireEvent.click(screen.getByRole('button', { name: 'Skip' }));
    expect(overlay()).toBeNull();
    await coup(3, 12, 2);
    expect(overlay()).not.toBeNull();
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(overlay()).toBeNull();
  });

  it('is not celebrated when the change was missed while the connection was lost', async () => {
    const { market, coup } = await watch();
    act(() => market.connection.transport('connecting'));
    frame();
    // The missed news comes in the same breath as the connection.
    act(() => {
      market.connection.transport('open');
      market.connection.heard();
    });
    await coup(2, 9, 1);
    expect(overlay()).toBeNull();
    await coup(3, 10, 2);
    expect(overlay()).toBeNull();
    pass(3_000);
    await coup(4, 20, 3);
    expect(overlay()).not.toBeNull();
  });

  it('has an empty hill that says what will be there', async () => {
    answers.king = { king: null, seq: 1 };
    const { Provider } = answering(answers);
    render(<KingStrip />, { wrapper: Provider });
    await settle();
    expect(screen.getByText('The hill is empty')).toBeDefined();
  });

  describe('where motion is unwelcome', () => {
    afterEach(() => vi.unstubAllGlobals());

    it('changes without a celebration', async () => {
      const real = window.matchMedia.bind(window);
      vi.stubGlobal('matchMedia', (query: string) =>
        query.includes('reduced-motion') ? { ...real(query), matches: true } : real(query),
      );
      const { coup } = await watch();
      await coup(2, 9, 1);
      expect(overlay()).toBeNull();
      expect(screen.getByRole('link', { name: 'SYM2' })).toBeDefined();
    });
  });
});

describe('a column', () => {
  const column = (onClear = () => undefined, filter = NO_FILTER) => (
    <Column sort="new" filter={filter} onClear={onClear} />
  );
  const shown = () =>
    [...document.querySelectorAll<HTMLElement>('.agent-card')].map(({ dataset }) => dataset['agent']);

  it('keeps its order under the pointer, counts who waits, and catches up when the pointer leaves', async () => {
    let listed = [agent(2), agent(1)];
    const { Provider, queryClient } = answering({ king: { king: null, seq: 1 }, agents: () => listed });
    render(column(), { wrapper: Provider });
    await settle();
    expect(shown()).toEqual(['2', '1']);

    const panel = screen.getByRole('region', { name: 'New' });
    fireEvent.pointerEnter(panel, { pointerType: 'mouse' });
    listed = [agent(3), agent(1, { seq: 50, marketCap: lamports(77_000_000_000n) }), agent(2)];
    await act(() => queryClient.invalidateQueries());
    await settle();
    expect(shown()).toEqual(['2', '1']);
    expect(document.querySelector('[data-agent="1"] .card-cap')?.textContent).toBe('77.0 SOL');
    expect(screen.getByRole('button', { name: '1 new' })).toBeDefined();

    fireEvent.pointerLeave(panel);
    expect(shown()).toEqual(['3', '1', '2']);
  });

  it('asks for the courses of a whole page at once', async () => {
    const { Provider, asked } = answering({
      king: { king: null, seq: 1 },
      agents: () => [agent(3), agent(2), agent(1)],
    });
    render(column(), { wrapper: Provider });
    await settle();
    expect(asked.filter((path) => path === 'sparklines')).toHaveLength(1);
  });

  it('says why it is empty, and clears the filters that made it so', async () => {
    const onClear = vi.fn(() => undefined);
    const { Provider } = answering({ king: { king: null, seq: 1 }, agents: () => [agent(1)] });
    render(column(onClear, { ...NO_FILTER, hideQuiet: true }), { wrapper: Provider });
    await settle();
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(onClear).toHaveBeenCalledOnce();
  });
});

describe('a card', () => {
  const card = (view: AgentView) => {
    const { market, Provider } = answering({ king: { king: null, seq: 1 }, agents: () => [] });
    render(<AgentCard agent={view} course={[price(100n), price(100n)]} />, { wrapper: Provider });
    return market;
  };

  it('is a link to the agent, with what it is worth and how the last hour went', () => {
    card(agent(7, { price: price(150n) }));
    expect(screen.getByRole('link', { name: 'SYM7' }).getAttribute('href')).toBe('/agent/7');
    expect(document.querySelector('.change')?.textContent).toBe('+50.0 %');
    expect(document.querySelector('.sparkline')?.getAttribute('data-trend')).toBe('up');
  });

  it('renders again for news of its own agent alone', () => {
    const { Provider } = answering({ king: { king: null, seq: 1 }, agents: () => [] });
    const course = [price(100n), price(100n)];
    let renders = 0;
    const watched = (view: AgentView): AgentView =>
      Object.defineProperty({ ...view }, 'name', {
        get: () => {
          renders += 1;
          return view.name;
        },
      });
    const first = watched(agent(7));
    const { rerender } = render(<AgentCard agent={first} course={course} />, { wrapper: Provider });
    const before = renders;
    rerender(<AgentCard agent={first} course={course} />);
    expect(renders).toBe(before);
    rerender(<AgentCard agent={watched(agent(7, { trades: 1 }))} course={course} />);
    expect(renders).toBeGreaterThan(before);
  });

  it('leads to the page of the agent while nobody is signed in', () => {
    card(agent(7));
    expect(screen.getByRole('link', { name: 'Buy SYM7 on its page' }).getAttribute('href')).toBe('/agent/7');
  });

  it('buys with one press for the amount that is set, and not while there is no connection', () => {
    const market = card(agent(7));
    act(() => market.settings.setState({ quickBuy: '0.25' }));
    market.session.isOf(WALLETS[0]);
    const waiting = screen.getByRole('button', { name: /^Not connected\s*, SYM7$/ });
    expect(waiting.hasAttribute('disabled')).toBe(true);
    live(market);
    fireEvent.click(screen.getByRole('button', { name: 'Buy 0.25 SOL of SYM7' }));
    expect(market.orders.trades.get()).toMatchObject([
      { agentId: '7', trader: WALLETS[0], fill: { side: 'buy' } },
    ]);
  });

  it('offers nothing to buy once the agent has graduated', () => {
    const { poolId, at } = agentGraduated(9);
    const market = card(agent(7, { phase: { kind: 'graduated', poolId, at } }));
    market.session.isOf(WALLETS[0]);
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByText('Graduated')).toBeDefined();
  });
});

describe('the filters', () => {
  it('change one thing at a time, and all at once back', () => {
    const onChange = vi.fn((_filter: unknown) => undefined);
    const filter = { ...NO_FILTER, order: 'volume' } as const;
    render(<Filters filter={filter} onChange={onChange} />);
    const group = within(screen.getByRole('group', { name: 'Sort and filter' }));
    fireEvent.change(group.getByLabelText('Market cap'), { target: { value: '50' } });
    expect(onChange).toHaveBeenLastCalledWith({ ...filter, minMarketCap: '50' });
    fireEvent.click(group.getByRole('button', { name: 'Hide quiet' }));
    expect(onChange).toHaveBeenLastCalledWith({ ...filter, hideQuiet: true });
    fireEvent.click(group.getByRole('button', { name: 'Clear' }));
    expect(onChange).toHaveBeenLastCalledWith(NO_FILTER);
  });
});
