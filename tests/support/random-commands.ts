import type { Command } from '../../server/market/command.ts';
import { tokensOf } from '../../server/market/ledger.ts';
import type { MarketState } from '../../server/market/state.ts';
import { agentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { lamports, tokenUnits } from '../../shared/units.ts';
import { wallet } from './wallets.ts';

/** Numbers that one command is made from. */
export const GENES_PER_COMMAND = 4;

const WALLETS: readonly WalletAddress[] = ['ann', 'bob', 'cyd', 'dee', 'eve', 'fay'].map(wallet);
const AGENTS = 6;

/** Amounts of every size, from nothing to beyond what the curve can take, most of them ordinary. */
function amountFrom(gene: number, most: bigint): bigint {
  const magnitude = BigInt(gene % 20);
  const fraction = BigInt((gene >>> 5) + 1);
  const amount = (10n ** magnitude * fraction) >> 26n;
  return amount >= most ? most - 1n : amount;
}

/** One in eight limits is tight, so that slippage is met; the others let everything pass. */
const isTight = (gene: number): boolean => (gene & 7) === 0;

/**
 * Makes a command from four numbers, given the state that it will meet: valid in form, but as often refused as not.
 * `index` makes its order id; now and then an older one is used again.
 */
export function commandFrom(genes: ArrayLike<number>, index: number, state: MarketState): Command {
  const [kind = 0, who = 0, what = 0, size = 0] = Array.from(
    { length: GENES_PER_COMMAND },
    (_, offset) => genes[index * GENES_PER_COMMAND + offset] ?? 0,
  );
  const trader = WALLETS[who % WALLETS.length] ?? wallet('ann');
  const reuse = (who >>> 8) % 50 === 0 && index > 0;
  const base = {
    wallet: trader,
    clientOrderId: clientOrderId(`o-${reuse ? what % index : index}`),
  };
  const agent = agentId(`${1 + (what % AGENTS)}`);
  const tight = isTight(what >>> 8);
  const sol = lamports(amountFrom(size, 10n ** 13n) + 1n);
  const tokens = tokenUnits(amountFrom(size, 10n ** 15n) + 1n);
  switch (kind % 16) {
    case 0:
      return { ...base, kind: 'credit_wallet', to: trader, sol: lamports(amountFrom(size, 10n ** 12n) + 1n) };
    case 1:
      return {
        ...base,
        kind: 'create_agent',
        name: `Agent ${index}`,
        symbol: `S${what % 40}`,
        purpose: '',
        imageUrl: null,
        firstBuy: (what >>> 16) % 2 === 0 ? null : { sol, minTokens: tokenUnits(tight ? tokens : 0n) },
      };
    case 2:
    case 3:
    case 4:
    case 5:
      return {
        ...base,
        kind: 'buy_for_sol',
        agentId: agent,
        sol,
        minTokens: tokenUnits(tight ? tokens : 0n),
      };
    case 6:
    case 7:
    case 8:
      return {
        ...base,
        kind: 'buy_tokens',
        agentId: agent,
        tokens,
        maxSol: tight ? sol : lamports(10n ** 15n),
      };
    default: {
      const held = tokensOf(state.ledger, agent, trader);
      const part = held / BigInt(1 + (size % 4));
      const sold = tokenUnits(part > 0n && (who >>> 16) % 8 !== 0 ? part : tokens);
      return {
        ...base,
        kind: 'sell_tokens',
        agentId: agent,
        tokens: sold,
        minSol: tight ? sol : lamports(0n),
      };
    }
  }
}
