// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item, MessageOf } from '../../shared/channels.ts';
import type { Entry } from '../../shared/events.ts';
import { ACTIVITY_KINDS } from '../../shared/inputs.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import { lamports } from '../../shared/units.ts';
import { activityOf } from '../../shared/views/activity.ts';
import { ACTIVITIES_LENGTH } from '../../shared/views/newest.ts';
import { ActivityLine } from '../../web/activity/activity-line.tsx';
import { ActivityPage } from '../../web/activity/activity-page.tsx';
import { kindsOf, TOPIC_NAMES, toggled } from '../../web/activity/kinds.ts';
import { carriedOn, withOlder } from '../../web/activity/rows.ts';
import {
  kingChanged,
  sampleEntries,
  staked,
  tradeExecuted,
  vaultWithdrawn,
  WALLETS,
} from '../support/entries.ts';
import { type Answers, answering } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const names = { symbolOf: (id: string) => `A${id}`, vaultNameOf: (id: string) => `Vault ${id}` };

function activity(entry: Entry): Activity {
  const made = activityOf(entry, names, lamports(1n));
  if (made === undefined) throw new Error(`${entry.type} is no activity`);
  return made;
}
/** A stake at that place in the log. */
const at = (seq: number): Activity => activity(staked(seq));

withFakeTime();
let market: FakeMarket;
beforeEach(() => {
  market = new FakeMarket();
});

describe('a line of the activity', () => {
  const line = (entry: Entry): string => {
    const { container } = render(<ActivityLine activity={activity(entry)} />, {
      wrapper: market.StrictProvider,
    });
    return container.querySelector('.activity-words')?.textContent ?? '';
  };

  it.each([
    [sampleEntries.agent_created, '7xKX…gAsU created ORCL, Oracle'],
    [sampleEntries.agent_graduated, 'A1 graduated: its curve is sold out'],
    [kingChanged(5, { previousAgentId: '2' }), 'A1 is king of the hill at 29.9 SOL, ahead of A2'],
    [kingChanged(5, { agentId: null, previousAgentId: '2', marketCap: 0n }), 'The hill has no king after A2'],
    [tradeExecuted(2), 'So11…1112 bought +1.0000 SOL of A1'],
    [tradeExecuted(2, { side: 'sell' }), 'So11…1112 sold −1.0000 SOL of A1'],
    [sampleEntries.staked, 'So11…1112 staked 1.00 A1'],
    [sampleEntries.unstaked, 'So11…1112 unstaked 1.00 A1'],
    [sampleEntries.vault_created, '7xKX…gAsU opened the vault The "slow" vault'],
    [sampleEntries.vault_deposited, 'Toke…Q5DA put 2.1000 SOL into Vault 1'],
    [vaultWithdrawn(9), 'Toke…Q5DA took 1.1000 SOL and a part of 2 positions out of Vault 1'],
    [vaultWithdrawn(9, { tokens: [] }), 'Toke…Q5DA took 1.1000 SOL out of Vault 1'],
    [sampleEntries.season_ended, 'Season 1 ended: gold to A1 (0.000000050 SOL), silver to A3 (0 SOL)'],
  ])('tells of $type', (entry, words) => {
    expect(line(entry)).toBe(words);
  });

  it('speaks of the own wallet as you, and links what it names', () => {
    market.session.isOf(WALLETS[1]);
    expect(line(sampleEntries.staked)).toBe('You staked 1.00 A1');
    expect(screen.getByRole('link', { name: 'A1' }).getAttribute('href')).toBe('/agent/1');
    line(sampleEntries.vault_deposited);
    expect(screen.getByRole('link', { name: 'Vault 1' }).getAttribute('href')).toBe('/vault/1');
  });
});

describe('topics', () => {
  it('cover every kind once, and none chosen is everything', () => {
    expect(kindsOf([])).toBeUndefined();
    expect(kindsOf(TOPIC_NAMES)?.toSorted()).toEqual([...ACTIVITY_KINDS].sort());
    expect(kindsOf(toggled(toggled([], 'vaults'), 'staking'))).toEqual([
      'staked',
      'unstaked',
      'vault_created',
      'vault_deposited',
      'vault_withdrawn',
    ]);
    expect(toggled(['vaults', 'hill'], 'vaults')).toEqual(['hill']);
  });
});

describe('rows that are kept', () => {
  const seqs = (rows: readonly Activity[] | null) => rows?.map(({ seq }) => seq);

  it('are carried on by what came live, and given up where something may be missing', () => {
    const kept = [9, 8].map(at);
    expect(seqs(carriedOn(kept, [11, 10, 9].map(at)))).toEqual([11, 10, 9, 8]);
    expect(carriedOn(kept, [9, 8].map(at))).toEqual(kept);
    expect(carriedOn(kept, [12, 11].map(at))).toBeNull();
    const many = Array.from({ length: 500 }, (_, index) => at(600 - index));
    expect(carriedOn(many, many)).toEqual(many);
    expect(carriedOn(many, [at(601), ...many])).toBeNull();
  });

  it('have older ones below them, each once', () => {
    expect(seqs(withOlder([9, 8].map(at), [9, 8, 7, 6].map(at)))).toEqual([9, 8, 7, 6]);
    expect(seqs(withOlder([], [7].map(at)))).toEqual([7]);
  });
});

describe('the activity page', () => {
  const asked = vi.fn<(input: unknown) => unknown>();
  beforeEach(() => void asked.mockReset());
  const show = (answers: Answers = { activities: asked }) =>
    render(<ActivityPage />, { wrapper: answering(market, answers) });
  const snapshot = (seq: number, activities: Activity[]): Item<MessageOf<'activities'>> => ({
    id: position(seq),
    data: { type: 'snapshot', reason: 'start', activities },
  });
  const live = (seq: number): Item<MessageOf<'activities'>> => ({ id: position(seq), data: at(seq) });
  const shown = (): (string | null)[] =>
    within(screen.getByRole('list', { name: 'Activity, newest first' }))
      .getAllByRole('listitem')
      .map((row) => row.getAttribute('data-seq'));
  const press = async (name: string): Promise<void> => {
    fireEvent.click(screen.getByRole('button', { name }));
    await act(() => vi.advanceTimersByTimeAsync(20));
  };

  it('waits, and says what will come where there is nothing', () => {
    show();
    expect(screen.getByRole('status', { name: 'Loading activity' })).toBeDefined();
    market.activities.at(-1).send(snapshot(1, []));
    frame();
    expect(screen.getByText('All is quiet')).toBeDefined();
  });

  it('says why it cannot be shown, and tries again', () => {
    show();
    market.activities.at(-1).fail({ message: 'Too many.', kind: 'refused' });
    frame();
    expect(screen.getByRole('alert').textContent).toContain('Too many.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(market.activities.opened).toHaveLength(2);
  });

  it('asks for the kinds that are chosen, several at a time', async () => {
    show();
    await press('Staking');
    expect(market.activities.at(-1).input).toEqual({ kinds: ['staked', 'unstaked'] });
    await press('Medals');
    expect(market.activities.at(-1).input).toEqual({ kinds: ['medals', 'staked', 'unstaked'] });
    expect(screen.getByRole('button', { name: 'Medals' }).getAttribute('aria-pressed')).toBe('true');
    market.activities.at(-1).send(snapshot(1, []));
    frame();
    expect(screen.getByText('Nothing of this kind yet')).toBeDefined();
    await press('All');
    expect(screen.getByRole('button', { name: 'Staking' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('stands still under the pointer, counts what waits, and catches up at once', () => {
    show();
    market.activities.at(-1).send(snapshot(3, [3, 2].map(at)));
    frame();
    const panel = screen.getByRole('region', { name: 'Activity' });
    fireEvent.pointerEnter(panel, { pointerType: 'mouse' });
    market.activities.at(-1).send(live(4), live(5));
    frame();
    expect(shown()).toEqual(['3', '2']);
    expect(screen.getByRole('button', { name: '2 new' })).toBeDefined();
    fireEvent.pointerLeave(panel, { pointerType: 'mouse' });
    expect(shown()).toEqual(['5', '4', '3', '2']);
  });

  it('shows older ones below, page by page, each once, while new ones come', async () => {
    asked
      .mockReturnValueOnce({ activities: [7, 6].map(at), nextCursor: '6' })
      .mockReturnValueOnce({ activities: [5].map(at) });
    show();
    market.activities.at(-1).send(snapshot(9, [9, 8].map(at)));
    frame();
    await press('Show older');
    expect(asked).toHaveBeenLastCalledWith({ cursor: '8', limit: 50 });
    expect(shown()).toEqual(['9', '8', '7', '6']);
    market.activities.at(-1).send(live(10));
    frame();
    expect(shown()).toEqual(['10', '9', '8', '7', '6']);
    await press('Show older');
    expect(asked).toHaveBeenLastCalledWith({ cursor: '6', limit: 50 });
    expect(shown()).toEqual(['10', '9', '8', '7', '6', '5']);
    expect(screen.getByText('That is everything since the market opened.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Show older' })).toBeNull();
  });

  it('loses no row between the live ones and the older ones while new ones come', async () => {
    asked.mockReturnValueOnce({ activities: [at(100)] });
    show();
    const newest = Array.from({ length: ACTIVITIES_LENGTH }, (_, index) => at(200 - index));
    market.activities.at(-1).send(snapshot(200, newest));
    frame();
    await press('Show older');
    market.activities.at(-1).send(live(201), live(202));
    frame();
    expect(shown()).toEqual(Array.from({ length: 103 }, (_, index) => `${202 - index}`));
  });

  it('keeps what is live when older ones cannot be had', async () => {
    asked.mockImplementationOnce(() => {
      throw new Error('no');
    });
    asked.mockReturnValueOnce({ activities: [7].map(at) });
    show();
    market.activities.at(-1).send(snapshot(9, [9, 8].map(at)));
    frame();
    await press('Show older');
    expect(screen.getByText('Older activity cannot be shown')).toBeDefined();
    expect(shown()).toEqual(['9', '8']);
    await press('Try again');
    expect(shown()).toEqual(['9', '8', '7']);
  });
});
