import { CURVE_SUPPLY } from '../../shared/curve.ts';
import { agentId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { sol, tokenUnits } from '../../shared/units.ts';
import type { TestMarket } from './test-app.ts';

const ONE = agentId('1');
const FIRST = vaultId('1');
const SEASON_MS = 60_000;

/** Whose story it is: a trader, and the manager of the first vault. */
export interface Cast {
  readonly ann: WalletAddress;
  readonly mia: WalletAddress;
}

/** What has to be there: funded people, an agent that trades, a vault and a season. */
export async function beginStory(market: TestMarket): Promise<Cast> {
  const cast = { ann: await market.fund('ann', '100000'), mia: await market.fund('mia') };
  await market.createAgent('ONE');
  await market.buy(cast.ann, ONE, '2');
  await market.as(cast.mia).createVault({
    clientOrderId: market.orderId(),
    name: 'First',
    performanceFeeBps: 1_000,
  });
  await turn(market);
  return cast;
}

const turn = async ({ app }: TestMarket): Promise<void> => {
  const season = app.market.season?.season ?? 0;
  await app.services.executor.submit({ kind: 'turn_season', season, lengthMs: SEASON_MS });
};

/** A round in which something happens on every channel, more than once on most of them. */
export async function playRound(market: TestMarket, { ann, mia }: Cast): Promise<void> {
  const order = () => ({ clientOrderId: market.orderId() });
  const { trade } = await market.buy(ann, ONE, '0.5');
  const half = tokenUnits(trade.tokens / 2n);
  await market.as(ann).stake({ ...order(), agentId: ONE, tokens: half });
  const { deposit } = await market.as(ann).vaultDeposit({ ...order(), vaultId: FIRST, sol: sol('5') });
  await market.as(mia).vaultBuy({
    ...order(),
    vaultId: FIRST,
    agentId: ONE,
    exact: 'sol',
    sol: sol('1'),
  });
  await market.as(ann).claimRewards({ ...order(), agentId: ONE });
  await market.as(ann).unstake({ ...order(), agentId: ONE, tokens: tokenUnits(half / 2n) });
  const full = await market.createAgent(`F${market.log.head}`, ann);
  await market.buy(ann, full, '30');
  await market.as(ann).buy({
    ...order(),
    agentId: full,
    exact: 'tokens',
    tokens: CURVE_SUPPLY,
    maxSol: sol('1000'),
  });
  await market.as(ann).vaultWithdraw({
    ...order(),
    vaultId: FIRST,
    shares: deposit.shares / 2n,
  });
  market.clock.advance(SEASON_MS);
  await turn(market);
  await market.operator.credit({ ...order(), wallet: ann, sol: sol('1') });
  await market.buy(ann, ONE, '0.1');
}
