// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { onWake } from '../../web/live/wake.ts';

it('a page wakes when the network is back and when it is looked at, not when it is hidden', () => {
  let woken = 0;
  onWake(window, () => {
    woken += 1;
  });
  window.dispatchEvent(new Event('offline'));
  expect(woken).toBe(0);
  window.dispatchEvent(new Event('online'));
  expect(woken).toBe(1);
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(woken).toBe(1);
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(woken).toBe(2);
  visibility.mockRestore();
});
