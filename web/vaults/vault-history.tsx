import { memo } from 'react';
import { formatSol } from '../../shared/format.ts';
import type { VaultHistoryEntry } from '../../shared/platform-schemas.ts';
import type { Lamports, Shares } from '../../shared/units.ts';
import { Who } from '../activity/who.tsx';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/exact.ts';
import { Link } from '../ui/link.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { FetchedSymbol } from '../ui/symbols.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { exactShares, formatShares } from './share-text.ts';

/** What happened to a vault last, newest first. */
export function VaultHistory({ history }: { readonly history: readonly VaultHistoryEntry[] }) {
  return (
    <Panel title="History">
      {history.length === 0 ? (
        <Empty title="Nothing has happened yet">Deposits, withdrawals and trades appear here at once.</Empty>
      ) : (
        <ol className="vault-history">
          {history.map((entry) => (
            <HistoryLine key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

const HistoryLine = memo(function HistoryLine({ entry }: { readonly entry: VaultHistoryEntry }) {
  return (
    <li data-seq={entry.seq} data-kind={entry.type}>
      <p>
        <Sentence entry={entry} />
      </p>
      <Age at={entry.at} />
    </li>
  );
});

function Sentence({ entry }: { readonly entry: VaultHistoryEntry }) {
  switch (entry.type) {
    case 'vault_deposited':
      return (
        <>
          <Who wallet={entry.wallet} /> put <Sol amount={entry.sol} /> in for{' '}
          <ShareCount amount={entry.shares} />
        </>
      );
    case 'vault_withdrawn': {
      const agents = entry.tokens.length;
      return (
        <>
          <Who wallet={entry.wallet} /> took <Sol amount={entry.sol} />
          {agents > 0 && ` and tokens of ${agents} ${agents === 1 ? 'agent' : 'agents'}`} out for{' '}
          <ShareCount amount={entry.shares} />
        </>
      );
    }
    case 'trade_executed': {
      const { agentId, side, tokens, sol } = entry;
      return (
        <>
          <span className={side === 'buy' ? 'up' : 'down'}>{side === 'buy' ? 'Bought' : 'Sold'}</span>{' '}
          <Tokens value={tokens} />{' '}
          <Link href={agentPath(agentId)}>
            <FetchedSymbol agentId={agentId} />
          </Link>{' '}
          for <Sol amount={sol} />
        </>
      );
    }
    case 'wallet_credited':
      return (
        <>
          <Sol amount={entry.sol} /> came in from the operator
        </>
      );
    default:
      return entry satisfies never;
  }
}

function Sol({ amount }: { readonly amount: Lamports }) {
  return (
    <span className="figure" title={exactSol(amount)}>
      {formatSol(amount)} SOL
    </span>
  );
}

function ShareCount({ amount }: { readonly amount: Shares }) {
  return (
    <span className="figure" title={exactShares(amount)}>
      {formatShares(amount)} shares
    </span>
  );
}
