import './activity-line.css';
import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Crown,
  GraduationCap,
  Lock,
  LockOpen,
  type LucideIcon,
  Medal,
  Sparkles,
  Vault,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatMarketCap, formatSol } from '../../shared/format.ts';
import type { AgentId, VaultId } from '../../shared/ids.ts';
import type { ActivityKind } from '../../shared/inputs.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import type { Lamports } from '../../shared/units.ts';
import { agentPath, pagePath, vaultPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/exact.ts';
import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { Who } from './who.tsx';

type ActivityOf<K extends ActivityKind> = Extract<Activity, { kind: K }>;

/** Something that happened, as one line of a list: what kind it is, a sentence with links in it, and how long ago. */
export const ActivityLine = memo(function ActivityLine({ activity }: { readonly activity: Activity }) {
  const { kind, seq, at } = activity;
  return (
    <li
      className="activity-line"
      data-kind={kind}
      data-seq={seq}
      {...(kind === 'whale_trade' ? { 'data-side': activity.parts.side } : {})}
    >
      <span className="activity-icon">
        <KindIcon activity={activity} />
      </span>
      <p className="activity-words">
        <Sentence activity={activity} />
      </p>
      <Age at={at} />
    </li>
  );
});

const ICONS: Readonly<Record<Exclude<ActivityKind, 'whale_trade'>, LucideIcon>> = {
  agent_created: Sparkles,
  agent_graduated: GraduationCap,
  king_changed: Crown,
  staked: Lock,
  unstaked: LockOpen,
  vault_created: Vault,
  vault_deposited: ArrowDownToLine,
  vault_withdrawn: ArrowUpFromLine,
  medals: Medal,
};

function KindIcon({ activity }: { readonly activity: Activity }) {
  if (activity.kind === 'whale_trade') return activity.parts.side === 'buy' ? <ArrowUp /> : <ArrowDown />;
  const Icon = ICONS[activity.kind];
  return <Icon size={16} aria-hidden="true" />;
}

function Sentence({ activity }: { readonly activity: Activity }): ReactNode {
  switch (activity.kind) {
    case 'agent_created': {
      const { creator, name } = activity.parts;
      return (
        <>
          <Who wallet={creator} /> created <AgentLink {...activity.parts} />
          <span className="muted">, {name}</span>
        </>
      );
    }
    case 'agent_graduated':
      return (
        <>
          <AgentLink {...activity.parts} /> graduated: its curve is sold out
        </>
      );
    case 'king_changed':
      return <KingSentence parts={activity.parts} />;
    case 'whale_trade': {
      const { trader, side, sol } = activity.parts;
      return (
        <>
          <Who wallet={trader} />{' '}
          <span className="activity-side">
            {side === 'buy' ? 'bought' : 'sold'} <Sol amount={sol} sign={side === 'buy' ? '+' : '−'} />
          </span>{' '}
          of <AgentLink {...activity.parts} />
        </>
      );
    }
    case 'staked':
    case 'unstaked': {
      const { wallet, tokens } = activity.parts;
      return (
        <>
          <Who wallet={wallet} /> {activity.kind} <Tokens value={tokens} /> <AgentLink {...activity.parts} />
        </>
      );
    }
    case 'vault_created':
      return (
        <>
          <Who wallet={activity.parts.wallet} /> opened the vault <VaultLink {...activity.parts} />
        </>
      );
    case 'vault_deposited': {
      const { wallet, sol } = activity.parts;
      return (
        <>
          <Who wallet={wallet} /> put <Sol amount={sol} /> into <VaultLink {...activity.parts} />
        </>
      );
    }
    case 'vault_withdrawn': {
      const { wallet, sol, positions } = activity.parts;
      return (
        <>
          <Who wallet={wallet} /> took <Sol amount={sol} />
          {positions > 0 && ` and a part of ${positions} ${positions === 1 ? 'position' : 'positions'}`} out
          of <VaultLink {...activity.parts} />
        </>
      );
    }
    case 'medals':
      return <MedalsSentence parts={activity.parts} />;
    default:
      return activity satisfies never;
  }
}

function KingSentence({ parts }: Pick<ActivityOf<'king_changed'>, 'parts'>) {
  const { agentId, symbol, previousAgentId, previousSymbol, marketCap } = parts;
  const previous = previousAgentId !== null && previousSymbol !== null && (
    <AgentLink agentId={previousAgentId} symbol={previousSymbol} />
  );
  if (agentId === null || symbol === null) {
    return previous === false ? 'The hill has no king' : <>The hill has no king after {previous}</>;
  }
  return (
    <>
      <AgentLink agentId={agentId} symbol={symbol} /> is king of the hill at{' '}
      <span className="figure" title={exactSol(marketCap)}>
        {formatMarketCap(marketCap)}
      </span>
      {previous !== false && <span className="muted">, ahead of {previous}</span>}
    </>
  );
}

function MedalsSentence({ parts }: Pick<ActivityOf<'medals'>, 'parts'>) {
  const { season, medals } = parts;
  return (
    <>
      <Link href={pagePath('olympics')}>Season {season}</Link> ended
      {medals.length === 0 && ' without a medal'}
      {medals.map(({ medal, agentId, symbol, prize }, index) => (
        <span key={medal}>
          {index === 0 ? ': ' : ', '}
          {medal} to <AgentLink agentId={agentId} symbol={symbol} /> (<Sol amount={prize} />)
        </span>
      ))}
    </>
  );
}

function AgentLink({ agentId, symbol }: { readonly agentId: AgentId; readonly symbol: string }) {
  return (
    <Link className="activity-link" href={agentPath(agentId)}>
      {symbol}
    </Link>
  );
}

function VaultLink({ vaultId, name }: { readonly vaultId: VaultId; readonly name: string }) {
  return (
    <Link className="activity-link" href={vaultPath(vaultId)}>
      {name}
    </Link>
  );
}

function Sol({ amount, sign = '' }: { readonly amount: Lamports; readonly sign?: '' | '+' | '−' }) {
  return (
    <span className="figure" title={exactSol(amount)}>
      {sign}
      {formatSol(amount)} SOL
    </span>
  );
}
