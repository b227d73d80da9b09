import { describe, expect, it } from 'vitest';
import {
  CURVE_SUPPLY,
  type Curve,
  fillBuyTokens,
  fillSellTokens,
  INITIAL_CURVE,
  saleProceeds,
  tokensForSpend,
  tokensSold,
} from '../../shared/curve.ts';
import { agentId, vaultId, walletAddress } from '../../shared/ids.ts';
import type { AccountView, VaultSummary } from '../../shared/platform-schemas.ts';
import { lamports, price, RATE_SCALE, rate, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import type { PriceChanged } from '../../shared/view-schemas.ts';
import {
  averageCost,
  gainBps,
  type Market,
  pricedAgents,
  unrealisedOf,
  valuationOf,
  worthOf,
} from '../../web/portfolio/valuation.ts';
import { WALLETS } from '../support/entries.ts';

const priceAt = (curve: Curve, id = '1'): PriceChanged => ({
  type: 'price_changed',
  seq: 1,
  at: 0,
  agentId: agentId(id),
  price: price(1n),
  marketCap: lamports(1n),
  tokensSold: tokensSold(curve),
  totalValueLocked: curve.realSol,
  progressBps: 0,
  volume: lamports(0n),
  trades: 1,
});

/** The curve after a buy of that much SOL. */
const boughtFor = (text: string, curve = INITIAL_CURVE): Curve =>
  fillBuyTokens(curve, tokensForSpend(curve, sol(text))).after;

const holding = (id: string, given: Partial<AccountView['holdings'][number]> = {}) => ({
  agentId: agentId(id),
  tokens: tokens('1000000'),
  staked: tokenUnits(0n),
  cost: sol('1'),
  realised: 0n,
  ...given,
});

const account = (given: Partial<AccountView> = {}): AccountView => ({
  wallet: walletAddress(WALLETS[0]),
  sol: sol('5'),
  holdings: [],
  stakes: [],
  shares: [],
  fills: [],
  ...given,
});

const market = (given: Partial<Market> = {}): Market => ({
  prices: new Map(),
  pools: new Map(),
  vaults: new Map(),
  ...given,
});
const pricesOf = (...prices: readonly PriceChanged[]) => new Map(prices.map((one) => [one.agentId, one]));

const vaultOf = (id: string, shareValue: bigint): VaultSummary => ({
  vaultId: vaultId(id),
  address: walletAddress(WALLETS[1]),
  manager: walletAddress(WALLETS[2]),
  name: `Vault ${id}`,
  performanceFeeBps: 0,
  createdAt: 0,
  sol: sol('1'),
  netAssetValue: sol('1'),
  shares: shares(1_000n),
  holders: 1,
  positions: 0,
  shareValue: rate(shareValue),
  highWaterMark: rate(0n),
});

describe('the worth of a holding', () => {
  it('is what the curve would pay for it, whatever was traded before', () => {
    let curve = INITIAL_CURVE;
    for (const text of ['0.3', '12', '0.000001', '40']) {
      curve = boughtFor(text, curve);
      curve = fillSellTokens(curve, tokenUnits(tokensSold(curve) / 3n)).after;
      const held = tokenUnits(tokensSold(curve) / 2n);
      expect(worthOf(priceAt(curve), held)).toEqual({ kind: 'known', value: saleProceeds(curve, held) });
    }
  });

  it('is unknown before the price has come, and once the agent has graduated', () => {
    expect(worthOf(undefined, tokens('1'))).toEqual({ kind: 'waiting' });
    const soldOut = fillBuyTokens(INITIAL_CURVE, CURVE_SUPPLY).after;
    expect(worthOf(priceAt(soldOut), tokens('1'))).toEqual({ kind: 'graduated' });
  });

  it('is at most what was sold by then, when the account is ahead of the price', () => {
    const curve = boughtFor('1');
    const all = tokensSold(curve);
    expect(worthOf(priceAt(curve), tokenUnits(all + 1n))).toEqual({
      kind: 'known',
      value: saleProceeds(curve, all),
    });
    expect(worthOf(priceAt(INITIAL_CURVE), tokens('1'))).toEqual({ kind: 'known', value: 0n });
  });

  it('gains over its cost, and nothing is made up where it is unknown', () => {
    const position = { ...holding('1'), worth: { kind: 'known', value: sol('0.75') } as const };
    expect(unrealisedOf(position)).toBe(-250_000_000n);
    expect(unrealisedOf({ ...position, worth: { kind: 'graduated' } })).toBeNull();
    expect(gainBps(-250_000_000n, sol('1'))).toBe(-2_500);
    expect(gainBps(5n, lamports(0n))).toBeNull();
  });

  it('has an average cost per token', () => {
    expect(averageCost({ tokens: tokens('2'), cost: sol('1') })).toBe(500_000_000_000_000_000n);
    expect(averageCost({ tokens: tokenUnits(0n), cost: sol('1') })).toBeNull();
    // No price has so many digits.
    expect(averageCost({ tokens: tokenUnits(1n), cost: sol('100') })).toBeNull();
  });
});

describe('a portfolio', () => {
  const rich = boughtFor('60');
  const poor = boughtFor('2');
  const soldOut = fillBuyTokens(INITIAL_CURVE, CURVE_SUPPLY).after;
  const value = (curve: Curve) => saleProceeds(curve, tokens('1000000'));

  it('lists the most valuable first, those without a value last, and what was sold apart', () => {
    const { open, closed } = valuationOf(
      account({
        holdings: [
          holding('1'),
          holding('2'),
          holding('3'),
          holding('4', { tokens: tokenUnits(0n), realised: -5n }),
          holding('5', { tokens: tokenUnits(0n), realised: 7n }),
          holding('6'),
        ],
      }),
      market({ prices: pricesOf(priceAt(soldOut, '1'), priceAt(poor, '2'), priceAt(rich, '3')) }),
    );
    expect(open.map((position) => position.agentId)).toEqual(['3', '2', '1', '6']);
    expect(closed.map((position) => position.agentId)).toEqual(['5', '4']);
  });

  it('adds up what is known, and counts what is not', () => {
    const { totals } = valuationOf(
      account({
        holdings: [
          holding('1', { realised: 30n }),
          holding('2', { cost: sol('0.01') }),
          holding('3'),
          holding('4'),
          holding('5', { tokens: tokenUnits(0n), cost: lamports(0n), realised: -100n }),
        ],
        shares: [
          { vaultId: vaultId('1'), shares: shares(500n) },
          { vaultId: vaultId('2'), shares: shares(500n) },
        ],
        stakes: [
          {
            agentId: agentId('1'),
            staked: tokenUnits(10n),
            owed: rate(3n * RATE_SCALE),
            rewardPerUnit: rate(0n),
            claimed: lamports(0n),
          },
        ],
      }),
      market({
        prices: pricesOf(priceAt(rich, '1'), priceAt(poor, '2'), priceAt(soldOut, '3')),
        vaults: new Map([[vaultId('1'), vaultOf('1', 2n * RATE_SCALE)]]),
      }),
    );
    const holdings = value(rich) + value(poor);
    expect(totals).toEqual({
      holdings,
      claimable: 3n,
      vaults: 1_000n,
      all: sol('5') + holdings + 3n + 1_000n,
      cost: sol('1.01'),
      unrealised: holdings - sol('1.01'),
      realised: -70n,
      graduated: 1,
      // An agent and a vault.
      waiting: 2,
    });
  });

  it('can claim what its stakes have earned since, by the newer of pool and account', () => {
    const stake = {
      agentId: agentId('1'),
      staked: tokenUnits(4n),
      owed: rate(RATE_SCALE),
      rewardPerUnit: rate(5n * RATE_SCALE),
      claimed: lamports(0n),
    };
    const claimableAt = (rewardPerUnit: bigint | null): bigint | undefined =>
      valuationOf(
        account({ stakes: [stake] }),
        market({
          pools: new Map(
            rewardPerUnit === null ? [] : [[agentId('1'), { rewardPerUnit: rate(rewardPerUnit) }]],
          ),
        }),
      ).stakes[0]?.claimable;
    expect(claimableAt(null)).toBe(1n);
    expect(claimableAt(7n * RATE_SCALE)).toBe(9n);
    expect(claimableAt(2n * RATE_SCALE)).toBe(1n);
  });

  it('lists stakes by their size, which no claim changes', () => {
    const stakeOf = (id: string, staked: bigint, owed: bigint) => ({
      agentId: agentId(id),
      staked: tokenUnits(staked),
      owed: rate(owed * RATE_SCALE),
      rewardPerUnit: rate(0n),
      claimed: lamports(0n),
    });
    const { stakes } = valuationOf(
      account({ stakes: [stakeOf('1', 5n, 9n), stakeOf('2', 7n, 0n), stakeOf('3', 5n, 99n)] }),
      market(),
    );
    expect(stakes.map((stake) => stake.agentId)).toEqual(['2', '1', '3']);
  });

  it('asks for the prices of what it holds, the dearest where there are too many', () => {
    const many = Array.from({ length: 103 }, (_, index) =>
      holding(`${index + 1}`, { cost: lamports(BigInt(index)) }),
    );
    const asked = pricedAgents([...many, holding('900', { tokens: tokenUnits(0n) })]);
    expect(asked).toHaveLength(100);
    expect(asked).not.toContain('900');
    expect(asked).not.toContain('3');
    expect(asked).toContain('4');
  });
});
