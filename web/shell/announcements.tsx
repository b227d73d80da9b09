import { useEffect, useRef, useSyncExternalStore } from 'react';
import { formatMarketCap, formatPrice } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import type { ConnectionState } from '../live/connection.ts';
import { useAgentHandle, useConnection } from '../live/hooks.ts';
import { useRoute, useServices } from '../services.ts';
import { useShownState } from './shown-state.ts';

/** What was missed and comes in at once is not news any more. */
const NEWS_MS = 10_000;
/** A price that changes a hundred times a second is worth a sentence this often. */
const PRICE_EVERY_MS = 30_000;

/** Tells screen readers what the page shows by moving. Orders are not among it: their notices speak for themselves. */
export function Announcements() {
  const { said } = useServices().announcer;
  const text = useSyncExternalStore(said.subscribe, said.get);
  const route = useRoute();
  return (
    <>
      <p className="visually-hidden" role="status" data-announcer="">
        {text}
      </p>
      <ConnectionNews />
      <MarketNews />
      {route.kind === 'agent' && <PriceNews key={route.agentId} agentId={route.agentId} />}
    </>
  );
}

function ConnectionNews() {
  const { announcer } = useServices();
  const { caughtUp, online } = useConnection();
  const missed = caughtUp?.events ?? 0;
  const state = useShownState();
  const before = useRef(state);
  useEffect(() => {
    const sentence = connectionSentence(before.current, state, online);
    before.current = state;
    if (sentence !== null) announcer.say(sentence, 'connection');
  }, [announcer, state, online]);
  useEffect(() => {
    if (missed > 0) announcer.say(`Caught up: ${missed} missed events are in.`, 'connection');
  }, [announcer, missed]);
  return null;
}

function connectionSentence(before: ConnectionState, now: ConnectionState, online: boolean): string | null {
  if (before === now) return null;
  switch (now) {
    case 'reconnecting':
      return 'The connection is lost. Figures stand still until it is back.';
    case 'stale':
      return online
        ? 'The server does not answer. Figures may be old.'
        : 'You are offline. Figures stand still until you are back.';
    case 'ended':
      return 'The server has ended the connection.';
    case 'live':
      return before === 'connecting' ? null : 'The connection is back.';
    case 'connecting':
      return null;
    default:
      return now satisfies never;
  }
}

function MarketNews() {
  const { announcer, live, serverClock } = useServices();
  useEffect(() => {
    const { listen } = live.activities.handle({ kinds: ['agent_graduated', 'king_changed'] });
    return listen(({ data }) => {
      if (data.type !== 'activity' || serverClock.now() - data.at > NEWS_MS) return;
      const sentence = marketSentence(data);
      if (sentence !== null) announcer.say(sentence, 'event');
    });
  }, [announcer, live, serverClock]);
  return null;
}

function marketSentence(activity: Activity): string | null {
  switch (activity.kind) {
    case 'agent_graduated':
      return `${activity.parts.symbol} has graduated.`;
    case 'king_changed': {
      const { symbol, previousSymbol, marketCap } = activity.parts;
      if (symbol === null) return 'The hill has no king.';
      const from = previousSymbol === null ? '' : ` from ${previousSymbol}`;
      return `${symbol} takes the hill${from}, at ${formatMarketCap(marketCap)}.`;
    }
    default:
      return null;
  }
}

/** Renders nothing, and nothing again when the price changes. */
function PriceNews({ agentId }: { readonly agentId: AgentId }) {
  const { announcer, connection } = useServices();
  const handle = useAgentHandle(agentId);
  useEffect(() => {
    let said: string | null = null;
    const timer = setInterval(() => {
      const { view } = handle.get();
      if (view === null || connection.get().state !== 'live') return;
      const sentence = `${view.agent.symbol} is at ${formatPrice(view.agent.price)} SOL.`;
      if (sentence !== said) announcer.say(sentence, 'news');
      said = sentence;
    }, PRICE_EVERY_MS);
    return () => clearInterval(timer);
  }, [announcer, connection, handle]);
  return null;
}
