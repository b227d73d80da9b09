import { formatDecimal } from '../../shared/units.ts';
import { vaultPath } from '../router.ts';
import { SolFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { bpsOf, percent } from '../ui/percent.ts';
import type { VaultWorth } from './valuation.ts';

/** The vaults that the wallet has shares of, and what those are worth. */
export function VaultShares({ vaults }: { readonly vaults: readonly VaultWorth[] }) {
  return (
    <table className="table vault-shares">
      <thead>
        <tr>
          <th scope="col">Vault</th>
          <th scope="col" className="number">
            Value
          </th>
        </tr>
      </thead>
      <tbody>
        {vaults.map((vault) => (
          <VaultRow key={vault.vaultId} vault={vault} />
        ))}
      </tbody>
    </table>
  );
}

function VaultRow({ vault: { vaultId, shares, summary, value } }: { readonly vault: VaultWorth }) {
  return (
    <tr data-vault={vaultId}>
      <td>
        <div className="name-lines">
          <Link className="name-symbol" href={vaultPath(vaultId)}>
            {summary?.name ?? `Vault ${vaultId}`}
          </Link>
          {summary !== null && (
            <span className="name-detail muted" title={`${formatDecimal(shares, 0)} shares`}>
              <span className="figure">{percent(bpsOf(shares, summary.shares), 1)}</span> of its shares
            </span>
          )}
        </div>
      </td>
      <td className="number">
        {value === null ? <span className="muted">…</span> : <SolFigure value={value} />}
      </td>
    </tr>
  );
}
