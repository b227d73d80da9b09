/** Milliseconds since the epoch, in fractions: the server and the browser of one machine have the same clock. */
export const epochMs = (): number => performance.timeOrigin + performance.now();
