import { useMemo, useState, useSyncExternalStore } from 'react';
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
import type { ConnectionSnapshot, ConnectionState } from './connection.ts';
import type { ChannelFamily, LiveHandle } from './family.ts';
import { stableKey } from './keys.ts';
import type { LiveInput, LiveMessageOf, LiveName, LiveView, TradeFilter } from './live-client.ts';

/** A channel's view, kept up to date, with how it stands. */
export interface Live<View> extends LiveSnapshot<View> {
  /** That of the connection, and `connecting` before the first view, `ended` when the server has refused the channel. */
  readonly state: ConnectionState;
  /** Asks again after the server has refused the channel. */
  readonly retry: () => void;
}

const NOTHING = {} as const;

/** The newest trades, newest first; all of the market's or those that match. */
export function useTrades(filter: TradeFilter = NOTHING): Live<readonly TradeExecuted[]> {
  return useLive('trades', filter);
}

/** The latest price per agent: of all that changed lately, or of up to 100 agents; of none nothing is asked for. */
export function usePrices(agentIds?: readonly AgentId[]): Live<PricesView> {
  return useLive('prices', agentIds === undefined ? NOTHING : pricesOf(agentIds));
}

/** In one order, so that the same agents are the same channel; the server refuses a question about nobody. */
const pricesOf = (agentIds: readonly AgentId[]): LiveInput<'prices'> | null =>
  agentIds.length === 0 ? null : { agentIds: [...new Set(agentIds)].sort() };

/** Everything about one agent; the view is `null` until its snapshot has come. */
export function useAgent(agentId: AgentId): Live<AgentDetailView | null> {
  return useLive('agent', { agentId });
}

/** As {@link useAgent}, for who wants each event rather than the view. */
export function useAgentHandle(agentId: AgentId): LiveHandle<AgentDetailView | null, LiveMessageOf<'agent'>> {
  return useHandle(useServices().live.agent, { agentId });
}

/** The newest graduations, newest first. */
export function useGraduations(): Live<readonly AgentGraduated[]> {
  return useLive('graduations', NOTHING);
}

/** The newest agents, newest first. */
export function useNewAgents(): Live<readonly AgentCreated[]> {
  return useLive('newAgents', NOTHING);
}

/** Who is and was king of the hill, newest first. */
export function useKing(): Live<readonly KingChanged[]> {
  return useLive('kings', NOTHING);
}

/** What is worth telling everybody, newest first; all of it, or the kinds asked for. */
export function useActivities(kinds?: readonly ActivityKind[]): Live<readonly Activity[]> {
  return useLive('activities', kinds === undefined ? NOTHING : { kinds: [...new Set(kinds)].sort() });
}

/** The running season's standings, and how the last one ended. */
export function useOlympics(): Live<OlympicsView> {
  return useLive('olympics', NOTHING);
}

/** What is at stake: in all agents where that changed lately, or in one. */
export function useStaking(agentId?: AgentId): Live<StakePoolsView> {
  return useLive('staking', agentId === undefined ? NOTHING : { agentId });
}

/** The largest vaults, largest first. */
export function useVaults(): Live<readonly VaultSummary[]> {
  return useLive('vaults', NOTHING);
}

/** Everything about one vault; the view is `null` until its snapshot has come. */
export function useVault(vaultId: VaultId): Live<VaultView | null> {
  return useLive('vault', { vaultId });
}

/** All that the signed-in wallet has; the view is `null` until its snapshot has come, and while nobody is signed in. */
export function useAccount(): Live<AccountView | null> {
  const session = useSession();
  return useLive('account', session.kind === 'signed_in' ? { sessionId: session.sessionId } : null);
}

/** How the connection that all channels share stands. */
export function useConnection(): ConnectionSnapshot {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.get);
}

/**
 * A channel's view for this input, of which everybody on the page who asks for the same shares one subscription; for
 * `null` that of no channel. The component renders again at most once per frame, and only for news of this channel or of
 * the connection.
 */
export function useLive<K extends LiveName>(channel: K, input: LiveInput<K> | null): Live<LiveView<K>> {
  const { live } = useServices();
  const handle = useHandle<LiveInput<K>, LiveView<K>, LiveMessageOf<K>>(live[channel], input);
  const snapshot = useSyncExternalStore(handle.subscribe, handle.get);
  const connection = useConnection().state;
  return useMemo(
    () => ({ ...snapshot, state: stateOf(snapshot, connection), retry: handle.retry }),
    [snapshot, connection, handle],
  );
}

function stateOf({ status }: LiveSnapshot<unknown>, connection: ConnectionState): ConnectionState {
  if (status.kind === 'ended') return 'ended';
  return status.kind === 'waiting' && connection === 'live' ? 'connecting' : connection;
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
