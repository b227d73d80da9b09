import { memo } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { CopyableAddress } from './copyable-address.tsx';

export type AboutProps = Pick<AgentView, 'purpose' | 'creator' | 'mint' | 'phase'>;

/** What an agent is for, and where it is found. */
export const About = memo(function About({ purpose, creator, mint, phase }: AboutProps) {
  return (
    <div className="about panel-body">
      <p className="purpose">{purpose === '' ? 'Its creator has not said what it is for.' : purpose}</p>
      <dl className="facts">
        <dt>Creator</dt>
        <dd>
          <CopyableAddress value={creator} what="the creator’s address" />
        </dd>
        <dt>Mint</dt>
        <dd>
          <CopyableAddress value={mint} what="the mint address" />
        </dd>
        <dt>Pool</dt>
        <dd>
          {phase.kind === 'graduated' ? (
            <CopyableAddress value={phase.poolId} what="the pool’s address" />
          ) : (
            <span className="muted">It gets one when it graduates.</span>
          )}
        </dd>
      </dl>
    </div>
  );
});
