import { useState } from 'react';
import { formatBps } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import type { Shares } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Deposit } from './deposit.tsx';
import { exactShares, formatShares } from './share-text.ts';
import { Withdraw } from './withdraw.tsx';
import type { Stock } from './worth.ts';

const MOVES = ['deposit', 'withdraw'] as const;
type Move = (typeof MOVES)[number];
const TITLES: Readonly<Record<Move, string>> = { deposit: 'Deposit', withdraw: 'Withdraw' };

interface SharesPanelProps {
  readonly vault: VaultDetail;
  /** `null` while an agent that the vault holds is not known. */
  readonly stock: Stock | null;
  readonly agents: ReadonlyMap<AgentId, AgentView>;
}

/** Puts SOL into a vault and takes a part of it out. */
export function SharesPanel({ vault, stock, agents }: SharesPanelProps) {
  const [move, setMove] = useState<Move>('deposit');
  const tabs = (
    <Tabs
      label="Deposit or withdraw"
      options={MOVES}
      chosen={move}
      titleOf={(option) => TITLES[option]}
      onChoose={setMove}
    />
  );
  return (
    <Panel title="Shares" aside={tabs}>
      {move === 'deposit' ? (
        <Deposit vault={vault} stock={stock} />
      ) : (
        <Withdraw vault={vault} agents={agents} />
      )}
      <FeeNote vault={vault} feeShares={stock?.feeShares ?? null} />
    </Panel>
  );
}

interface FeeNoteProps {
  readonly vault: VaultDetail;
  /** That are due now; `null` while it is not known. */
  readonly feeShares: Shares | null;
}

/** What the manager takes, and what of it is due now. */
function FeeNote({ vault: { performanceFeeBps }, feeShares }: FeeNoteProps) {
  return (
    <p className="fee-note muted">
      {performanceFeeBps === 0
        ? 'The manager takes no performance fee.'
        : `The manager gets ${formatBps(performanceFeeBps)} of gains above the high-water mark, as new shares, whenever somebody deposits or withdraws.`}
      {feeShares !== null && feeShares > 0n && (
        <>
          {' '}
          Due now:{' '}
          <span className="figure" title={exactShares(feeShares)}>
            {formatShares(feeShares)} shares
          </span>
        </>
      )}
    </p>
  );
}
