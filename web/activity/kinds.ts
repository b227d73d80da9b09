import type { ActivityKind } from '../../shared/inputs.ts';

/** Kinds of activity as they are chosen: each choice is of those that belong together. */
export const TOPICS = {
  agents: { title: 'New agents', kinds: ['agent_created'] },
  trades: { title: 'Large trades', kinds: ['whale_trade'] },
  hill: { title: 'King of the hill', kinds: ['king_changed'] },
  graduations: { title: 'Graduations', kinds: ['agent_graduated'] },
  staking: { title: 'Staking', kinds: ['staked', 'unstaked'] },
  vaults: { title: 'Vaults', kinds: ['vault_created', 'vault_deposited', 'vault_withdrawn'] },
  medals: { title: 'Medals', kinds: ['medals'] },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly kinds: readonly ActivityKind[] }>
>;
export type Topic = keyof typeof TOPICS;

/** In the order in which they are offered. */
export const TOPIC_NAMES: readonly Topic[] = [
  'agents',
  'trades',
  'hill',
  'graduations',
  'staking',
  'vaults',
  'medals',
];

/** What to ask for; `undefined`, which is everything, when nothing is chosen. */
export const kindsOf = (chosen: readonly Topic[]): readonly ActivityKind[] | undefined =>
  chosen.length === 0
    ? undefined
    : TOPIC_NAMES.flatMap((topic) => (chosen.includes(topic) ? TOPICS[topic].kinds : []));

/** Chosen when it was not, and the other way round. */
export const toggled = (chosen: readonly Topic[], topic: Topic): readonly Topic[] =>
  chosen.includes(topic) ? chosen.filter((other) => other !== topic) : [...chosen, topic];
