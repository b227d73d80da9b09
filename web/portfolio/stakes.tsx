import { AgentName, useAgentInfo } from '../ui/agent-name.tsx';
import { ClaimButton } from '../ui/claim-button.tsx';
import { SolFigure } from '../ui/figure.tsx';
import { Tokens } from '../ui/tokens.tsx';
import type { StakeWorth } from './valuation.ts';

/** What is staked, what it has earned, and a way to have that paid out. */
export function Stakes({ stakes }: { readonly stakes: readonly StakeWorth[] }) {
  return (
    <table className="table stakes">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" className="number only-wide">
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
  const { symbol } = useAgentInfo(agentId);
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
                <Tokens value={staked} /> staked
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
      <td className="number only-wide">
        <SolFigure value={claimable} />
      </td>
      <td className="action">
        <ClaimButton agentId={agentId} symbol={symbol} amount={claimable} />
      </td>
    </tr>
  );
}
