// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { createTRPCClient, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { type ReactNode, useRef } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { agentId } from '../../shared/ids.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { priceOf } from '../../shared/views/prices.ts';
import { trpc } from '../../web/api.ts';
import { stableKey } from '../../web/live/keys.ts';
import { skippedPrices } from '../../web/live/live-client.ts';
import { Announcer, EVERY_MS } from '../../web/shell/announcer.ts';
import { Arrival } from '../../web/shell/arrival.tsx';
import { PageBoundary } from '../../web/shell/page-boundary.tsx';
import { LoadError, patiently } from '../../web/shell/patiently.ts';
import { SearchPalette } from '../../web/shell/search/search-palette.tsx';
import { useShortcuts } from '../../web/shell/use-shortcuts.ts';
import { followCues } from '../../web/sound/cues.ts';
import { Sound, type Tone } from '../../web/sound/sound.ts';
import { Link } from '../../web/ui/link.tsx';
import { nextByKey } from '../../web/ui/list-keys.ts';
import { agentCreated, agentGraduated } from '../support/entries.ts';
import { FakeMarket, pass, position, withFakeTime } from './fixture.tsx';

withFakeTime();

describe('what is said', () => {
  it('is one sentence at a time: the more urgent next, and of equals the newest', () => {
    const announcer = new Announcer();
    const said = () => announcer.said.get();
    announcer.say('first', 'news');
    announcer.say('price', 'news');
    announcer.say('lost', 'connection');
    announcer.say('king', 'event');
    announcer.say('back', 'connection');
    announcer.say('price again', 'news');
    expect(said()).toBe('first');
    pass(EVERY_MS);
    expect(said()).toBe('back');
    pass(EVERY_MS);
    expect(said()).toBe('');
    announcer.say('after', 'news');
    expect(said()).toBe('after');
  });
});

describe('what is heard', () => {
  function listening(sound: boolean) {
    const market = new FakeMarket();
    market.settings.setState({ sound });
    const played: Tone[] = [];
    followCues(
      { play: (tone) => played.push(tone) },
      {
        toasts: market.toasts,
        settings: market.settings,
        graduations: market.services.live.graduations,
        serverNow: Date.now,
      },
    );
    return { market, played };
  }

  it('is what goes wrong, once each, and a graduation that happens now', () => {
    const { market, played } = listening(true);
    const say = market.toasts.show({ tone: 'pending', title: 'Buying' });
    expect(played).toEqual([]);
    say({ tone: 'bad', title: 'Refused' });
    market.toasts.show({ tone: 'info', title: 'Something else' });
    expect(played).toEqual(['refusal']);
    const at = Date.now();
    market.graduations
      .at(0)
      .send(
        { id: position(1), data: agentGraduated(1, { at: at - 60_000 }) },
        { id: position(2), data: agentGraduated(2, { at }) },
      );
    expect(played).toEqual(['refusal', 'graduation']);
  });

  it('is no graduation while sound is off, and the channel is not even open', () => {
    const { market } = listening(false);
    expect(market.graduations.opened).toHaveLength(0);
    market.settings.setState({ sound: true });
    expect(market.graduations.opened).toHaveLength(1);
    market.settings.setState({ sound: false });
    pass(10_000);
    expect(market.graduations.at(0).closed).toBe(true);
  });

  it('is nothing, and costs nothing, until it may be', () => {
    const newContext = vi.fn((): AudioContext => {
      throw new Error('made');
    });
    let may = false;
    const sound = new Sound({ mayPlay: () => may, newContext, now: Date.now });
    sound.play('fill');
    expect(newContext).not.toHaveBeenCalled();
    may = true;
    expect(() => sound.play('fill')).toThrow('made');
  });
});

describe('a page', () => {
  const Broken = ({ error }: { readonly error: Error | null }) => {
    if (error !== null) throw error;
    return <main>fine</main>;
  };
  const shown = (address: string, error: Error | null, outdated: ReactNode = null) => (
    <PageBoundary address={address} outdated={outdated}>
      <Broken error={error} />
    </PageBoundary>
  );

  it('that fails makes room for the next one', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { rerender } = render(shown('a', new Error('broken')));
    expect(screen.getByRole('alert').textContent).toContain('This page cannot be shown');
    rerender(shown('b', null));
    expect(screen.getByText('fine')).toBeDefined();
  });

  it('that could not be loaded because it is gone waits behind the prompt', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    render(shown('a', new LoadError('gone'), <p>waiting</p>));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('waiting')).toBeDefined();
  });

  it('is asked for a few times over', async () => {
    const load = vi.fn(() => Promise.reject(new Error('no network')));
    const loaded = patiently(load).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(600);
    expect(load).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await loaded).toBeInstanceOf(LoadError);
    let tries = 0;
    const later = patiently(() => {
      tries += 1;
      return tries === 2 ? Promise.resolve('page') : Promise.reject(new Error('no network'));
    });
    await vi.advanceTimersByTimeAsync(600);
    expect(await later).toBe('page');
  });

  it('that is arrived at gets the focus at its heading, once it has one; the first one does not', async () => {
    const App = ({ address, heading }: { readonly address: string; readonly heading: string | null }) => (
      <>
        <button type="button">elsewhere</button>
        <main>{heading !== null && <h1>{heading}</h1>}</main>
        <Arrival address={address} last={useRef<string | null>(null)} />
      </>
    );
    const { rerender } = render(<App address="a" heading="One" />);
    expect(document.activeElement).toBe(document.body);
    screen.getByRole('button').focus();
    rerender(<App address="a" heading="One, renamed" />);
    expect(document.activeElement?.tagName).toBe('BUTTON');
    rerender(<App address="b" heading={null} />);
    expect(document.activeElement?.tagName).toBe('BUTTON');
    rerender(<App address="b" heading="Two" />);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(document.activeElement?.textContent).toBe('Two');
    // A page that draws itself anew when its data are there takes its heading away, and the focus with it.
    rerender(<App address="b" heading={null} />);
    rerender(<App address="b" heading="Two, loaded" />);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(document.activeElement?.textContent).toBe('Two, loaded');
    screen.getByRole('button').focus();
    rerender(<App address="b" heading={null} />);
    rerender(<App address="b" heading="Two, again" />);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(document.activeElement?.tagName).toBe('BUTTON');
  });
});

describe('a link', () => {
  it('has its page loaded when it is pointed at or focused, and leaves other clicks than plain ones alone', () => {
    const market = new FakeMarket();
    render(
      <market.Provider>
        <Link href="/agent/7">An agent</Link>
      </market.Provider>,
    );
    const link = screen.getByRole('link');
    const route = { kind: 'agent', agentId: agentId('7') };
    fireEvent.pointerEnter(link);
    expect(market.preload.mock.calls).toEqual([[route]]);
    fireEvent.focus(link);
    expect(market.preload).toHaveBeenCalledTimes(2);
    const before = market.services.router.get();
    fireEvent.click(link, { ctrlKey: true });
    expect(market.services.router.get()).toBe(before);
    fireEvent.click(link);
    expect(market.services.router.get()).toEqual(route);
  });
});

describe('the keys', () => {
  function pressing() {
    const search = vi.fn();
    const help = vi.fn();
    const Keys = () => {
      useShortcuts({ search, help });
      return <input aria-label="something to write in" />;
    };
    render(<Keys />);
    return { search, help };
  }

  it('open search and help, but not for who is writing', () => {
    const { search, help } = pressing();
    fireEvent.keyDown(document.body, { key: '/', code: 'Slash' });
    expect(search).toHaveBeenCalledTimes(1);
    fireEvent.keyDown(document.body, { key: '?', code: 'Slash', shiftKey: true });
    expect(help).toHaveBeenCalledTimes(1);
    const field = screen.getByRole('textbox');
    fireEvent.keyDown(field, { key: '/', code: 'Slash' });
    fireEvent.keyDown(field, { key: '?', code: 'Slash', shiftKey: true });
    fireEvent.keyDown(document.body, { key: '/', code: 'Slash', ctrlKey: true });
    expect([search.mock.calls.length, help.mock.calls.length]).toEqual([1, 1]);
    fireEvent.keyDown(field, { key: 'k', code: 'KeyK', ctrlKey: true });
    expect(search).toHaveBeenCalledTimes(2);
  });

  it('do nothing while a dialog is open', () => {
    const { search } = pressing();
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.setAttribute('open', '');
    fireEvent.keyDown(document.body, { key: '/', code: 'Slash' });
    dialog.remove();
    expect(search).not.toHaveBeenCalled();
  });
});

describe('search', () => {
  const agents = [1, 2].map((seq) =>
    createdAgent(
      agentCreated(seq, { agentId: agentId(String(seq)), symbol: `SYM${seq}`, name: `Agent ${seq}` }),
    ),
  );

  function opened(answer: (input: unknown) => readonly unknown[]) {
    const asked: unknown[] = [];
    const link: TRPCLink<AppRouter> =
      () =>
      ({ op }) =>
        observable((observer) => {
          asked.push(op.input);
          observer.next({ result: { type: 'data', data: { agents: answer(op.input), nextCursor: null } } });
          observer.complete();
        });
    const market = new FakeMarket();
    const queryClient = new QueryClient({
      defaultOptions: { queries: { retry: false, queryKeyHashFn: stableKey } },
    });
    const onClose = vi.fn();
    render(
      <trpc.Provider client={createTRPCClient<AppRouter>({ links: [link] })} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>
          <market.Provider>
            <SearchPalette onClose={onClose} />
          </market.Provider>
        </QueryClientProvider>
      </trpc.Provider>,
    );
    // The pause after the last letter, then the answer.
    const settle = async (): Promise<void> => {
      await act(() => vi.advanceTimersByTimeAsync(200));
      await act(() => vi.advanceTimersByTimeAsync(200));
    };
    const field = screen.getByRole('combobox');
    const write = (value: string): boolean => fireEvent.change(field, { target: { value } });
    const options = () => screen.queryAllByRole('option').map((option) => option.textContent);
    const chosen = () =>
      document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;
    return { market, asked, onClose, settle, field, write, options, chosen };
  }

  it('shows what is trending first, asks once nobody writes any more, and goes where Enter says', async () => {
    const { market, asked, onClose, settle, field, write, options, chosen } = opened((input) =>
      stableKey(input).includes('"sym"') ? agents.slice(1) : agents,
    );
    await settle();
    expect(options().slice(0, 3)).toEqual(['SYM1 Agent 128.0 SOL', 'SYM2 Agent 228.0 SOL', 'Board']);
    write('s');
    write('sy');
    write('sym');
    await settle();
    expect(asked).toEqual([
      { sort: 'trending', limit: 8 },
      { search: 'sym', limit: 8 },
    ]);
    expect(options()[0]).toContain('SYM2');
    write('o');
    await settle();
    fireEvent.keyDown(field, { key: 'End' });
    expect(chosen()).toBe(options().at(-1));
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    expect(chosen()).toBe(options()[0]);
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(market.services.router.get()).toEqual({ kind: 'agent', agentId: agentId('2') });
  });

  it('says so when nothing is called that', async () => {
    const { settle, write, options } = opened(() => []);
    write('zzz');
    await settle();
    expect(options()).toEqual([]);
    expect(screen.getByText(/Nothing is called “zzz”/)).toBeDefined();
  });

  it('moves nowhere where there is nothing', () => {
    expect(nextByKey('ArrowDown', 0, 0)).toBeUndefined();
    expect(nextByKey('ArrowUp', 0, 3)).toBe(2);
    expect(nextByKey('a', 0, 3)).toBeUndefined();
  });
});

describe('prices that were skipped', () => {
  it('are those of the trades between two prices', () => {
    const [agent] = [createdAgent(agentCreated(1))];
    const price = (trades: number) => ({ ...priceOf(agent), trades });
    const known = new Map([[agent.agentId, price(4)]]);
    expect(skippedPrices(known, price(5))).toBe(0);
    expect(skippedPrices(known, price(9))).toBe(4);
    expect(skippedPrices(known, price(4))).toBe(0);
    expect(skippedPrices(new Map(), price(9))).toBe(0);
  });
});
