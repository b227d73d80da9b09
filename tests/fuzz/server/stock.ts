import type { App } from '../../../server/app.ts';
import { agentId, vaultId } from '../../../shared/ids.ts';
import { sol, tokens } from '../../../shared/units.ts';
import {
  ATTACKED_AGENTS,
  ATTACKERS,
  HONEST_AGENTS,
  HONEST_TRADERS,
  orderOf,
  VAULTS,
  walletOf,
} from '../world.ts';

/** Buys before the run, so that tapes, candles and holders have something to tell. */
const BUYS = 100;

/** Fills an empty market with what {@link HONEST_AGENTS} and its neighbours name. */
export async function stock(app: App): Promise<void> {
  const operator = app.caller({ wallet: walletOf('operator'), operator: true });
  const creator = app.caller({ wallet: walletOf('creator') });
  for (const [names, amount] of [
    [HONEST_TRADERS, '1000000'],
    [[...ATTACKERS, 'creator'], '8'],
  ] as const) {
    for (const name of names) {
      await operator.credit({
        clientOrderId: orderOf(`credit-${name}`),
        wallet: walletOf(name),
        sol: sol(amount),
      });
    }
  }
  for (const id of [...HONEST_AGENTS, ...ATTACKED_AGENTS]) {
    const { agent } = await creator.createAgent({
      clientOrderId: orderOf(`create-${id}`),
      name: `Agent ${id}`,
      symbol: `A${id}`,
    });
    if (agent.agentId !== id) throw new Error(`agent ${agent.agentId} in place of ${id}`);
  }
  for (const id of VAULTS) {
    await creator.createVault({ clientOrderId: orderOf(`vault-${id}`), name: `Vault ${id}` });
    const order = { clientOrderId: orderOf(`deposit-${id}`), vaultId: vaultId(id) };
    await creator.vaultDeposit({ ...order, sol: sol('1') });
  }
  await trade(app);
}

async function trade(app: App): Promise<void> {
  const names = [...ATTACKERS];
  for (let index = 0; index < BUYS; index += 1) {
    const caller = app.caller({ wallet: walletOf(names[index % names.length] ?? '') });
    const agent = agentId(ATTACKED_AGENTS[index % ATTACKED_AGENTS.length] ?? '');
    const order = { agentId: agent, tokens: tokens('1000') };
    await caller.buy({ ...order, clientOrderId: orderOf(`buy-${index}`), exact: 'tokens', maxSol: sol('1') });
    if (index < names.length) {
      await caller.stake({ agentId: agent, clientOrderId: orderOf(`stake-${index}`), tokens: tokens('10') });
    }
  }
}
