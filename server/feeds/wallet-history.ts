import type { Entry } from '../../shared/events.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import type { AccountView } from '../../shared/platform-schemas.ts';
import {
  accountsOf,
  accountView,
  emptyAccount,
  FILLS_LENGTH,
  isAccountEntry,
} from '../../shared/views/account.ts';
import { newestFirst } from '../../shared/views/newest.ts';
import type { HistoryPage } from '../realtime/source.ts';
import type { EntryHistory } from './history.ts';
import { isTrade } from './sources.ts';
import { RECENT_LENGTH, type ViewsState } from './views.ts';

/** Reads entries by their seqs, in that order. */
export async function entriesAt(history: EntryHistory, seqs: readonly number[]): Promise<Entry[]> {
  const pages = await Promise.all(
    seqs.map((seq) => history.read({ after: seq - 1, through: seq, limit: 1 })),
  );
  return pages.flatMap(({ records }) => records.map(({ entry }) => entry));
}

/** All that a wallet has, as of `seq`, with its newest trades. */
export async function readAccount(
  { views, history }: { readonly views: Readonly<ViewsState>; readonly history: EntryHistory },
  wallet: WalletAddress,
): Promise<{ readonly seq: number; readonly account: AccountView }> {
  const { seq } = views;
  const known = views.wallets.get(wallet);
  // The view is made before the first await, so that it belongs to `seq`; the trades are filled in when they are read.
  const account = accountView(wallet, known ?? emptyAccount(), []);
  const fills = await entriesAt(history, newestFirst(known?.fills ?? [], FILLS_LENGTH));
  return { seq, account: { ...account, fills: fills.filter(isTrade) } };
}

/**
 * The entries that changed one wallet's account, with after < seq ≤ through. The newest are found by their seqs, which
 * the views keep; for older ones the log is read.
 */
export async function walletHistory<M extends Entry>(
  { views, history }: { readonly views: ViewsState; readonly history: EntryHistory },
  { wallet, select }: { readonly wallet: WalletAddress; readonly select: (entry: Entry) => M | undefined },
  { after, through, limit }: { readonly after: number; readonly through: number; readonly limit: number },
): Promise<HistoryPage<M>> {
  const recent = views.wallets.get(wallet)?.recent ?? [];
  const [oldest] = recent;
  // With fewer than that, they are all there ever were.
  if (recent.length < RECENT_LENGTH || (oldest !== undefined && oldest <= after)) {
    const seqs = recent.filter((seq) => seq > after && seq <= through);
    const page = seqs.slice(0, limit);
    const entries = await entriesAt(history, page);
    return {
      messages: numbered(entries, select),
      through: page.length < seqs.length ? (page.at(-1) ?? through) : through,
    };
  }
  const page = await history.read({ after, through, limit });
  const mine = page.records.flatMap(({ entry }) =>
    isAccountEntry(entry) && accountsOf(entry).includes(wallet) ? [entry] : [],
  );
  return { messages: numbered(mine, select), through: page.through };
}

const numbered = <M extends Entry>(entries: readonly Entry[], select: (entry: Entry) => M | undefined) =>
  entries.flatMap((entry) => {
    const data = select(entry);
    return data === undefined ? [] : [{ seq: entry.seq, data }];
  });
