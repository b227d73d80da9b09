import { memo } from 'react';
import { formatBps } from '../../shared/format.ts';
import type { VaultSummary } from '../../shared/platform-schemas.ts';
import { FIRST_SHARE_VALUE } from '../../shared/vaults.ts';
import { vaultPath } from '../router.ts';
import { Address } from '../ui/address.tsx';
import { Change } from '../ui/change.tsx';
import { SolFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { changeBps } from '../ui/percent.ts';
import { formatShareValue } from './share-text.ts';

interface VaultRowProps {
  readonly vault: VaultSummary;
  /** Whether the signed-in wallet manages it. */
  readonly isOwn: boolean;
}

/** One vault of the list. */
export const VaultRow = memo(function VaultRow({ vault, isOwn }: VaultRowProps) {
  const { vaultId, name, manager, netAssetValue, shareValue, performanceFeeBps, holders, positions } = vault;
  return (
    <tr className="vault-row" data-vault={vaultId}>
      <th scope="row">
        <span className="vault-names">
          <Link className="row-link" href={vaultPath(vaultId)}>
            {name}
          </Link>
          <span className="vault-manager muted">
            {isOwn ? <span className="yours">Yours</span> : <Address value={manager} />}
          </span>
        </span>
      </th>
      <td className="number">
        <SolFigure value={netAssetValue} />
      </td>
      <td className="number only-wide">
        <span className="figure">{formatShareValue(shareValue)}</span>
      </td>
      <td className="number">
        <Change bps={changeBps(FIRST_SHARE_VALUE, shareValue)} />
      </td>
      <td className="number only-wide">
        <span className="figure muted">{formatBps(performanceFeeBps)}</span>
      </td>
      <td className="number only-wide">
        <span className="figure muted">{holders}</span>
      </td>
      <td className="number only-wide">
        <span className="figure muted">{positions}</span>
      </td>
    </tr>
  );
});
