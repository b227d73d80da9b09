import { useState } from 'react';
import { formatSol } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import { useServices } from '../services.ts';
import { useShownState } from '../shell/shown-state.ts';

interface ClaimButtonProps {
  readonly agentId: AgentId;
  readonly symbol: string;
  /** What there is to claim. */
  readonly amount: Lamports;
}

/** Has what a stake has earned paid out. */
export function ClaimButton({ agentId, symbol, amount }: ClaimButtonProps) {
  const { client, orders } = useServices();
  const isAway = useShownState() !== 'live';
  const [isPending, setPending] = useState(false);
  const claim = async (): Promise<void> => {
    setPending(true);
    await orders.place({
      pending: `Claiming what ${symbol} has earned`,
      send: (clientOrderId) => client.claimRewards.mutate({ clientOrderId, agentId }),
      done: ({ claim: { sol, seq } }) => ({
        title: `Claimed ${formatSol(sol)} SOL`,
        detail: `Earned by your ${symbol} stake, entry ${seq.toLocaleString('en-US')}.`,
      }),
    });
    setPending(false);
  };
  return (
    <button
      type="button"
      className="button"
      disabled={amount === 0n || isPending || isAway}
      onClick={() => void claim()}
    >
      {isAway ? 'Offline' : isPending ? 'Claiming…' : 'Claim'}
      <span className="visually-hidden">{isAway ? `, claim from ${symbol}` : ` from ${symbol}`}</span>
    </button>
  );
}
