import type { EventType } from '../../shared/events.ts';
import type { VaultId } from '../../shared/ids.ts';
import {
  ACTIVITY_KINDS,
  type ActivityKind,
  activitiesInput,
  pageInput,
  stakesInput,
  standingsInput,
  vaultInput,
  vaultsInput,
} from '../../shared/inputs.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import { claimable, owedAt } from '../../shared/staking.ts';
import { activityOf } from '../../shared/views/activity.ts';
import { standingsOf } from '../feeds/standings.ts';
import { vaultDetail, vaultSummaries, vaultSummary } from '../feeds/vaults.ts';
import { namesOf, type ViewsState } from '../feeds/views.ts';
import { readAccount } from '../feeds/wallet-history.ts';
import type { Vault } from '../market/vaults.ts';
import type { Services } from './context.ts';
import { rejectionError } from './errors.ts';
import { beforeOf, entriesPage } from './pages.ts';
import { publicProcedure, router, walletProcedure } from './trpc.ts';

/** Entries that one call looks through for activities at most; then the page ends early and says where to go on. */
const LOOKED_THROUGH = 5_000;
const LOOKED_AT_ONCE = 500;

/** Queries of the platform's features. As those of the market, they show exactly what is durable. */
export const platformQueries = router({
  king: publicProcedure
    .meta({ description: 'Who is king of the hill, and since when; `king` is null when nobody is.' })
    .query(({ ctx }) => {
      const { views } = ctx.services;
      const [crowned] = views.kings;
      const agentId = crowned?.agentId ?? null;
      const agent = agentId === null ? undefined : views.agents.get(agentId);
      return {
        king: crowned === undefined || agent === undefined ? null : { agent, crowned },
        seq: views.seq,
      };
    }),

  kings: publicProcedure
    .meta({ description: 'A page of the changes of king, newest first.' })
    .input(pageInput)
    .query(async ({ ctx, input }) => {
      const { entries: kings, ...rest } = await entriesPage(ctx.services, 'king_changed', input);
      return { kings, ...rest };
    }),

  activities: publicProcedure
    .meta({
      description:
        'A page of activities, newest first. It may be short, and even empty, when there is a next one.',
    })
    .input(activitiesInput)
    .query(({ ctx, input: { kinds = ACTIVITY_KINDS, cursor, limit } }) =>
      activitiesPage(ctx.services, { kinds, before: beforeOf(cursor, ctx.services.views.seq), limit }),
    ),

  standings: publicProcedure
    .meta({
      description: 'The running season: its first agents, best first. `null` before the first season.',
    })
    .input(standingsInput)
    .query(({ ctx, input }) => {
      const { views } = ctx.services;
      const { season, seq } = views;
      if (season === null) return { season: null, seq };
      const { season: number, endsAt, protocolFees } = season;
      const standings = standingsOf(views, season, input.limit);
      return { season: { season: number, endsAt, protocolFees, standings }, seq };
    }),

  seasons: publicProcedure
    .meta({ description: 'A page of the seasons that are over, newest first.' })
    .input(pageInput)
    .query(async ({ ctx, input }) => {
      const { entries: seasons, ...rest } = await entriesPage(ctx.services, 'season_ended', input);
      return { seasons, ...rest };
    }),

  stakes: publicProcedure
    .meta({ description: 'What a wallet has at stake, and what it can claim now.' })
    .input(stakesInput)
    .query(({ ctx, input: { wallet } }) => {
      const { views } = ctx.services;
      const stakes = [...(views.wallets.get(wallet)?.stakes.values() ?? [])].map((stake) => {
        const now = views.pools.get(stake.agentId)?.pool.rewardPerUnit ?? stake.rewardPerUnit;
        return { ...stake, claimable: claimable(owedAt(stake, now)) };
      });
      return { wallet, stakes, seq: views.seq };
    }),

  vaults: publicProcedure
    .meta({ description: 'A page of vaults at the prices of now, the largest first.' })
    .input(vaultsInput)
    .query(({ ctx, input: { cursor, limit } }) => {
      const { views } = ctx.services;
      const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
      const all = vaultSummaries(views);
      return {
        vaults: all.slice(from, from + limit),
        ...(from + limit < all.length ? { nextCursor: `${from + limit}` } : {}),
        seq: views.seq,
      };
    }),

  vault: publicProcedure
    .meta({
      description: 'One vault: what it has, what that is worth now, and who has how many of its shares.',
    })
    .input(vaultInput)
    .query(({ ctx, input: { vaultId } }) => {
      const { views } = ctx.services;
      const vault = requireVault(views, vaultId);
      return {
        vault: vaultDetail(views, vault),
        summary: vaultSummary(views, vault),
        holders: largestShares(vault),
        seq: views.seq,
      };
    }),

  account: walletProcedure
    .meta({ description: "All that the session's wallet has." })
    .query(({ ctx: { services, session } }) =>
      readAccount({ views: services.views, history: services.log }, session.wallet),
    ),
});

export function requireVault({ vaults }: Readonly<ViewsState>, vaultId: VaultId): Vault {
  const vault = vaults.byId.get(vaultId);
  if (vault === undefined) throw rejectionError({ reason: 'vault_not_found', vaultId });
  return vault;
}

/** How many shareholders a query names. */
const SHAREHOLDERS = 50;

const largestShares = ({ holders }: Vault) =>
  [...holders]
    .map(([wallet, shares]) => ({ wallet, shares }))
    .sort((a, b) => (a.shares === b.shares ? (a.wallet < b.wallet ? -1 : 1) : a.shares > b.shares ? -1 : 1))
    .slice(0, SHAREHOLDERS);

/** What an activity is told of; each kind has a type of its own. */
function entryTypeOf(kind: ActivityKind): EventType {
  if (kind === 'whale_trade') return 'trade_executed';
  return kind === 'medals' ? 'season_ended' : kind;
}

interface ActivitiesPage {
  readonly activities: readonly Activity[];
  readonly nextCursor?: string;
}

async function activitiesPage(
  { views, log }: Services,
  { kinds, before, limit }: { kinds: readonly ActivityKind[]; before: number; limit: number },
): Promise<ActivitiesPage> {
  const types = kinds.map(entryTypeOf);
  const names = namesOf(views);
  const activities: Activity[] = [];
  let from = before;
  for (let looked = 0; looked < LOOKED_THROUGH; looked += LOOKED_AT_ONCE) {
    const entries = await log.readBackward({ before: from, limit: LOOKED_AT_ONCE, selector: { types } });
    for (const entry of entries) {
      const activity = activityOf(entry, names, views.whaleSol);
      if (activity === undefined) continue;
      activities.push(activity);
      if (activities.length === limit) return { activities, nextCursor: `${entry.seq}` };
    }
    if (entries.length < LOOKED_AT_ONCE) return { activities };
    from = entries.at(-1)?.seq ?? from;
  }
  return { activities, nextCursor: `${from}` };
}
