import type { MessageOf, SnapshotReason } from '../../shared/channels.ts';
import type { Entry, EventType } from '../../shared/events.ts';
import type { VaultId, WalletAddress } from '../../shared/ids.ts';
import { isAccountEntry } from '../../shared/views/account.ts';
import { activityOf } from '../../shared/views/activity.ts';
import { LATEST_LENGTH } from '../../shared/views/channel-views.ts';
import { ACTIVITIES_LENGTH, newestFirst } from '../../shared/views/newest.ts';
import { VAULT_HISTORY_LENGTH } from '../../shared/views/vault.ts';
import type { Vault } from '../market/vaults.ts';
import type { ConflatedSource, LosslessSource, Numbered } from '../realtime/source.ts';
import { type EntryHistory, readPast } from './history.ts';
import { standingsChanged } from './standings.ts';
import { vaultDetail, vaultsChanged } from './vaults.ts';
import { namesOf, type ViewsState } from './views.ts';
import { entriesAt, readAccount, walletHistory } from './wallet-history.ts';

/** What moves with every trade is shown at most this often. */
export const PACE_MS = 500;

/** Everything an activity can be made of. */
const ACTIVITY_TYPES: readonly EventType[] = [
  'agent_created',
  'agent_graduated',
  'king_changed',
  'trade_executed',
  'staked',
  'unstaked',
  'vault_created',
  'vault_deposited',
  'vault_withdrawn',
  'season_ended',
];

/** As the sources of the market, for the platform's features. */
export interface PlatformSources {
  readonly kings: LosslessSource<MessageOf<'kings'>>;
  readonly activities: LosslessSource<MessageOf<'activities'>>;
  readonly olympics: ConflatedSource<MessageOf<'olympics'>>;
  readonly staking: ConflatedSource<MessageOf<'staking'>>;
  readonly vaults: ConflatedSource<MessageOf<'vaults'>>;
  vault(vaultId: VaultId): LosslessSource<MessageOf<'vault'>>;
  account(wallet: WalletAddress): LosslessSource<MessageOf<'account'>>;
}

export function platformSources(views: ViewsState, history: EntryHistory): PlatformSources {
  const at = <M>(data: M): Numbered<M> => ({ seq: views.seq, data });
  const names = namesOf(views);
  const stored = { views, history };

  return {
    kings: {
      name: 'kings',
      delivery: 'every',
      snapshot: (reason) => at({ type: 'snapshot', reason, kings: [...views.kings] }),
      history: readPast(history, { types: ['king_changed'] }, (entry) =>
        entry.type === 'king_changed' ? entry : undefined,
      ),
    },
    activities: {
      name: 'activities',
      delivery: 'every',
      snapshot: (reason) =>
        at({ type: 'snapshot', reason, activities: newestFirst(views.activities, ACTIVITIES_LENGTH) }),
      history: readPast(history, { types: ACTIVITY_TYPES }, (entry) =>
        activityOf(entry, names, views.whaleSol),
      ),
    },
    olympics: {
      name: 'olympics',
      delivery: 'latest',
      paceMs: PACE_MS,
      snapshot: (reason) =>
        at({ type: 'snapshot', reason, season: standingsChanged(views), last: views.lastSeason }),
      keyOf: (message) => message.type,
      latest: (after) =>
        [views.lastSeason, views.seasonChange.seq > after ? standingsChanged(views) : null]
          .flatMap((message) => (message === null ? [] : [{ seq: message.seq, data: message }]))
          .filter(({ seq }) => seq > after)
          .sort((a, b) => a.seq - b.seq),
    },
    staking: {
      name: 'staking',
      delivery: 'latest',
      snapshot: (reason) =>
        at({ type: 'snapshot', reason, pools: [...views.poolValues.values()].slice(-LATEST_LENGTH) }),
      keyOf: (message) => (message.type === 'snapshot' ? '' : message.agentId),
      latest: (after) =>
        [...views.poolValues.values()]
          .filter(({ seq }) => seq > after)
          .slice(-LATEST_LENGTH)
          .map((pool) => ({ seq: pool.seq, data: pool })),
    },
    vaults: {
      name: 'vaults',
      delivery: 'latest',
      paceMs: PACE_MS,
      snapshot: (reason) => at({ type: 'snapshot', reason, vaults: vaultsChanged(views, 0)?.vaults ?? [] }),
      keyOf: (message) => message.type,
      latest: (after) => {
        const changed = vaultsChanged(views, after);
        return changed === undefined ? [] : [{ seq: changed.seq, data: changed }];
      },
    },
    vault: (vaultId) => {
      const { address } = vaultIn(views, vaultId);
      return {
        name: `vault:${vaultId}`,
        delivery: 'every',
        snapshot: (reason) => vaultSnapshot(stored, { vaultId, reason }),
        history: (after, through, limit) =>
          walletHistory(stored, { wallet: address, select: vaultEntry }, { after, through, limit }),
      };
    },
    account: (wallet) => ({
      name: 'account',
      delivery: 'every',
      snapshot: (reason) => accountSnapshot(stored, { wallet, reason }),
      history: (after, through, limit) =>
        walletHistory(stored, { wallet, select: accountEntry }, { after, through, limit }),
    }),
  };
}

interface Stored {
  readonly views: ViewsState;
  readonly history: EntryHistory;
}

const accountEntry = (entry: Entry) => (isAccountEntry(entry) ? entry : undefined);

function vaultEntry(entry: Entry) {
  switch (entry.type) {
    case 'vault_deposited':
    case 'vault_withdrawn':
    case 'trade_executed':
    case 'wallet_credited':
      return entry;
    default:
      // Whatever else changes a wallet happens to no vault.
      return undefined;
  }
}

function vaultIn({ vaults }: ViewsState, vaultId: VaultId): Vault {
  const vault = vaults.byId.get(vaultId);
  if (vault === undefined) throw new RangeError(`no vault ${vaultId}`);
  return vault;
}

async function vaultSnapshot(
  { views, history }: Stored,
  { vaultId, reason }: { readonly vaultId: VaultId; readonly reason: SnapshotReason },
): Promise<Numbered<MessageOf<'vault'>>> {
  // All read before the first await: the view and the seq it stands for belong together.
  const { seq } = views;
  const state = vaultIn(views, vaultId);
  const vault = vaultDetail(views, state);
  const recent = newestFirst(views.wallets.get(state.address)?.recent ?? [], VAULT_HISTORY_LENGTH);
  const entries = await entriesAt(history, recent);
  const moves = entries.flatMap((entry) => vaultEntry(entry) ?? []);
  return { seq, data: { type: 'snapshot', reason, vault, history: moves } };
}

async function accountSnapshot(
  stored: Stored,
  { wallet, reason }: { readonly wallet: WalletAddress; readonly reason: SnapshotReason },
): Promise<Numbered<MessageOf<'account'>>> {
  const { seq, account } = await readAccount(stored, wallet);
  return { seq, data: { type: 'snapshot', reason, account } };
}
