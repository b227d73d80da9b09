import { useState } from 'react';
import { formatSol, formatTokens } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import { formatDecimal, TOKEN_DECIMALS } from '../../shared/units.ts';
import { useServices } from '../services.ts';
import { useShownState } from '../shell/shown-state.ts';
import { SolFigure } from '../ui/figure.tsx';
import { AgentName, useAgentInfo } from './agent-name.tsx';
import type { StakeWorth } from './valuation.ts';

/** What is staked, what it has earned, and a way to have that paid out. */
export function Stakes({ stakes }: { readonly stakes: readonly StakeWorth[] }) {
  return (
    <table className="table stakes">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" className="number wide">
            To claim
          </th>
          <th scope="col">
            <span className="visually-hidden">Claim</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {stakes.map((stake) => (
          <StakeRow key={stake.agentId} stake={stake} />
        ))}
      </tbody>
    </table>
  );
}

function StakeRow({ stake: { agentId, staked, claimable } }: { readonly stake: StakeWorth }) {
  return (
    <tr data-agent={agentId}>
      <td>
        <AgentName
          agentId={agentId}
          detail={
            staked === 0n ? (
              'No longer staked'
            ) : (
              <>
                <span className="figure" title={`${formatDecimal(staked, TOKEN_DECIMALS)} tokens`}>
                  {formatTokens(staked)}
                </span>{' '}
                staked
              </>
            )
          }
          narrowDetail={
            <>
              <SolFigure value={claimable} /> SOL
            </>
          }
        />
      </td>
      <td className="number wide">
        <SolFigure value={claimable} />
      </td>
      <td className="action">
        <ClaimButton agentId={agentId} disabled={claimable === 0n} />
      </td>
    </tr>
  );
}

interface ClaimButtonProps {
  readonly agentId: AgentId;
  readonly disabled: boolean;
}

function ClaimButton({ agentId, disabled }: ClaimButtonProps) {
  const { client, orders } = useServices();
  const { symbol } = useAgentInfo(agentId);
  const isAway = useShownState() !== 'live';
  const [isPending, setPending] = useState(false);
  const claim = async (): Promise<void> => {
    setPending(true);
    await orders.place({
      pending: `Claiming what ${symbol} has earned`,
      send: (clientOrderId) => client.claimRewards.mutate({ clientOrderId, agentId }),
      done: ({ claim: paid }) => ({
        title: `${formatSol(paid.sol)} SOL claimed`,
        detail: `Earned by your ${symbol} stake, entry ${paid.seq}.`,
      }),
    });
    setPending(false);
  };
  return (
    <button
      type="button"
      className="button"
      aria-label={`Claim from ${symbol}`}
      disabled={disabled || isPending || isAway}
      onClick={() => void claim()}
    >
      {isAway ? 'Offline' : isPending ? 'Claiming…' : 'Claim'}
    </button>
  );
}
