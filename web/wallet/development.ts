const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the page is one to develop with, where a wallet without any protection does no harm: served by Vite's own
 * server, or by a server on this machine. What strangers open has another name.
 */
export const isDevelopment = ({ hostname }: Pick<Location, 'hostname'>, dev: boolean): boolean =>
  dev || LOCAL.has(hostname);
