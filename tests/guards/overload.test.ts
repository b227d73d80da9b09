import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Overload, type OverloadReason } from '../../server/guards/overload.ts';
import type { Samples } from '../../server/guards/samples.ts';

/** What the next samples say; counts how often they were opened and closed. */
class Figures {
  loopMs = 0;
  memory = 0;
  descriptors = 0;
  opened = 0;
  closed = 0;

  readonly open = (): Samples => {
    this.opened += 1;
    return {
      eventLoopP99Ms: () => this.loopMs,
      memoryUse: () => this.memory,
      fdUse: () => this.descriptors,
      close: () => {
        this.closed += 1;
      },
    };
  };
}

let figures: Figures;
let overload: Overload;
let told: (OverloadReason | null)[];

beforeEach(() => {
  vi.useFakeTimers();
  figures = new Figures();
  told = [];
  overload = new Overload({ samples: figures.open, onChange: (reason) => told.push(reason) });
  overload.start();
});
afterEach(() => {
  overload.stop();
  vi.useRealTimers();
});

/** The reason after each of so many seconds. */
function seconds(count: number): (OverloadReason | null)[] {
  return Array.from({ length: count }, () => {
    vi.advanceTimersByTime(1_000);
    return overload.reason;
  });
}

describe('the event loop', () => {
  it('is a reason when it was late for three seconds in a row, until it was not for three', () => {
    figures.loopMs = 201;
    expect(seconds(4)).toEqual([null, null, 'event loop', 'event loop']);
    figures.loopMs = 200;
    expect(seconds(4)).toEqual(['event loop', 'event loop', null, null]);
    expect(told).toEqual(['event loop', null]);
  });

  it('is none when it was late now and then', () => {
    for (let round = 0; round < 5; round += 1) {
      figures.loopMs = 5_000;
      expect(seconds(2)).toEqual([null, null]);
      figures.loopMs = 0;
      expect(seconds(1)).toEqual([null]);
    }
    expect(told).toEqual([]);
  });

  it('stays one while it is late now and then', () => {
    figures.loopMs = 300;
    seconds(3);
    for (let round = 0; round < 5; round += 1) {
      figures.loopMs = 0;
      expect(seconds(2)).toEqual(['event loop', 'event loop']);
      figures.loopMs = 300;
      expect(seconds(1)).toEqual(['event loop']);
    }
    expect(told).toEqual(['event loop']);
  });
});

describe.each([
  ['memory', 'memory'],
  ['file descriptors', 'descriptors'],
] as const)('%s', (reason, figure) => {
  it('are a reason at once above 80 %, until they were below for three seconds', () => {
    figures[figure] = 0.8;
    expect(seconds(3)).toEqual([null, null, null]);
    figures[figure] = 0.81;
    expect(seconds(1)).toEqual([reason]);
    figures[figure] = 0.8;
    expect(seconds(4)).toEqual([reason, reason, null, null]);
    expect(told).toEqual([reason, null]);
  });

  it('must be below for three seconds in a row', () => {
    figures[figure] = 1;
    seconds(1);
    figures[figure] = 0;
    seconds(2);
    figures[figure] = 1;
    seconds(1);
    figures[figure] = 0;
    expect(seconds(3)).toEqual([reason, reason, null]);
  });
});

describe('several reasons', () => {
  it('are told one at a time, and it is over when all are', () => {
    figures.loopMs = 300;
    figures.memory = 0.9;
    figures.descriptors = 0.9;
    expect(seconds(3)).toEqual(['memory', 'memory', 'event loop']);
    figures.loopMs = 0;
    expect(seconds(3)).toEqual(['event loop', 'event loop', 'memory']);
    figures.memory = 0;
    expect(seconds(3)).toEqual(['memory', 'memory', 'file descriptors']);
    figures.descriptors = 0;
    expect(seconds(3)).toEqual(['file descriptors', 'file descriptors', null]);
    expect(told).toEqual(['memory', 'event loop', 'memory', 'file descriptors', null]);
  });
});

describe('starting and stopping', () => {
  it('measures only between the two, and once', () => {
    overload.start();
    expect([figures.opened, vi.getTimerCount()]).toEqual([1, 1]);
    overload.stop();
    overload.stop();
    expect([figures.closed, vi.getTimerCount()]).toEqual([1, 0]);
    figures.memory = 1;
    expect(seconds(3)).toEqual([null, null, null]);
    overload.start();
    expect([figures.opened, ...seconds(1)]).toEqual([2, 'memory']);
  });

  it('ends and tells the reason with the measuring, and forgets what led to the next', () => {
    figures.loopMs = 300;
    seconds(3);
    overload.stop();
    expect([overload.reason, told]).toEqual([null, ['event loop', null]]);
    overload.start();
    seconds(2);
    overload.stop();
    overload.start();
    expect(seconds(3)).toEqual([null, null, 'event loop']);
  });

  it('tells nothing when there was none', () => {
    overload.stop();
    expect(told).toEqual([]);
  });
});

it('works without being listened to, and with the process itself', () => {
  const alone = new Overload();
  alone.start();
  vi.advanceTimersByTime(1_000);
  // One second is too short for the event loop, and the tests use but a small part of the rest.
  expect(alone.reason).toBe(null);
  alone.stop();
});
