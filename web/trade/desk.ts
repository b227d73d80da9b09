import { useMemo, useSyncExternalStore } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { AccountView, VaultDetail, VaultHistoryEntry } from '../../shared/platform-schemas.ts';
import { type Lamports, lamports, tokenUnits } from '../../shared/units.ts';
import { useAccount, useVault } from '../live/hooks.ts';
import type { PlacedTrade } from '../orders/orders.ts';
import { less, type Reserved, reservedBy } from '../orders/reserved.ts';
import { useServices } from '../services.ts';
import type { Funds } from './quote.ts';
import { sendAsVault } from './send-trade.ts';
import { createTrader, type Trader } from './trader.ts';
import { useSlippage, useTrader } from './use-trader.ts';

/** Who trades: how orders are placed, and with what. */
export interface Desk {
  readonly trader: Trader;
  /** What can be traded with in an agent now, without what orders on their way may take; `null` until it is known. */
  readonly fundsIn: (agentId: AgentId) => Funds | null;
}

/** The signed-in wallet's own; `null` when nobody is signed in. */
export function useWalletDesk(): Desk | null {
  const trader = useTrader();
  const account = useAccount().view;
  const placed = usePlaced();
  return useMemo(() => {
    if (trader === null) return null;
    return {
      trader,
      fundsIn: (agentId) => (account === null ? null : accountFunds(account, placed, agentId)),
    };
  }, [trader, account, placed]);
}

/** A vault's: its manager trades with its SOL and its tokens. */
export function useVaultDesk(vault: VaultDetail): Desk {
  const { client, orders, toasts } = useServices();
  const slippageBps = useSlippage();
  const { vaultId, address } = vault;
  const history = useVault(vaultId).view?.history;
  const placed = usePlaced();
  const trader = useMemo(
    () => createTrader({ address, send: sendAsVault(client, vaultId), orders, toasts, slippageBps }),
    [address, vaultId, client, orders, toasts, slippageBps],
  );
  return useMemo(
    () => ({ trader, fundsIn: (agentId) => vaultFunds({ vault, history: history ?? [] }, placed, agentId) }),
    [trader, vault, history, placed],
  );
}

function usePlaced(): readonly PlacedTrade[] {
  const { trades } = useServices().orders;
  return useSyncExternalStore(trades.subscribe, trades.get);
}

/** What an account can trade with in an agent. */
export function accountFunds(
  { wallet, sol, holdings, fills }: AccountView,
  placed: readonly PlacedTrade[],
  agentId: AgentId,
): Funds {
  const reserved = reservedBy(placed, { trader: wallet, trades: fills, seq: fills[0]?.seq ?? 0 });
  return fundsOf({ sol, holdings }, reserved, agentId);
}

interface KnownVault {
  readonly vault: VaultDetail;
  /** Newest first. */
  readonly history: readonly VaultHistoryEntry[];
}

/** What a vault can trade with in an agent. */
export function vaultFunds(
  { vault, history }: KnownVault,
  placed: readonly PlacedTrade[],
  agentId: AgentId,
): Funds {
  const trades = history.filter((entry): entry is TradeExecuted => entry.type === 'trade_executed');
  const known = { trader: vault.address, trades, seq: history[0]?.seq ?? 0 };
  return fundsOf({ sol: vault.sol, holdings: vault.positions }, reservedBy(placed, known), agentId);
}

interface Means {
  readonly sol: Lamports;
  readonly holdings: AccountView['holdings'];
}

function fundsOf({ sol, holdings }: Means, reserved: Reserved, agentId: AgentId): Funds {
  const holding = holdings.find((held) => held.agentId === agentId);
  const staked = holding?.staked ?? tokenUnits(0n);
  const free = less(holding?.tokens ?? 0n, staked);
  return {
    sol: lamports(less(sol, reserved.sol)),
    tokens: tokenUnits(less(free, reserved.tokensOf(agentId))),
    staked,
  };
}
