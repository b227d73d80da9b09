const SECOND = 1_000;
const DAY = 86_400_000;

/** Time that is left, as "04:12:33" or "2d 04:12:33"; "00:00:00" once it is over. */
export function countdown(now: number, until: number): string {
  const left = Math.max(0, until - now);
  const days = Math.floor(left / DAY);
  const clock = new Date(Math.floor((left % DAY) / SECOND) * SECOND).toISOString().slice(11, 19);
  return days === 0 ? clock : `${days}d ${clock}`;
}
