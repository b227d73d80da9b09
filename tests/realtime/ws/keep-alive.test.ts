import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepAlive, type Peer } from '../../../server/realtime/ws/keep-alive.ts';

const PING_MS = 1_000;
const WAIT_MS = 300;

/** Takes down when it was pinged and cut. */
class FakePeer implements Peer {
  congested = false;
  readonly events: string[] = [];

  ping(): void {
    this.events.push(`ping ${performance.now()}`);
  }

  cut(): void {
    this.events.push(`cut ${performance.now()}`);
  }
}

function peers(count: number): { readonly keepAlive: KeepAlive; readonly all: FakePeer[] } {
  const keepAlive = new KeepAlive(PING_MS, WAIT_MS);
  const all = Array.from({ length: count }, () => new FakePeer());
  for (const peer of all) keepAlive.heard(peer);
  return { keepAlive, all };
}

function aPeer(): { readonly keepAlive: KeepAlive; readonly peer: FakePeer } {
  const { keepAlive, all } = peers(1);
  const [peer = new FakePeer()] = all;
  return { keepAlive, peer };
}

describe('keep-alive', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    return () => vi.useRealTimers();
  });

  it('pings who has been silent for that long, once, and cuts who stays so', () => {
    const { peer } = aPeer();
    vi.advanceTimersByTime(PING_MS - 1);
    expect(peer.events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(peer.events).toEqual(['ping 1000']);
    vi.advanceTimersByTime(WAIT_MS - 1);
    expect(peer.events).toEqual(['ping 1000']);
    vi.advanceTimersByTime(1);
    expect(peer.events).toEqual(['ping 1000', 'cut 1300']);
    vi.advanceTimersByTime(100 * PING_MS);
    expect(peer.events).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets who is heard in time live, before a ping and after it', () => {
    const { keepAlive, peer } = aPeer();
    for (let round = 0; round < 10; round += 1) {
      vi.advanceTimersByTime(PING_MS - 1);
      keepAlive.heard(peer);
    }
    expect(peer.events).toEqual([]);
    vi.advanceTimersByTime(PING_MS + WAIT_MS - 1);
    keepAlive.heard(peer);
    vi.advanceTimersByTime(PING_MS - 1);
    const silentFrom = 10 * (PING_MS - 1);
    const heardAt = silentFrom + PING_MS + WAIT_MS - 1;
    expect(peer.events).toEqual([`ping ${silentFrom + PING_MS}`]);
    vi.advanceTimersByTime(1 + WAIT_MS);
    const again = heardAt + PING_MS;
    expect(peer.events.slice(1)).toEqual([`ping ${again}`, `cut ${again + WAIT_MS}`]);
  });

  it('tells each apart by its own silence', () => {
    const { keepAlive, all } = peers(4);
    const [silent, early, late, gone] = all;
    if (!silent || !early || !late || !gone) throw new Error('four were made');
    vi.advanceTimersByTime(400);
    keepAlive.heard(early);
    vi.advanceTimersByTime(500);
    keepAlive.heard(late);
    keepAlive.left(gone);
    vi.advanceTimersByTime(400);
    expect(all.map(({ events }) => events)).toEqual([['ping 1000', 'cut 1300'], [], [], []]);
    vi.advanceTimersByTime(1_000);
    expect(early.events).toEqual(['ping 1400', 'cut 1700']);
    expect(late.events).toEqual(['ping 1900', 'cut 2200']);
    expect(gone.events).toEqual([]);
  });

  it('is not kept from the silent by those who came before them and speak', () => {
    const { keepAlive, all } = peers(3);
    const [speaks] = all;
    if (!speaks) throw new Error('three were made');
    for (let round = 1; round < 10; round += 1) {
      vi.advanceTimersByTime(PING_MS / 10);
      keepAlive.heard(speaks);
    }
    vi.advanceTimersByTime(PING_MS / 10);
    expect(all.map(({ events }) => events)).toEqual([[], ['ping 1000'], ['ping 1000']]);
  });

  it('leaves a congested peer alone, whose messages are not read', () => {
    const { peer } = aPeer();
    peer.congested = true;
    vi.advanceTimersByTime(50 * PING_MS);
    expect(peer.events).toEqual([]);
    peer.congested = false;
    vi.advanceTimersByTime(PING_MS + WAIT_MS);
    expect(peer.events).toHaveLength(2);
  });

  it('gives a peer that became congested after its ping a new time of silence', () => {
    const { peer } = aPeer();
    vi.advanceTimersByTime(PING_MS);
    peer.congested = true;
    vi.advanceTimersByTime(WAIT_MS);
    peer.congested = false;
    expect(peer.events).toEqual(['ping 1000']);
    vi.advanceTimersByTime(PING_MS + WAIT_MS);
    expect(peer.events).toEqual(['ping 1000', 'ping 2300', 'cut 2600']);
  });

  it('a congested peer does not hide those that come after it', () => {
    const { all } = peers(3);
    const [first] = all;
    if (!first) throw new Error('three were made');
    first.congested = true;
    vi.advanceTimersByTime(PING_MS + WAIT_MS);
    expect(all.map(({ events }) => events.length)).toEqual([0, 2, 2]);
  });

  it('has one timer for all, and none when nobody is left', () => {
    const { keepAlive, all } = peers(100);
    expect(vi.getTimerCount()).toBe(1);
    for (const peer of all) keepAlive.heard(peer);
    expect(vi.getTimerCount()).toBe(1);
    for (const peer of all) keepAlive.left(peer);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10 * PING_MS);
    expect(all.flatMap(({ events }) => events)).toEqual([]);
    // It starts again.
    const [peer] = all;
    if (!peer) throw new Error('a hundred were made');
    keepAlive.heard(peer);
    vi.advanceTimersByTime(PING_MS);
    expect(peer.events).toHaveLength(1);
  });

  it('has no timer once the last one leaves after its ping', () => {
    const { keepAlive, peer } = aPeer();
    vi.advanceTimersByTime(PING_MS);
    expect(vi.getTimerCount()).toBe(1);
    keepAlive.left(peer);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stands a peer that leaves while it is pinged or cut', () => {
    const keepAlive = new KeepAlive(PING_MS, WAIT_MS);
    const events: string[] = [];
    const leaver = (how: 'ping' | 'cut'): Peer => {
      const leave = (what: string): void => {
        events.push(`${how}: ${what}`);
        if (what === how) keepAlive.left(peer);
      };
      const peer: Peer = { congested: false, ping: () => leave('ping'), cut: () => leave('cut') };
      return peer;
    };
    keepAlive.heard(leaver('ping'));
    keepAlive.heard(leaver('cut'));
    keepAlive.heard(leaver('ping'));
    vi.advanceTimersByTime(10 * PING_MS);
    expect(events).toEqual(['ping: ping', 'cut: ping', 'ping: ping', 'cut: cut']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
