import type { Command, OrderedCommand, TradeTerms } from '../../server/market/command.ts';
import { tokensOf } from '../../server/market/ledger.ts';
import { stakeOf } from '../../server/market/staking.ts';
import type { MarketState } from '../../server/market/state.ts';
import type { Vault } from '../../server/market/vaults.ts';
import {
  type AgentId,
  agentId,
  type ClientOrderId,
  clientOrderId,
  vaultId,
  type WalletAddress,
} from '../../shared/ids.ts';
import { type Lamports, lamports, shares, type TokenUnits, tokenUnits } from '../../shared/units.ts';
import { wallet } from './wallets.ts';

/** Numbers that one command is made from. */
export const GENES_PER_COMMAND = 4;

const WALLETS: readonly WalletAddress[] = ['ann', 'bob', 'cyd', 'dee', 'eve', 'fay'].map(wallet);
/** Most commands are about the newest agents and the first vaults, so that they meet each other. */
const AGENTS = 6;
const VAULTS = 3;
const SEASON_LENGTHS = [60_000, 300_000, 1_000_000] as const;

/** Amounts of every size, from nothing to beyond what the curve can take, most of them ordinary. */
function amountFrom(gene: number, most: bigint): bigint {
  const magnitude = BigInt(gene % 20);
  const fraction = BigInt((gene >>> 5) + 1);
  const amount = (10n ** magnitude * fraction) >> 26n;
  return amount >= most ? most - 1n : amount;
}

/** One in eight limits is tight, so that slippage is met; the others let everything pass. */
const isTight = (gene: number): boolean => (gene & 7) === 0;

/** What a command is made from. */
interface Draw {
  readonly index: number;
  readonly state: MarketState;
  readonly who: number;
  readonly what: number;
  readonly size: number;
  readonly base: { readonly wallet: WalletAddress; readonly clientOrderId: ClientOrderId };
  readonly agent: AgentId;
  readonly vault: Vault | undefined;
  readonly tight: boolean;
  readonly sol: Lamports;
  readonly tokens: TokenUnits;
}

/**
 * Makes a command from four numbers, given the state that it will meet: valid in form, but as often refused as not.
 * `index` makes its order id; now and then an older one is used again.
 */
export function commandFrom(genes: ArrayLike<number>, index: number, state: MarketState): Command {
  const [kind = 0, who = 0, what = 0, size = 0] = Array.from(
    { length: GENES_PER_COMMAND },
    (_, offset) => genes[index * GENES_PER_COMMAND + offset] ?? 0,
  );
  // An order that came before: the same command again, which the state may make another one, or its id alone.
  const again = (who >>> 8) % 64;
  if (again === 0 && index > 0) return commandFrom(genes, what % index, state);
  // What can sell out a curve at once is rare, or there would be no agent left to trade in.
  const huge = (who >>> 27) % 16 === 0;
  const draw: Draw = {
    index,
    state,
    who,
    what,
    size,
    base: {
      wallet: WALLETS[who % WALLETS.length] ?? wallet('ann'),
      clientOrderId: clientOrderId(`o-${again === 1 && index > 0 ? what % index : index}`),
    },
    agent: agentFrom(what, state),
    vault: state.vaults.byId.get(vaultId(`${1 + ((what >>> 4) % VAULTS)}`)),
    tight: isTight(what >>> 8),
    sol: lamports(amountFrom(size, huge ? 10n ** 13n : 10n ** 10n) + 1n),
    tokens: tokenUnits(amountFrom(size, huge ? 10n ** 15n : 3n * 10n ** 13n) + 1n),
  };
  switch (kind % 32) {
    case 0:
      return credit(draw);
    case 1:
      return (what >>> 5) % 4 === 0 ? { ...draw.base, kind: 'take_faucet' } : credit(draw);
    case 2:
      return creation(draw);
    case 3:
      return turn(draw);
    case 4:
    case 5:
    case 6:
      return stakeMove(draw);
    case 7:
      return { ...draw.base, kind: 'claim_rewards', agentId: draw.agent };
    case 8:
    case 9:
      return deposit(draw);
    case 10:
      return withdrawal(draw);
    case 11:
    case 12:
    case 13:
      return vaultTrade(draw);
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
    case 19:
    case 20:
      return { ...draw.base, ...buy(draw) };
    default:
      return { ...draw.base, ...sale(draw, draw.base.wallet) };
  }
}

/** One of the newest agents, the one that does not exist yet, or now and then one of the oldest. */
function agentFrom(what: number, { agents }: MarketState): AgentId {
  const before = (what >>> 12) % 8 === 0 ? 0 : Math.max(0, agents.size - AGENTS);
  return agentId(`${before + 1 + (what % (AGENTS + 1))}`);
}

/** To the wallet itself, now and then to a vault. */
function credit({ base, what, size, vault }: Draw): OrderedCommand {
  const to = what % 8 === 0 && vault !== undefined ? vault.address : base.wallet;
  return { ...base, kind: 'credit_wallet', to, sol: lamports(amountFrom(size, 10n ** 12n) + 1n) };
}

const creation = ({ base, index, what, tight, sol, tokens }: Draw): OrderedCommand => ({
  ...base,
  kind: 'create_agent',
  name: `Agent ${index}`,
  symbol: `S${what % 60}`,
  purpose: '',
  imageUrl: null,
  firstBuy: (what >>> 16) % 2 === 0 ? null : { sol, minTokens: tokenUnits(tight ? tokens : 0n) },
});

/** Mostly the season that runs. */
const turn = ({ state, what, size }: Draw): Command => ({
  kind: 'turn_season',
  season: what % 8 === 0 ? what % 5 : (state.season?.season ?? 0),
  lengthMs: SEASON_LENGTHS[size % SEASON_LENGTHS.length] ?? SEASON_LENGTHS[0],
});

function stakeMove({ base, who, size, state, agent, tokens }: Draw): OrderedCommand {
  const kind = (who >>> 20) % 3 === 0 ? 'unstake' : 'stake';
  const most =
    kind === 'stake' ? tokensOf(state.ledger, agent, base.wallet) : stakeOf(state.pools, agent, base.wallet);
  return { ...base, kind, agentId: agent, tokens: partOrAny(who, size, { most, otherwise: tokens }) };
}

/** A part of what there is, now and then any amount. */
function partOrAny(
  who: number,
  size: number,
  { most, otherwise }: { readonly most: bigint; readonly otherwise: TokenUnits },
): TokenUnits {
  const part = most / BigInt(1 + (size % 4));
  return part > 0n && (who >>> 16) % 8 !== 0 ? tokenUnits(part) : otherwise;
}

/** Into a vault, or a new vault while there are few. */
function deposit({ base, index, what, size, state, vault, tight, sol, tokens }: Draw): OrderedCommand {
  if (state.vaults.byId.size < VAULTS) {
    return { ...base, kind: 'create_vault', name: `Vault ${index}`, performanceFeeBps: (size % 5) * 500 };
  }
  return {
    ...base,
    kind: 'vault_deposit',
    vaultId: vault === undefined || what % 32 === 0 ? vaultId('99') : vault.vaultId,
    sol: lamports(amountFrom(size, 10n ** 11n) + 1n),
    minShares: shares(tight ? tokens + sol : 0n),
  };
}

function withdrawal({ base, who, what, size, vault, tokens }: Draw): OrderedCommand {
  const most = vault?.holders.get(base.wallet) ?? 0n;
  return {
    ...base,
    kind: 'vault_withdraw',
    vaultId: vault === undefined || what % 32 === 0 ? vaultId('99') : vault.vaultId,
    shares: shares(partOrAny(who, size, { most, otherwise: tokens })),
  };
}

/** By the vault's manager, now and then by another. */
function vaultTrade(draw: Draw): OrderedCommand {
  const { base, who, what, vault } = draw;
  const manages = vault !== undefined && (who >>> 12) % 8 !== 0;
  return {
    ...base,
    wallet: manages ? vault.manager : base.wallet,
    kind: 'vault_trade',
    vaultId: vault === undefined || what % 32 === 0 ? vaultId('99') : vault.vaultId,
    terms: who % 3 === 0 ? sale(draw, vault?.address ?? base.wallet) : buy(draw),
  };
}

function buy({ who, agent, tight, sol, tokens }: Draw): TradeTerms {
  return (who >>> 24) % 7 < 4
    ? { kind: 'buy_for_sol', agentId: agent, sol, minTokens: tokenUnits(tight ? tokens : 0n) }
    : { kind: 'buy_tokens', agentId: agent, tokens, maxSol: tight ? sol : lamports(10n ** 15n) };
}

function sale({ who, size, state, agent, tight, sol, tokens }: Draw, seller: WalletAddress): TradeTerms {
  const most = tokensOf(state.ledger, agent, seller) + stakeOf(state.pools, agent, seller) / 8n;
  return {
    kind: 'sell_tokens',
    agentId: agent,
    tokens: partOrAny(who, size, { most, otherwise: tokens }),
    minSol: tight ? sol : lamports(0n),
  };
}
