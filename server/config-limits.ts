import { z } from 'zod';
import { DEFAULT_RATES, type Rate, type RateSettings } from './guards/rate-limits.ts';
import type { Allowance } from './realtime/ws/token-bucket.ts';
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from './server-limits.ts';

/** The limits, as variables: `off` turns one off. */
const orOff = <T>(value: z.ZodType<T, string>) =>
  z.union([z.literal('off').transform(() => null), value]).optional();

const count = orOff(
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, { error: 'must be a whole number above 0, or "off"' })
    .transform(Number),
);

const rate = orOff(
  z
    .string()
    .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,5}$/, { error: 'must be COUNT/SECONDS such as 5/1, or "off"' })
    .transform((text): Rate => {
      const [of = 0, seconds = 0] = text.split('/').map(Number);
      return { count: of, seconds };
    }),
);

const allowance = orOff(
  z
    .string()
    .regex(/^[1-9]\d{0,6} burst [1-9]\d{0,6}$/, {
      error: 'must be a rate a second and a burst such as "20 burst 60", or "off"',
    })
    .transform((text): Allowance => {
      const [perSecond = 0, burst = 0] = text.split(' burst ').map(Number);
      return { perSecond, burst };
    }),
);

export const limitVariables = {
  LIMIT_CONNECTIONS_PER_IP: count,
  LIMIT_CONNECTS_PER_IP: rate,
  LIMIT_REQUESTS_PER_IP: rate,
  LIMIT_MESSAGES: allowance,
  LIMIT_SUBSCRIBES: allowance,
  LIMIT_TRADES_PER_WALLET: rate,
  LIMIT_TRADES_PER_IP: rate,
  LIMIT_CREATIONS_PER_WALLET: rate,
  LIMIT_CREATIONS_PER_IP: rate,
  LIMIT_SIGN_INS_PER_IP: rate,
  LIMIT_FAUCET_PER_IP: rate,
};

type LimitVariables = {
  readonly [Name in keyof typeof limitVariables]?: z.output<(typeof limitVariables)[Name]>;
};

/** One that is unset is as usual; `null` is off. */
const or = <T>(value: T | null | undefined, usual: T | null): T | null =>
  value === undefined ? usual : value;

export function serverLimitsOf(set: LimitVariables): ServerLimits {
  const usual = DEFAULT_SERVER_LIMITS;
  return {
    connectionsPerAddress: or(set.LIMIT_CONNECTIONS_PER_IP, usual.connectionsPerAddress),
    messages: or(set.LIMIT_MESSAGES, usual.messages),
    subscribes: or(set.LIMIT_SUBSCRIBES, usual.subscribes),
    refusals: usual.refusals,
  };
}

export function ratesOf(set: LimitVariables): RateSettings {
  const { trades, creations, sign_ins, faucet, requests, connects } = DEFAULT_RATES;
  return {
    trades: {
      wallet: or(set.LIMIT_TRADES_PER_WALLET, trades.wallet),
      address: or(set.LIMIT_TRADES_PER_IP, trades.address),
    },
    creations: {
      wallet: or(set.LIMIT_CREATIONS_PER_WALLET, creations.wallet),
      address: or(set.LIMIT_CREATIONS_PER_IP, creations.address),
    },
    sign_ins: { wallet: null, address: or(set.LIMIT_SIGN_INS_PER_IP, sign_ins.address) },
    faucet: { wallet: null, address: or(set.LIMIT_FAUCET_PER_IP, faucet.address) },
    requests: { wallet: null, address: or(set.LIMIT_REQUESTS_PER_IP, requests.address) },
    connects: { wallet: null, address: or(set.LIMIT_CONNECTS_PER_IP, connects.address) },
  };
}
