import { describe, expectTypeOf, it } from 'vitest';
import type { DeliveryOf, DeltaOf, MessageOf, SnapshotOf, SnapshotReason } from '../../shared/channels.ts';
import type {
  ConflatedChannel,
  ConflatedConsumer,
  LosslessChannel,
  LosslessConsumer,
} from '../../shared/consume.ts';
import type { AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, MintAddress, PoolId, WalletAddress } from '../../shared/ids.ts';
import type { Lamports, Price, TokenUnits } from '../../shared/units.ts';
import type { AgentView, PriceChanged } from '../../shared/view-schemas.ts';

/** Checked by the compiler: a wrong expectation fails the type check, not the run. */
describe('messages', () => {
  it('narrow by their type', () => {
    const narrow = (message: MessageOf<'trades'>) => {
      expectTypeOf(message.type).toEqualTypeOf<'snapshot' | 'trade_executed'>();
      if (message.type === 'snapshot') {
        expectTypeOf(message.trades).toEqualTypeOf<TradeExecuted[]>();
        expectTypeOf(message.reason).toEqualTypeOf<SnapshotReason>();
        expectTypeOf(message).not.toHaveProperty('trader');
      } else {
        expectTypeOf(message).toEqualTypeOf<TradeExecuted>();
        expectTypeOf(message.sol).toEqualTypeOf<Lamports>();
        expectTypeOf(message.tokens).toEqualTypeOf<TokenUnits>();
        expectTypeOf(message).not.toHaveProperty('trades');
      }
    };
    expectTypeOf(narrow).parameter(0).toEqualTypeOf<MessageOf<'trades'>>();
  });

  it('are a snapshot or something to fold', () => {
    expectTypeOf<DeltaOf<'trades'>>().toEqualTypeOf<TradeExecuted>();
    expectTypeOf<DeltaOf<'agent'>>().toEqualTypeOf<TradeExecuted | AgentGraduated>();
    expectTypeOf<DeltaOf<'prices'>>().toEqualTypeOf<PriceChanged>();
    expectTypeOf<SnapshotOf<'agent'>>().toHaveProperty('agent').toEqualTypeOf<AgentView>();
    expectTypeOf<SnapshotOf<'prices'>['type']>().toEqualTypeOf<'snapshot'>();
  });
});

describe('delivery', () => {
  it('is known per channel', () => {
    expectTypeOf<DeliveryOf<'trades'>>().toEqualTypeOf<'every'>();
    expectTypeOf<DeliveryOf<'agent'>>().toEqualTypeOf<'every'>();
    expectTypeOf<DeliveryOf<'prices'>>().toEqualTypeOf<'latest'>();
  });

  it('parts the channels in two', () => {
    expectTypeOf<'trades' | 'graduations' | 'agents' | 'agent'>().toExtend<LosslessChannel>();
    expectTypeOf<'prices'>().toExtend<ConflatedChannel>();
    expectTypeOf<'prices'>().not.toExtend<LosslessChannel>();
    expectTypeOf<'trades'>().not.toExtend<ConflatedChannel>();
  });
});

describe('consumers', () => {
  type Snapshot = { snapshot(snapshot: SnapshotOf<'trades'>, id: string): void };
  type Event = { event(event: TradeExecuted, id: string): void };

  it('of a lossless channel must handle snapshots and events', () => {
    expectTypeOf<Snapshot & Event>().toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<Event>().not.toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<Snapshot>().not.toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<LosslessConsumer<'trades'>>().not.toHaveProperty('latest');
    expectTypeOf<LosslessConsumer<'trades'>['event']>().parameter(0).toEqualTypeOf<TradeExecuted>();
  });

  it('of a conflated channel are offered values, not events', () => {
    expectTypeOf<ConflatedConsumer<'prices'>>().not.toHaveProperty('event');
    expectTypeOf<ConflatedConsumer<'prices'>>().toHaveProperty('snapshot');
    expectTypeOf<ConflatedConsumer<'prices'>['latest']>().parameter(0).toEqualTypeOf<PriceChanged>();
    expectTypeOf<{ latest(value: PriceChanged): void }>().not.toExtend<ConflatedConsumer<'prices'>>();
  });
});

describe('brands', () => {
  it('keep amounts apart', () => {
    expectTypeOf<Lamports>().not.toExtend<TokenUnits>();
    expectTypeOf<TokenUnits>().not.toExtend<Lamports>();
    expectTypeOf<Price>().not.toExtend<Lamports>();
    expectTypeOf<bigint>().not.toExtend<Lamports>();
    expectTypeOf<Lamports>().toExtend<bigint>();
  });

  it('keep ids apart', () => {
    expectTypeOf<AgentId>().not.toExtend<WalletAddress>();
    expectTypeOf<MintAddress>().not.toExtend<WalletAddress>();
    expectTypeOf<PoolId>().not.toExtend<MintAddress>();
    expectTypeOf<string>().not.toExtend<AgentId>();
    expectTypeOf<AgentId>().toExtend<string>();
  });
});
