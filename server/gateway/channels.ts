import { type AgentId, agentId, isAgentId, isVaultId, type VaultId, vaultId } from '../../shared/ids.ts';
import type { Services } from '../api/context.ts';
import type { Visitor } from '../identity/principal.ts';
import type { LiveStream } from '../realtime/live-stream.ts';
import type { ErrorCode } from './errors.ts';
import type { SignInServices } from './sign-in.ts';
import type { ServedKind } from './snapshot-schemas.ts';
import type { Carried } from './to-wire.ts';

/** What the gateway needs of the market. */
export interface GatewayServices extends SignInServices {
  readonly feeds: Pick<Services['feeds'], ServedKind>;
  readonly log: Pick<Services['log'], 'epoch'>;
  /** What exists. */
  readonly views: {
    readonly agents: Pick<ReadonlyMap<AgentId, unknown>, 'has'>;
    readonly vaults: { readonly byId: Pick<ReadonlyMap<VaultId, unknown>, 'has'> };
  };
}

/** What a channel is called; in braces, what stands for an id. */
export const CHANNEL_NAMES = {
  trades: 'trades',
  prices: 'prices',
  kings: 'kings',
  activities: 'activities',
  graduations: 'graduations',
  olympics: 'olympics',
  staking: 'staking',
  vaults: 'vaults',
  agent: 'agent:{agentId}',
  vault: 'vault:{vaultId}',
  account: 'account',
} as const satisfies Record<ServedKind, string>;

/** Those that need no session. */
export const PUBLIC_CHANNELS: readonly string[] = Object.values(CHANNEL_NAMES).filter(
  (name) => name !== CHANNEL_NAMES.account,
);

/** One channel. */
export type Target =
  | { readonly kind: Exclude<ServedKind, 'agent' | 'vault'> }
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'vault'; readonly vaultId: VaultId };

const PLAIN: readonly Target[] = [
  { kind: 'trades' },
  { kind: 'prices' },
  { kind: 'kings' },
  { kind: 'activities' },
  { kind: 'graduations' },
  { kind: 'olympics' },
  { kind: 'staking' },
  { kind: 'vaults' },
  { kind: 'account' },
];
const BY_NAME: ReadonlyMap<string, Target> = new Map(
  PLAIN.map((target) => [CHANNEL_NAMES[target.kind], target]),
);

const AGENT_PREFIX = 'agent:';
const VAULT_PREFIX = 'vault:';

/** The channel of that name; each has one name only. Whether what it is about exists is for {@link openChannel}. */
export function parseChannel(name: string): Target | undefined {
  const plain = BY_NAME.get(name);
  if (plain !== undefined) return plain;
  if (name.startsWith(AGENT_PREFIX)) {
    const id = name.slice(AGENT_PREFIX.length);
    return isAgentId(id) ? { kind: 'agent', agentId: agentId(id) } : undefined;
  }
  if (name.startsWith(VAULT_PREFIX)) {
    const id = name.slice(VAULT_PREFIX.length);
    return isVaultId(id) ? { kind: 'vault', vaultId: vaultId(id) } : undefined;
  }
  return undefined;
}

export interface OpenOptions {
  readonly services: GatewayServices;
  readonly visitor: Visitor;
  /** Id of the last item that was seen. */
  readonly since: string | null;
}

export type Opened =
  | { readonly kind: 'opened'; readonly stream: LiveStream<Carried> }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

export function openChannel(target: Target, { services, visitor, since }: OpenOptions): Opened {
  const { feeds, views } = services;
  const resume = { lastEventId: since };
  switch (target.kind) {
    case 'trades':
      return opened(feeds.trades(resume));
    case 'prices':
      return opened(feeds.prices(resume));
    case 'kings':
      return opened(feeds.kings(resume));
    case 'activities':
      return opened(feeds.activities(resume));
    case 'graduations':
      return opened(feeds.graduations(resume));
    case 'olympics':
      return opened(feeds.olympics(resume));
    case 'staking':
      return opened(feeds.staking(resume));
    case 'vaults':
      return opened(feeds.vaults(resume));
    case 'agent':
      if (!views.agents.has(target.agentId)) return { kind: 'refused', code: 'agent_not_found' };
      return opened(feeds.agent(target.agentId, resume));
    case 'vault':
      if (!views.vaults.byId.has(target.vaultId)) return { kind: 'refused', code: 'vault_not_found' };
      return opened(feeds.vault(target.vaultId, resume));
    case 'account': {
      // In this order: a session whose time comes between the two looks at the clock must not get a stream.
      const { ended: signal, session } = visitor;
      if (session === null) return { kind: 'refused', code: 'unauthorized' };
      return opened(feeds.account(session.wallet, { ...resume, signal }));
    }
    default:
      return target satisfies never;
  }
}

const opened = (stream: LiveStream<Carried>): Opened => ({ kind: 'opened', stream });
