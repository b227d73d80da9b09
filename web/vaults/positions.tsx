import { formatSignedSol, formatSol } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { agentPath } from '../router.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Change } from '../ui/change.tsx';
import { exactSol } from '../ui/exact.ts';
import { SolFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { changeBps } from '../ui/percent.ts';
import { Tokens } from '../ui/tokens.tsx';
import { worthOf } from './worth.ts';

interface PositionsProps {
  readonly vault: VaultDetail;
  readonly agents: ReadonlyMap<AgentId, AgentView>;
}

/** What a vault holds, at the prices of now. */
export function Positions({ vault, agents }: PositionsProps) {
  const held = vault.positions.filter(({ tokens }) => tokens > 0n);
  const realised = vault.positions.reduce((sum, position) => sum + position.realised, 0n);
  return (
    <Panel
      title="Positions"
      aside={
        realised !== 0n && (
          <span className="muted">
            Realised{' '}
            <span className={`figure ${realised > 0n ? 'up' : 'down'}`} title={exactSol(realised)}>
              {formatSignedSol(realised)} SOL
            </span>
          </span>
        )
      }
    >
      {held.length === 0 ? (
        <Empty title="All in SOL">The agents that the manager buys for the vault appear here.</Empty>
      ) : (
        <table className="table positions">
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col" className="number only-wide">
                Tokens
              </th>
              <th scope="col" className="number only-wide">
                Cost, SOL
              </th>
              <th scope="col" className="number">
                Value, SOL
              </th>
              <th scope="col" className="number">
                Gain, SOL
              </th>
            </tr>
          </thead>
          <tbody>
            {held.map((position) => (
              <PositionRow key={position.agentId} position={position} agent={agents.get(position.agentId)} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

interface PositionRowProps {
  readonly position: VaultDetail['positions'][number];
  /** `undefined` while it is not known. */
  readonly agent: AgentView | undefined;
}

function PositionRow({ position, agent }: PositionRowProps) {
  const { agentId, tokens, cost } = position;
  const value = agent === undefined ? null : worthOf(agent, tokens);
  const gain = value === null ? 0n : value - cost;
  return (
    <tr data-agent={agentId}>
      <th scope="row">
        <span className="position-agent">
          {agent === undefined ? (
            <span className="avatar avatar-small" />
          ) : (
            <Avatar seed={agent.mint} imageUrl={agent.imageUrl} size="small" />
          )}
          <span className="position-names">
            <Link href={agentPath(agentId)}>{agent?.symbol ?? `#${agentId}`}</Link>
            <span className="only-narrow muted">
              <Tokens value={tokens} />
            </span>
          </span>
          {agent?.phase.kind === 'graduated' && <span className="tag only-wide">Graduated</span>}
        </span>
      </th>
      <td className="number only-wide">
        <Tokens value={tokens} />
      </td>
      <td className="number only-wide">
        <span className="figure muted" title={exactSol(cost)}>
          {formatSol(cost)}
        </span>
      </td>
      <td className="number">{value === null ? '—' : <SolFigure value={value} />}</td>
      <td className="number">
        {value === null ? (
          '—'
        ) : (
          <span className="position-gain">
            <span className={`figure ${gain < 0n ? 'down' : 'up'}`} title={exactSol(gain)}>
              {formatSignedSol(gain)}
            </span>
            <span className="only-wide">
              <Change bps={changeBps(cost, value)} />
            </span>
          </span>
        )}
      </td>
    </tr>
  );
}
