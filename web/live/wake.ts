/** Calls back when a server that was out of reach may be in reach again: the network is back, or the page is looked at. */
export function onWake(page: Window, wake: () => void): void {
  const { document } = page;
  page.addEventListener('online', wake);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
}
