import type { VaultId } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL, lamports, shares as parseShares, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Mind } from './mind.ts';
import type { Player, PlayerApi } from './players.ts';

const MANAGE_CHANCE = 0.6;
const SELL_CHANCE = 0.4;
const WITHDRAW_CHANCE = 0.4;
const PERFORMANCE_FEE_BPS = 1_000;
const SMALLEST_BUY = LAMPORTS_PER_SOL / 20n;
const NAMES = ['North Star', 'Slow Money', 'Night Shift', 'Kite Capital'];

export interface VaultMoves {
  readonly mind: Mind;
  readonly bonding: readonly AgentView[];
  /** It comes as a manager: it opens a vault if it has none. */
  readonly manages: boolean;
}

/**
 * A manager opens its vault, or trades for it; others put SOL into a vault, or take their part out.
 * @returns whether there was anything to do
 */
export async function moveVault(
  { wallet, api }: Player,
  { mind, bonding, manages }: VaultMoves,
): Promise<boolean> {
  const { random } = mind;
  const { vaults } = await api.vaults({ limit: 100 });
  const own = vaults.find(({ manager }) => manager === wallet);
  if (manages && own === undefined) {
    const name = random.pick(NAMES) ?? '';
    await api.createVault({ ...mind.order(), name, performanceFeeBps: PERFORMANCE_FEE_BPS });
    return true;
  }
  if (own !== undefined && random.next() < MANAGE_CHANCE) return manage(api, own, { mind, bonding });
  const { account } = await api.account();
  const held = random.next() < WITHDRAW_CHANCE ? random.pick(account.shares) : undefined;
  if (held !== undefined) {
    const shares = parseShares(held.shares / 2n || held.shares);
    await api.vaultWithdraw({ ...mind.order(), vaultId: held.vaultId, shares });
    return true;
  }
  const vault = random.pick(vaults);
  if (vault === undefined) return false;
  await api.vaultDeposit({ ...mind.order(), vaultId: vault.vaultId, sol: mind.spend() });
  return true;
}

async function manage(
  api: PlayerApi,
  { vaultId, sol }: { readonly vaultId: VaultId; readonly sol: bigint },
  { mind, bonding }: Pick<VaultMoves, 'mind' | 'bonding'>,
): Promise<boolean> {
  const { random } = mind;
  const live = new Set(bonding.map(({ agentId }) => agentId));
  const { vault } = await api.vault({ vaultId });
  const positions = vault.positions.filter(({ agentId, tokens }) => tokens > 0n && live.has(agentId));
  const position = random.next() < SELL_CHANCE ? random.pick(positions) : undefined;
  if (position !== undefined) {
    const tokens = tokenUnits(position.tokens / 2n || position.tokens);
    await api.vaultSell({ ...mind.order(), vaultId, agentId: position.agentId, tokens });
    return true;
  }
  const agent = random.pick(bonding.filter(({ creator }) => creator !== vault.manager));
  const spend = lamports(sol / 4n);
  if (agent === undefined || spend < SMALLEST_BUY) return false;
  const order = { ...mind.order(), vaultId, agentId: agent.agentId };
  await api.vaultBuy({ ...order, exact: 'sol', sol: spend });
  return true;
}
