/** Calls back when the page may have been cut off without noticing the end of that: a network is there, or it is looked at. */
export function onWake(page: Window, wake: () => void): void {
  const { document } = page;
  page.addEventListener('online', wake);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
}
