import type { ReactNode } from 'react';
import { formatBps } from '../../shared/format.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import { type Lamports, lamports, RATE_SCALE } from '../../shared/units.ts';
import { FIRST_SHARE_VALUE, shareValue } from '../../shared/vaults.ts';
import { useSession } from '../services.ts';
import { Address } from '../ui/address.tsx';
import { Age } from '../ui/age.tsx';
import { Change } from '../ui/change.tsx';
import { SolFigure } from '../ui/figure.tsx';
import { changeBps } from '../ui/percent.ts';
import { useOwnShares } from './own-shares.ts';
import { exactShares, formatShares, formatShareValue } from './share-text.ts';

interface VaultHeadProps {
  readonly vault: VaultDetail;
  /** At the prices of now; `null` while they are not known. */
  readonly netAssetValue: Lamports | null;
}

/** Whose vault it is, what it is worth, and what of that is the signed-in wallet's. */
export function VaultHead({ vault, netAssetValue }: VaultHeadProps) {
  const session = useSession();
  const own = useOwnShares(vault.vaultId);
  const { name, manager, address, createdAt, performanceFeeBps, highWaterMark } = vault;
  const isManager = session.kind === 'signed_in' && session.wallet === manager;
  const value = netAssetValue === null ? null : shareValue(netAssetValue, vault.shares);
  return (
    <header className="panel vault-head">
      <div className="vault-title">
        <h1>{name}</h1>
        <p className="muted">
          Managed by {isManager ? <span className="yours">you</span> : <Address value={manager} />} · trades
          as <Address value={address} /> · opened <Age at={createdAt} />
        </p>
      </div>
      <dl className="vault-facts">
        <Fact name="Net asset value, SOL">
          {netAssetValue === null ? '—' : <SolFigure value={netAssetValue} />}
        </Fact>
        <Fact name="Idle, SOL">
          <SolFigure value={vault.sol} />
        </Fact>
        <Fact name="Share, SOL">
          {value === null ? (
            '—'
          ) : (
            <>
              <span className="figure">{formatShareValue(value)}</span>{' '}
              <Change bps={changeBps(FIRST_SHARE_VALUE, value)} />
            </>
          )}
        </Fact>
        <Fact name="High-water mark">
          <span className="figure">{formatShareValue(highWaterMark)}</span>
        </Fact>
        <Fact name="Performance fee">
          <span className="figure">{formatBps(performanceFeeBps)}</span>
        </Fact>
        {own !== null && (
          <Fact name="Your shares">
            <span className="figure yours" title={exactShares(own)}>
              {formatShares(own)}
            </span>
            {value !== null && own > 0n && (
              <span className="muted">
                {' '}
                worth <SolFigure value={lamports((own * value) / RATE_SCALE)} />
              </span>
            )}
          </Fact>
        )}
      </dl>
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
