import { type FormEvent, useState } from 'react';
import { formatSol } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import { lamports, type Shares, shares } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { useServices, useSession } from '../services.ts';
import { exactSol } from '../ui/exact.ts';
import { OrderButton } from '../ui/order-button.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { useOwnShares } from './own-shares.ts';
import { exactShares, formatShares } from './share-text.ts';
import { type Payout, payoutOf } from './worth.ts';

const PARTS = ['25', '50', '75', '100'] as const;
type Part = (typeof PARTS)[number];

interface WithdrawProps {
  readonly vault: VaultDetail;
  readonly agents: ReadonlyMap<AgentId, AgentView>;
}

/** Gives shares back for their part of everything that a vault has. */
export function Withdraw({ vault, agents }: WithdrawProps) {
  const { client, orders } = useServices();
  const isSignedIn = useSession().kind === 'signed_in';
  const own = useOwnShares(vault.vaultId);
  const [part, setPart] = useState<Part>('100');
  const [isBusy, setBusy] = useState(false);
  const given = shares(((own ?? 0n) * BigInt(part)) / 100n);
  const payout = given === 0n ? null : payoutOf(vault, agents, given);
  const { vaultId, name } = vault;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (payout === null || isBusy) return;
    setBusy(true);
    await orders.place({
      pending: `Withdrawing ${part} % from ${name}`,
      send: (clientOrderId) => client.vaultWithdraw.mutate({ clientOrderId, vaultId, shares: given }),
      done: ({ withdrawal: { sol, tokens, seq } }) => ({
        title: `Withdrew ${formatSol(sol)} SOL${tokens.length === 0 ? '' : ` and tokens of ${tokens.length} ${tokens.length === 1 ? 'agent' : 'agents'}`}`,
        detail: `From ${name}, entry ${seq.toLocaleString('en-US')}. It is all in your portfolio.`,
      }),
    });
    setBusy(false);
  };

  if (isSignedIn && own === 0n) {
    return <p className="vault-form muted">You have no shares of this vault. Deposit SOL to get some.</p>;
  }
  return (
    <form className="vault-form" onSubmit={(event) => void submit(event)}>
      <div className="field">
        <span className="field-label">
          Part of your shares
          {own !== null && (
            <span className="figure" title={exactShares(own)}>
              {formatShares(own)}
            </span>
          )}
        </span>
        <Tabs
          label="Part of your shares"
          options={PARTS}
          chosen={part}
          titleOf={(option) => `${option} %`}
          onChoose={setPart}
          className="parts"
        />
      </div>
      <PayoutSums payout={payout} given={given} agents={agents} />
      <OrderButton
        label={`Withdraw ${part} %`}
        signInLabel="Sign in to withdraw"
        busyLabel={isBusy ? 'Withdrawing' : null}
        disabled={payout === null}
      />
    </form>
  );
}

interface PayoutSumsProps {
  /** `null` while it is not known. */
  readonly payout: Payout | null;
  readonly given: Shares;
  readonly agents: ReadonlyMap<AgentId, AgentView>;
}

/** Everything that a withdrawal pays, in kind, and what that would bring. */
function PayoutSums({ payout, given, agents }: PayoutSumsProps) {
  if (payout === null) {
    return <p className="muted">You get your part of the vault’s SOL and of every position, in kind.</p>;
  }
  const worth = lamports(payout.positions.reduce<bigint>((sum, { value }) => sum + value, payout.sol));
  return (
    <dl className="sums">
      <div>
        <dt>For</dt>
        <dd className="figure" title={exactShares(given)}>
          {formatShares(given)} shares
        </dd>
      </div>
      <div>
        <dt>SOL</dt>
        <dd className="figure" title={exactSol(payout.sol)}>
          {formatSol(payout.sol)}
        </dd>
      </div>
      {payout.positions.map(({ agentId, tokens }) => (
        <div key={agentId}>
          <dt>{agents.get(agentId)?.symbol ?? `#${agentId}`}</dt>
          <dd>
            <Tokens value={tokens} />
          </dd>
        </div>
      ))}
      <div className="sums-total">
        <dt>Would sell for about</dt>
        <dd className="figure" title={exactSol(worth)}>
          {formatSol(worth)} SOL
        </dd>
      </div>
    </dl>
  );
}
