import { memo } from 'react';
import { TOTAL_SUPPLY } from '../../shared/curve.ts';
import type { StakePoolChanged } from '../../shared/platform-schemas.ts';
import { lamports, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { useAccount, useStaking } from '../live/hooks.ts';
import { claimableNow } from '../live/worth.ts';
import { useSession } from '../services.ts';
import { useSignIn } from '../shell/use-sign-in.ts';
import { ClaimButton } from '../ui/claim-button.tsx';
import { SolFigure } from '../ui/figure.tsx';
import { Problem } from '../ui/panel.tsx';
import { percent, shareText } from '../ui/percent.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { StakeForm } from './stake-form.tsx';
import { dayVolume, dayYieldBps } from './yield.ts';

export type StakingProps = Pick<AgentView, 'agentId' | 'symbol' | 'phase' | 'price'>;

/** What is at stake in an agent, what that earns, and one's own part in it. */
export function Staking(props: StakingProps) {
  const { view, status, retry } = useStaking(props.agentId);
  switch (status.kind) {
    case 'waiting':
      return <SkeletonRows rows={6} label="Loading the stakes" />;
    case 'ended':
      return <Problem what="Staking" detail={status.error.message} onRetry={retry} />;
    case 'live': {
      const pool = view.get(props.agentId);
      return (
        <div className="staking">
          <Pool {...props} pool={pool} />
          <Own
            agentId={props.agentId}
            symbol={props.symbol}
            mayStake={props.phase.kind === 'bonding'}
            pool={pool}
          />
        </div>
      );
    }
    default:
      return status satisfies never;
  }
}

interface PoolProps extends StakingProps {
  /** None as long as nobody has ever staked. */
  readonly pool: StakePoolChanged | undefined;
}

function Pool({ agentId, symbol, phase, price, pool }: PoolProps) {
  const staked = pool?.staked ?? tokenUnits(0n);
  const day = trpc.candles.useQuery({ agentId, interval: '1h', limit: 25 }, { refetchInterval: 60_000 });
  const bps =
    day.data === undefined
      ? null
      : dayYieldBps(dayVolume(day.data.candles, day.dataUpdatedAt), { staked, price });
  return (
    <section className="stake-pool panel-body" aria-label={`All stakes in ${symbol}`}>
      <h3>All stakes</h3>
      <dl className="sums">
        <div>
          <dt>Staked</dt>
          <dd>
            <Tokens value={staked} symbol={symbol} />
          </dd>
        </div>
        <div>
          <dt>Of the supply</dt>
          <dd className="figure">{shareText(staked, TOTAL_SUPPLY)}</dd>
        </div>
        <div>
          <dt>Stakers</dt>
          <dd className="figure">{(pool?.stakers ?? 0).toLocaleString('en-US')}</dd>
        </div>
        <div>
          <dt>Rewards so far</dt>
          <dd>
            <SolFigure value={pool?.rewards ?? lamports(0n)} /> SOL
          </dd>
        </div>
        {phase.kind === 'bonding' && (
          <div>
            <dt>Yield a day</dt>
            <dd className="figure">{bps === null ? '–' : percent(bps, 2)}</dd>
          </div>
        )}
      </dl>
      <p className="muted stake-note">
        {phase.kind === 'graduated'
          ? 'It has graduated: nothing is traded on the curve any more, so stakes earn nothing new. What they have earned can be claimed.'
          : 'A fifth of the protocol fee of every trade goes to the stakers. The yield is that of the last 24 hours, at the price of now: another day brings more or less.'}
      </p>
    </section>
  );
}

interface OwnProps extends Pick<PoolProps, 'agentId' | 'symbol' | 'pool'> {
  /** What has graduated takes no new stakes. */
  readonly mayStake: boolean;
}

const Own = memo(function Own({ agentId, symbol, mayStake, pool }: OwnProps) {
  const session = useSession();
  const { view: account, status, retry } = useAccount();
  const signIn = useSignIn();
  if (session.kind !== 'signed_in') {
    return (
      <section className="stake-own blank" aria-label="Your stake">
        <p className="blank-title">Stake {symbol}</p>
        <p>Sign in to stake what you hold and to claim what it has earned.</p>
        <button type="button" className="button button-primary" onClick={signIn}>
          Sign in
        </button>
      </section>
    );
  }
  if (status.kind === 'ended') {
    return <Problem what="Your stake" detail={status.error.message} onRetry={retry} />;
  }
  if (account === null) return <SkeletonRows rows={6} label="Loading your stake" />;
  const stake = account.stakes.find((one) => one.agentId === agentId);
  const held = account.holdings.find((one) => one.agentId === agentId);
  const staked = stake?.staked ?? tokenUnits(0n);
  const claim = stake === undefined ? lamports(0n) : claimableNow(stake, pool?.rewardPerUnit);
  return (
    <section className="stake-own panel-body" aria-label="Your stake">
      <h3>Your stake</h3>
      <dl className="sums">
        <div>
          <dt>Staked</dt>
          <dd>
            <Tokens value={staked} symbol={symbol} />
          </dd>
        </div>
        <div>
          <dt>Claimed so far</dt>
          <dd>
            <SolFigure value={stake?.claimed ?? lamports(0n)} /> SOL
          </dd>
        </div>
        <div className="stake-claim">
          <dt>To claim now</dt>
          <dd>
            <SolFigure value={claim} /> SOL
            <ClaimButton agentId={agentId} symbol={symbol} amount={claim} />
          </dd>
        </div>
      </dl>
      <StakeForm
        agentId={agentId}
        symbol={symbol}
        mayStake={mayStake}
        free={tokenUnits((held?.tokens ?? 0n) - (held?.staked ?? 0n))}
        staked={staked}
      />
    </section>
  );
});
