import { useMemo, useState } from 'react';
import type { AccountView } from '../../shared/platform-schemas.ts';
import { trpc } from '../api.ts';
import { type Live, usePrices, useStaking, useVaults } from '../live/hooks.ts';
import { pricedAgents, type Valuation, valuationOf } from './valuation.ts';

/** Vaults that are not among the largest have no channel of their own here. */
const ASK_AGAIN_MS = 30_000;

/** Values an account at the prices of now, at most once per frame. */
export function useValuation(account: AccountView): Valuation {
  const prices = useLatest(usePrices(pricedAgents(account.holdings)));
  const pools = useStaking().view;
  const largest = useVaults();
  const unknown = account.shares.filter(
    ({ vaultId }) =>
      largest.status.kind === 'live' && !largest.view.some((vault) => vault.vaultId === vaultId),
  );
  const others = trpc.useQueries(
    (query) => unknown.map(({ vaultId }) => query.vault({ vaultId }, { refetchInterval: ASK_AGAIN_MS })),
    { combine: (answers) => answers.flatMap(({ data }) => (data === undefined ? [] : [data.summary])) },
  );
  return useMemo(() => {
    const vaults = new Map([...others, ...largest.view].map((vault) => [vault.vaultId, vault]));
    return valuationOf(account, { prices, pools, vaults });
  }, [account, prices, pools, largest.view, others]);
}

/** The last view there was, while that of another input is on its way: a new holding must not blank all the others. */
function useLatest<View>({ view, status }: Live<View>): View {
  const [latest, setLatest] = useState(view);
  if (status.kind !== 'live') return latest;
  if (latest !== view) setLatest(view);
  return view;
}
