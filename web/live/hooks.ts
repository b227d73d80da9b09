import { useMemo, useState, useSyncExternalStore } from 'react';
import type { MessageOf } from '../../shared/channels.ts';
import type { AgentCreated, AgentGraduated, KingChanged, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, VaultId } from '../../shared/ids.ts';
import type { ActivityKind } from '../../shared/inputs.ts';
import type { AccountView, Activity, VaultSummary } from '../../shared/platform-schemas.ts';
import type {
  AgentDetailView,
  OlympicsView,
  PricesView,
  StakePoolsView,
} from '../../shared/views/channel-views.ts';
import type { VaultView } from '../../shared/views/vault.ts';
import { useServices, useSession } from '../services.ts';
import type { LiveMessage, LiveSnapshot } from './channel.ts';
import type { ConnectionSnapshot } from './connection.ts';
import type { ChannelFamily, LiveHandle } from './family.ts';
import { stableKey } from './keys.ts';
import type { TradeFilter } from './live-client.ts';

/** A channel's view, kept up to date, with how it stands. */
export interface Live<View> extends LiveSnapshot<View> {
  /** Asks again after the server has refused the channel. */
  readonly retry: () => void;
}

const NOTHING = {} as const;

/** The newest trades, newest first; all of the market's or those that match. */
export function useTrades(filter: TradeFilter = NOTHING): Live<readonly TradeExecuted[]> {
  return useLive(useHandle(useServices().live.trades, filter));
}

/** The latest price per agent: of all that changed lately, or of up to 100 agents. */
export function usePrices(agentIds?: readonly AgentId[]): Live<PricesView> {
  // In one order, so that the same agents are the same channel.
  const input = agentIds === undefined ? NOTHING : { agentIds: [...new Set(agentIds)].sort() };
  return useLive(useHandle(useServices().live.prices, input));
}

/** Everything about one agent; the view is `null` until its snapshot has come. */
export function useAgent(agentId: AgentId): Live<AgentDetailView | null> {
  return useLive(useAgentHandle(agentId));
}

/** As {@link useAgent}, for who wants each event rather than the view. */
export function useAgentHandle(agentId: AgentId): LiveHandle<AgentDetailView | null, MessageOf<'agent'>> {
  return useHandle(useServices().live.agent, { agentId });
}

/** The newest graduations, newest first. */
export function useGraduations(): Live<readonly AgentGraduated[]> {
  return useLive(useHandle(useServices().live.graduations, NOTHING));
}

/** The newest agents, newest first. */
export function useNewAgents(): Live<readonly AgentCreated[]> {
  return useLive(useHandle(useServices().live.newAgents, NOTHING));
}

/** Who is and was king of the hill, newest first. */
export function useKing(): Live<readonly KingChanged[]> {
  return useLive(useHandle(useServices().live.kings, NOTHING));
}

/** What is worth telling everybody, newest first; all of it, or the kinds asked for. */
export function useActivities(kinds?: readonly ActivityKind[]): Live<readonly Activity[]> {
  const input = kinds === undefined ? NOTHING : { kinds: [...new Set(kinds)].sort() };
  return useLive(useHandle(useServices().live.activities, input));
}

/** The running season's standings, and how the last one ended. */
export function useOlympics(): Live<OlympicsView> {
  return useLive(useHandle(useServices().live.olympics, NOTHING));
}

/** What is at stake: in all agents where that changed lately, or in one. */
export function useStaking(agentId?: AgentId): Live<StakePoolsView> {
  return useLive(useHandle(useServices().live.staking, agentId === undefined ? NOTHING : { agentId }));
}

/** The largest vaults, largest first. */
export function useVaults(): Live<readonly VaultSummary[]> {
  return useLive(useHandle(useServices().live.vaults, NOTHING));
}

/** Everything about one vault; the view is `null` until its snapshot has come. */
export function useVault(vaultId: VaultId): Live<VaultView | null> {
  return useLive(useHandle(useServices().live.vault, { vaultId }));
}

/** All that the signed-in wallet has; the view is `null` until its snapshot has come, and while nobody is signed in. */
export function useAccount(): Live<AccountView | null> {
  const session = useSession();
  const input = session.kind === 'signed_in' ? { sessionId: session.sessionId } : null;
  return useLive(useHandle(useServices().live.account, input));
}

/** How the connection that all channels share stands. */
export function useConnection(): ConnectionSnapshot {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.get);
}

function useLive<View, M>(handle: LiveHandle<View, M>): Live<View> {
  const snapshot = useSyncExternalStore(handle.subscribe, handle.get);
  return useMemo(() => ({ ...snapshot, retry: handle.retry }), [snapshot, handle]);
}

function useHandle<Input, View, M extends LiveMessage>(
  family: ChannelFamily<Input, View, M>,
  input: Input | null,
): LiveHandle<View, M> {
  const stable = useStable(input);
  return useMemo(() => (stable === null ? family.none : family.handle(stable)), [family, stable]);
}

/** The first of equal values, so that an input written in place does not subscribe anew with each render. */
function useStable<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || stableKey(kept) === stableKey(value)) return kept;
  keep(value);
  return value;
}
