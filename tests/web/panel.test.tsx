// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Panel, Problem } from '../../web/ui/panel.tsx';
import { FakeMarket, frame, withFakeTime } from './fixture.tsx';

withFakeTime();
afterEach(() => {
  vi.restoreAllMocks();
});

it('names a part of the page that failed, keeps the rest alive and tries again when told to', () => {
  // React says there what it was.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let broken = true;
  const Part = () => {
    if (broken) throw new Error('a fault');
    return <p>ten holders</p>;
  };
  const { Provider } = new FakeMarket();
  render(
    <Provider>
      <Panel title="Holders">
        <Part />
      </Panel>
      <Panel title="Trades">two trades</Panel>
    </Provider>,
  );
  expect(screen.getByRole('region', { name: 'Trades' }).textContent).toContain('two trades');
  const holders = screen.getByRole('region', { name: 'Holders' });
  expect(holders.textContent).toContain('Holders cannot be shown');
  // What went wrong inside is nothing for the reader.
  expect(holders.textContent).not.toContain('a fault');

  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(holders.textContent).toContain('Holders cannot be shown');
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(holders.textContent).toContain('ten holders');
});

it('offers to load the page anew where the connection has ended and asking again is of no use', () => {
  const market = new FakeMarket();
  const again = vi.fn();
  render(<Problem what="Holders" detail="Why not." onRetry={again} />, { wrapper: market.Provider });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(again).toHaveBeenCalledOnce();
  act(() => market.connection.transport('ended'));
  frame();
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  screen.getByRole('button', { name: 'Reload' });
});
