import type { VaultSummary } from '../../../shared/platform-schemas.ts';
import type { AgentView } from '../../../shared/view-schemas.ts';
import { agentPath, vaultPath } from '../../router.ts';
import { ALL_PLACES, type Place } from '../places.ts';

/** Something that search has found, and where it is. */
export type Result =
  | { readonly kind: 'agent'; readonly path: string; readonly agent: AgentView }
  | { readonly kind: 'vault'; readonly path: string; readonly vault: VaultSummary }
  | { readonly kind: 'page'; readonly path: string; readonly place: Place };

/** Results of one kind, under a heading of their own. */
export interface ResultGroup {
  readonly heading: string;
  readonly results: readonly Result[];
}

interface Found {
  /** As it is written now. */
  readonly text: string;
  /** What the server has found, or what is trending where nothing is written. */
  readonly agents: readonly AgentView[];
  readonly vaults: readonly VaultSummary[];
}

const MOST_VAULTS = 4;

/** What is shown for a text, without the groups that are empty. */
export function resultGroups({ text, agents, vaults }: Found): readonly ResultGroup[] {
  const wanted = text.trim().toLowerCase();
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted);
  const groups: readonly ResultGroup[] = [
    {
      heading: wanted === '' ? 'Trending' : 'Agents',
      results: agents.map((agent) => ({ kind: 'agent', path: agentPath(agent.agentId), agent })),
    },
    {
      heading: 'Vaults',
      results:
        wanted === ''
          ? []
          : vaults
              .filter(({ name }) => fits(name))
              .slice(0, MOST_VAULTS)
              .map((vault) => ({ kind: 'vault', path: vaultPath(vault.vaultId), vault })),
    },
    {
      heading: 'Pages',
      results: ALL_PLACES.filter(({ label }) => fits(label)).map((place) => ({
        kind: 'page',
        path: place.href,
        place,
      })),
    },
  ];
  return groups.filter(({ results }) => results.length > 0);
}
