import type { Command } from '../server/market/command.ts';
import { namedWallet } from '../server/sim/players.ts';
import { agentId, clientOrderId } from '../shared/ids.ts';
import { lamports, sol, tokenUnits } from '../shared/units.ts';

export const AGENTS = 50;
export const WALLETS = 200;

const wallets = Array.from({ length: WALLETS }, (_, index) => namedWallet(`bench ${index}`));
export const walletAt = (index: number) => wallets[index % WALLETS] ?? namedWallet('bench');

/** Credits every wallet and creates every agent: what trading needs first. */
export function setUpCommands(): Command[] {
  const credits = wallets.map(
    (to, index): Command => ({
      kind: 'credit_wallet',
      wallet: to,
      clientOrderId: clientOrderId(`credit-${index}`),
      to,
      sol: sol('1000000'),
    }),
  );
  const creations = Array.from(
    { length: AGENTS },
    (_, index): Command => ({
      kind: 'create_agent',
      wallet: walletAt(index),
      clientOrderId: clientOrderId(`create-${index}`),
      name: `Agent ${index}`,
      symbol: `A${index}`,
      purpose: '',
      imageUrl: null,
      firstBuy: null,
    }),
  );
  return [...credits, ...creations];
}

/** Wallets buy and then sell what they bought, so that the curves stay where they are however long it goes on. */
export function tradeCommand(index: number): Command {
  const pair = index >> 1;
  const base = {
    wallet: walletAt(pair),
    clientOrderId: clientOrderId(`b-${index}`),
    agentId: agentId(`${1 + (pair % AGENTS)}`),
  };
  const tokens = tokenUnits(1_000_000_000n + BigInt(pair % 1000) * 1_000_000n);
  return index % 2 === 0
    ? { ...base, kind: 'buy_tokens', tokens, maxSol: sol('1') }
    : { ...base, kind: 'sell_tokens', tokens, minSol: lamports(0n) };
}

/** Set-up, then trades for ever; every command is accepted. */
export function* marketCommands(): Generator<Command, never> {
  yield* setUpCommands();
  for (let index = 0; ; index += 1) yield tradeCommand(index);
}
