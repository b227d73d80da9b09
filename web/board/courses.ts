import { keepPreviousData } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { type AgentId, agentId as asAgentId } from '../../shared/ids.ts';
import type { Price } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { changeBps } from '../ui/percent.ts';

/** The prices of an agent in the last hour, oldest first. */
export type Course = readonly Price[];

/** Thirteen prices, five minutes apart, span an hour. */
const HOUR = { interval: '5m', points: 13 } as const;
const FRESH_MS = 60_000;
/** A list that changes all the time is asked about again at most this often. */
const ASK_MS = 5_000;

/** The courses of up to 100 agents, in one request for all of them, about a minute old at most. */
export function useCourses(agents: readonly AgentView[]): ReadonlyMap<AgentId, Course> {
  const agentIds = useAsked(agents);
  const { data } = trpc.sparklines.useQuery(
    { agentIds: [...agentIds], ...HOUR },
    {
      enabled: agentIds.length > 0,
      staleTime: FRESH_MS,
      refetchInterval: FRESH_MS,
      placeholderData: keepPreviousData,
    },
  );
  return useMemo(() => new Map(data?.sparklines.map(({ agentId, prices }) => [agentId, prices])), [data]);
}

/** The agents to ask about, in an order that does not depend on theirs. */
function useAsked(agents: readonly AgentView[]): readonly AgentId[] {
  const text = agents
    .map(({ agentId }) => agentId)
    .sort()
    .join(' ');
  const wanted = useMemo(() => text.split(' ').filter(Boolean).map(asAgentId), [text]);
  const [asked, ask] = useState(wanted);
  const askNewest = useEffectEvent(() => ask(wanted));
  useEffect(() => {
    const timer = setInterval(() => askNewest(), ASK_MS);
    return () => clearInterval(timer);
  }, []);
  // Nothing was there to ask about yet.
  if (asked.length === 0 && wanted.length > 0) ask(wanted);
  return asked;
}

/** A course up to now: its last price is the agent's. */
export const courseTo = (course: Course, now: Price): Course => [...course.slice(0, -1), now];

/** By how much a course has moved from its first price to its last, in basis points. */
export const courseBps = (course: Course): number => changeBps(course[0] ?? 0n, course.at(-1) ?? 0n);
