// Runs before the first paint, so that a page that is set to dark does not flash light, or the other way round.
try {
  const { theme } = JSON.parse(localStorage.getItem('agent-fun.settings')).state;
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Nothing is stored, or nothing that can be read: the system's theme it is.
}
