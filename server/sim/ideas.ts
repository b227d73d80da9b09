import type { Random } from './random.ts';

const KINDS = [
  'Scout',
  'Oracle',
  'Weaver',
  'Warden',
  'Courier',
  'Broker',
  'Gardener',
  'Scribe',
  'Pilot',
  'Smith',
];
const TRAITS = [
  'Quiet',
  'Amber',
  'Nimble',
  'Polar',
  'Rapid',
  'Velvet',
  'Solar',
  'Lunar',
  'Crisp',
  'Wild',
  'Deep',
];
const TASKS = [
  'Watches new pools and writes down what changed.',
  'Answers questions about wallets in plain words.',
  'Collects research notes and keeps them in order.',
  'Rebalances a small portfolio once an hour.',
  'Summarises governance votes before they close.',
  'Finds bugs in contracts and explains them.',
  'Books travel for people who hate forms.',
];

export interface AgentIdea {
  readonly name: string;
  readonly symbol: string;
  readonly purpose: string;
}

/** A made-up agent. Its symbol may be taken already. */
export function agentIdea(random: Random): AgentIdea {
  const trait = random.pick(TRAITS) ?? '';
  const kind = random.pick(KINDS) ?? '';
  return {
    name: `${trait} ${kind}`,
    symbol: `${trait.slice(0, 2)}${kind.slice(0, 3)}${random.below(1000)}`.toUpperCase(),
    purpose: random.pick(TASKS) ?? '',
  };
}
