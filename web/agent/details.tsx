import './details.css';
import { useState } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { About } from './about.tsx';
import { Holders } from './holders.tsx';
import { Staking } from './staking.tsx';

const PARTS = ['holders', 'staking', 'about'] as const;
type Part = (typeof PARTS)[number];
const TITLES: Readonly<Record<Part, string>> = { holders: 'Holders', staking: 'Staking', about: 'About' };

/** Who holds an agent, what is staked in it, and what it is. */
export function Details({ agent }: { readonly agent: AgentView }) {
  const [part, setPart] = useState<Part>('holders');
  return (
    <Panel
      title={TITLES[part]}
      className="details"
      aside={
        <Tabs
          label="Details"
          options={PARTS}
          chosen={part}
          titleOf={(option) => TITLES[option]}
          onChoose={setPart}
        />
      }
    >
      <DetailsPart part={part} agent={agent} />
    </Panel>
  );
}

function DetailsPart({ part, agent }: { readonly part: Part; readonly agent: AgentView }) {
  const { agentId, symbol, creator, mint, purpose, phase, price } = agent;
  switch (part) {
    case 'holders':
      return <Holders agentId={agentId} creator={creator} />;
    case 'staking':
      return <Staking agentId={agentId} symbol={symbol} phase={phase} price={price} />;
    case 'about':
      return <About purpose={purpose} creator={creator} mint={mint} phase={phase} />;
    default:
      return part satisfies never;
  }
}
