import { describe, expectTypeOf, it } from 'vitest';
import type {
  ChannelKind,
  DeliveryOf,
  DeltaOf,
  MessageOf,
  SnapshotOf,
  SnapshotReason,
} from '../../shared/channels.ts';
import type {
  ConflatedChannel,
  ConflatedConsumer,
  LosslessChannel,
  LosslessConsumer,
} from '../../shared/consume.ts';
import type {
  AgentCreated,
  AgentGraduated,
  KingChanged,
  RewardsClaimed,
  SeasonEnded,
  Staked,
  TradeExecuted,
  Unstaked,
  VaultDeposited,
  VaultWithdrawn,
  WalletCredited,
} from '../../shared/events.ts';
import type { AgentId, MintAddress, PoolId, VaultId, WalletAddress } from '../../shared/ids.ts';
import type {
  AccountView,
  Activity,
  StakePoolChanged,
  StandingsChanged,
  VaultDetail,
  VaultsChanged,
} from '../../shared/platform-schemas.ts';
import type { Lamports, Price, Rate, Shares, TokenUnits } from '../../shared/units.ts';
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
    expectTypeOf<SnapshotOf<'agent'>>().toHaveProperty('agent').toEqualTypeOf<AgentView>();
    expectTypeOf<SnapshotOf<'kings'>>().toHaveProperty('kings').toEqualTypeOf<KingChanged[]>();
    expectTypeOf<SnapshotOf<'olympics'>>().toHaveProperty('season').toEqualTypeOf<StandingsChanged | null>();
    expectTypeOf<SnapshotOf<'olympics'>>().toHaveProperty('last').toEqualTypeOf<SeasonEnded | null>();
    expectTypeOf<SnapshotOf<'vault'>>().toHaveProperty('vault').toEqualTypeOf<VaultDetail>();
    expectTypeOf<SnapshotOf<'account'>>().toHaveProperty('account').toEqualTypeOf<AccountView>();
  });

  it('say why there is a snapshot, on every channel', () => {
    type Reasons = { [K in ChannelKind]: Pick<SnapshotOf<K>, 'type' | 'reason'> };
    type Expected = Record<ChannelKind, { type: 'snapshot'; reason: SnapshotReason }>;
    expectTypeOf<Reasons>().toEqualTypeOf<Expected>();
  });
});

/** What is delivered on each channel, and how. A channel that is missing here fails the type check. */
interface Expected {
  trades: ['every', TradeExecuted];
  prices: ['latest', PriceChanged];
  graduations: ['every', AgentGraduated];
  agents: ['every', AgentCreated];
  agent: ['every', TradeExecuted | AgentGraduated | Staked | Unstaked | RewardsClaimed];
  kings: ['every', KingChanged];
  activities: ['every', Activity];
  olympics: ['latest', StandingsChanged | SeasonEnded];
  staking: ['latest', StakePoolChanged];
  vaults: ['latest', VaultsChanged];
  vault: ['every', VaultDeposited | VaultWithdrawn | TradeExecuted | WalletCredited];
  account: [
    'every',
    (
      | TradeExecuted
      | WalletCredited
      | Staked
      | Unstaked
      | RewardsClaimed
      | VaultDeposited
      | VaultWithdrawn
      | SeasonEnded
    ),
  ];
}

describe('delivery', () => {
  it('is known per channel, and so is what is to fold', () => {
    expectTypeOf<{ [K in ChannelKind]: [DeliveryOf<K>, DeltaOf<K>] }>().toEqualTypeOf<{
      [K in keyof Expected]: Expected[K];
    }>();
  });

  it('parts the channels in two', () => {
    type Of<D> = { [K in keyof Expected]: Expected[K][0] extends D ? K : never }[keyof Expected];
    expectTypeOf<LosslessChannel>().toEqualTypeOf<Of<'every'>>();
    expectTypeOf<ConflatedChannel>().toEqualTypeOf<Of<'latest'>>();
    expectTypeOf<ConflatedChannel>().toEqualTypeOf<'prices' | 'olympics' | 'staking' | 'vaults'>();
  });
});

describe('consumers', () => {
  type Snapshot = { snapshot(snapshot: SnapshotOf<'trades'>, id: string): void };
  type Event = { event(event: TradeExecuted, id: string): void };
  /** Whether what handles only a part compiles as the consumer. */
  type Compiles<Part, Consumer> = Part extends Consumer ? true : false;

  it('of a lossless channel must handle snapshots and events', () => {
    expectTypeOf<Snapshot & Event>().toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<Event>().not.toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<Snapshot>().not.toExtend<LosslessConsumer<'trades'>>();
    expectTypeOf<LosslessConsumer<'trades'>>().not.toHaveProperty('latest');
  });

  it('do not compile without `snapshot`, nor without the rest, on any lossless channel', () => {
    type Without<Name extends 'snapshot' | 'event'> = {
      [K in LosslessChannel]: Compiles<Omit<LosslessConsumer<K>, Name>, LosslessConsumer<K>>;
    };
    expectTypeOf<Without<'snapshot'>>().toEqualTypeOf<Record<LosslessChannel, false>>();
    expectTypeOf<Without<'event'>>().toEqualTypeOf<Record<LosslessChannel, false>>();
  });

  it('are offered events on lossless channels and nothing but values on conflated ones', () => {
    type Offered = {
      [K in ChannelKind]: keyof (K extends LosslessChannel
        ? LosslessConsumer<K>
        : K extends ConflatedChannel
          ? ConflatedConsumer<K>
          : never);
    };
    expectTypeOf<Offered>().toEqualTypeOf<{
      [K in ChannelKind]: 'snapshot' | (K extends LosslessChannel ? 'event' : 'latest');
    }>();
  });

  it('take what their channel carries', () => {
    type Events = { [K in LosslessChannel]: Parameters<LosslessConsumer<K>['event']> };
    type Values = { [K in ConflatedChannel]: Parameters<ConflatedConsumer<K>['latest']> };
    expectTypeOf<Events>().toEqualTypeOf<{ [K in LosslessChannel]: [event: Expected[K][1], id: string] }>();
    expectTypeOf<Values>().toEqualTypeOf<{ [K in ConflatedChannel]: [value: Expected[K][1], id: string] }>();
  });

  it('do not compile without `snapshot`, nor without `latest`, on any conflated channel', () => {
    type Without<Name extends 'snapshot' | 'latest'> = {
      [K in ConflatedChannel]: Compiles<Omit<ConflatedConsumer<K>, Name>, ConflatedConsumer<K>>;
    };
    expectTypeOf<Without<'snapshot'>>().toEqualTypeOf<Record<ConflatedChannel, false>>();
    expectTypeOf<Without<'latest'>>().toEqualTypeOf<Record<ConflatedChannel, false>>();
  });
});

describe('brands', () => {
  it('keep amounts apart', () => {
    expectTypeOf<Lamports>().not.toExtend<TokenUnits>();
    expectTypeOf<TokenUnits>().not.toExtend<Lamports>();
    expectTypeOf<Price>().not.toExtend<Lamports>();
    expectTypeOf<bigint>().not.toExtend<Lamports>();
    expectTypeOf<Lamports>().toExtend<bigint>();
    expectTypeOf<Shares>().not.toExtend<Lamports>();
    expectTypeOf<Shares>().not.toExtend<TokenUnits>();
    expectTypeOf<Rate>().not.toExtend<Lamports>();
    expectTypeOf<Lamports>().not.toExtend<Rate>();
  });

  it('keep ids apart', () => {
    expectTypeOf<AgentId>().not.toExtend<WalletAddress>();
    expectTypeOf<VaultId>().not.toExtend<AgentId>();
    expectTypeOf<AgentId>().not.toExtend<VaultId>();
    expectTypeOf<MintAddress>().not.toExtend<WalletAddress>();
    expectTypeOf<PoolId>().not.toExtend<MintAddress>();
    expectTypeOf<string>().not.toExtend<AgentId>();
    expectTypeOf<AgentId>().toExtend<string>();
  });
});
