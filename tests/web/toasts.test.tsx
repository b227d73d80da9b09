// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Toaster } from '../../web/ui/toaster.tsx';
import { Toasts } from '../../web/ui/toasts.ts';
import { FakeMarket, pass, withFakeTime } from './fixture.tsx';

describe('toasts', () => {
  withFakeTime();
  const titles = (toasts: Toasts) => toasts.get().map(({ title }) => title);

  it('go away after a while, what went wrong later, and never while they are pending', () => {
    const toasts = new Toasts();
    toasts.show({ tone: 'good', title: 'good' });
    toasts.show({ tone: 'bad', title: 'bad' });
    toasts.show({ tone: 'pending', title: 'pending' });
    pass(6_000);
    expect(titles(toasts)).toEqual(['bad', 'pending']);
    pass(6_000);
    expect(titles(toasts)).toEqual(['pending']);
    pass(60_000);
    expect(titles(toasts)).toEqual(['pending']);
  });

  it('are replaced in place, and have their whole time from then on', () => {
    const toasts = new Toasts();
    const say = toasts.show({ tone: 'pending', title: 'first' });
    toasts.show({ tone: 'pending', title: 'second' });
    say({ tone: 'good', title: 'first done' });
    expect(titles(toasts)).toEqual(['first done', 'second']);
    pass(5_000);
    say({ tone: 'good', title: 'first again' });
    pass(5_000);
    expect(titles(toasts)).toEqual(['first again', 'second']);
    pass(1_000);
    expect(titles(toasts)).toEqual(['second']);
  });

  it('are at most four: the oldest with an outcome makes room, and an outcome is always shown', () => {
    const toasts = new Toasts();
    const first = toasts.show({ tone: 'pending', title: 'p1' });
    toasts.show({ tone: 'good', title: 'g1' });
    for (const title of ['p2', 'p3', 'p4']) toasts.show({ tone: 'pending', title });
    expect(titles(toasts)).toEqual(['p1', 'p2', 'p3', 'p4']);
    toasts.show({ tone: 'pending', title: 'p5' });
    expect(titles(toasts)).toEqual(['p2', 'p3', 'p4', 'p5']);
    first({ tone: 'bad', title: 'p1 refused' });
    expect(titles(toasts)).toEqual(['p1 refused', 'p3', 'p4', 'p5']);
  });

  it('come back with their outcome when they were dismissed before', () => {
    const toasts = new Toasts();
    const say = toasts.show({ tone: 'pending', title: 'pending' });
    const [toast] = toasts.get();
    if (toast !== undefined) toasts.dismiss(toast.id);
    expect(titles(toasts)).toEqual([]);
    say({ tone: 'good', title: 'done' });
    expect(titles(toasts)).toEqual(['done']);
  });

  it('stay while the pointer or the focus is on them, and have their whole time afterwards', () => {
    const toasts = new Toasts();
    toasts.show({ tone: 'good', title: 'read' });
    pass(5_000);
    toasts.hold('pointer');
    toasts.hold('focus');
    toasts.show({ tone: 'good', title: 'new' });
    pass(60_000);
    toasts.release('pointer');
    pass(60_000);
    expect(titles(toasts)).toEqual(['read', 'new']);
    toasts.release('focus');
    pass(5_999);
    expect(titles(toasts)).toEqual(['read', 'new']);
    pass(1);
    expect(titles(toasts)).toEqual([]);
  });

  it('are held no longer when the last one that somebody read is gone', () => {
    const toasts = new Toasts();
    toasts.show({ tone: 'good', title: 'read' });
    toasts.hold('pointer');
    const [toast] = toasts.get();
    if (toast !== undefined) toasts.dismiss(toast.id);
    toasts.show({ tone: 'good', title: 'next' });
    pass(6_000);
    expect(titles(toasts)).toEqual([]);
  });
});

describe('the toaster', () => {
  withFakeTime();

  it('is a live region from the start, and shows words, a link and a way to dismiss', () => {
    const market = new FakeMarket();
    render(<Toaster />, { wrapper: market.StrictProvider });
    const region = screen.getByLabelText('Notices');
    expect(region.getAttribute('aria-live')).toBe('polite');
    const link = { href: '/agent/1', label: 'See AGNT' };
    act(() => void market.toasts.show({ tone: 'good', title: 'Bought', detail: 'Entry 1', link }));
    expect(region.textContent).toBe('BoughtEntry 1See AGNT');
    expect(region.querySelector('.toast')?.getAttribute('data-tone')).toBe('good');
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(region.textContent).toBe('');
  });

  it('sends nobody to where they are', () => {
    const market = new FakeMarket();
    render(<Toaster />, { wrapper: market.StrictProvider });
    act(() => market.services.router.navigate('/agent/1'));
    const link = { href: '/agent/1', label: 'See AGNT' };
    act(() => void market.toasts.show({ tone: 'good', title: 'Bought', link }));
    expect(screen.queryByRole('link')).toBeNull();
    act(() => market.services.router.navigate('/agent/2'));
    expect(screen.getByRole('link').textContent).toBe('See AGNT');
    act(() => market.services.router.navigate('/'));
  });

  it('keeps them while the pointer is on them', () => {
    const market = new FakeMarket();
    render(<Toaster />, { wrapper: market.StrictProvider });
    act(() => void market.toasts.show({ tone: 'good', title: 'Bought' }));
    const region = screen.getByLabelText('Notices');
    fireEvent.pointerEnter(region);
    pass(20_000);
    expect(region.textContent).toBe('Bought');
    fireEvent.pointerLeave(region);
    pass(6_000);
    expect(region.textContent).toBe('');
  });
});
