import type { AgentId } from '../../shared/ids.ts';
import type { Price } from '../../shared/units.ts';
import { trpc } from '../api.ts';
import { changeBps } from '../ui/percent.ts';

const AGAIN_MS = 60_000;

/** How much a price has changed, in basis points; `null` until it is known what it was. */
export interface Changes {
  readonly hour: number | null;
  readonly day: number | null;
}

/** The changes of an agent's price over the last hour and day, as of `price`; since its creation where it is younger. */
export function useChanges(agentId: AgentId, price: Price): Changes {
  const agentIds = [agentId];
  const again = { refetchInterval: AGAIN_MS };
  const hour = trpc.sparklines.useQuery({ agentIds, interval: '5m', points: 13 }, again);
  const day = trpc.sparklines.useQuery({ agentIds, interval: '1h', points: 25 }, again);
  const change = (answer: typeof hour.data): number | null => {
    const before = answer?.sparklines[0]?.prices[0];
    return before === undefined ? null : changeBps(before, price);
  };
  return { hour: change(hour.data), day: change(day.data) };
}
