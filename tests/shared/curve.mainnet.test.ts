import { describe, expect, it } from 'vitest';
import { parseRecordedTrades } from '../../server/sim/recorded-trades.ts';
import { type Curve, fillBuyTokens, fillSellTokens, INITIAL_CURVE } from '../../shared/curve.ts';
import type { MintAddress } from '../../shared/ids.ts';
import { recording } from './fixtures.ts';

describe('the curve against mainnet', () => {
  const trades = parseRecordedTrades(recording());

  it('has the whole recording to go by', () => {
    expect(trades).toHaveLength(1467);
    expect(trades.filter(({ side }) => side === 'buy')).toHaveLength(766);
    expect(new Set(trades.map((trade) => trade.mint)).size).toBe(3);
  });

  it('reproduces every recorded trade to the lamport', () => {
    const curves = new Map<MintAddress, Curve>();
    for (const [index, trade] of trades.entries()) {
      const before = curves.get(trade.mint) ?? INITIAL_CURVE;
      const fill = (trade.side === 'buy' ? fillBuyTokens : fillSellTokens)(before, trade.tokens);
      const { side, tokens, sol, protocolFee, creatorFee, after } = trade;
      expect(fill, `line ${index + 2}`).toEqual({ side, tokens, sol, protocolFee, creatorFee, after });
      curves.set(trade.mint, fill.after);
    }
  });
});
