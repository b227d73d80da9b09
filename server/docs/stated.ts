/**
 * What is settled where this folder must not look: at the doors, in what sessions are made of, in the core and in the
 * journal. The tests compare each with what holds there.
 */
export const STATED = {
  /** `server/routes.ts` */
  messageBytes: 16 * 1024,
  httpBatch: 10,
  /** `server/http.ts` */
  headerBytes: 8 * 1024,
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 10_000,
  socketsPerConnection: 10,
  pingMs: 30_000,
  pongWaitMs: 10_000,
  /** `server/realtime/ws/messages.ts` */
  idLength: 64,
  /** `server/realtime/hub.ts` */
  ring: 1_024,
  /** `server/feeds` */
  paceMs: 500,
  vaults: 100,
  /** `server/api/platform-queries.ts` */
  shareholders: 50,
  /** `server/market/orders.ts` */
  ordersRemembered: 131_072,
  /** `server/journal/executor.ts` */
  commandsWaiting: 65_536,
  /** `server/identity` */
  challengeMs: 5 * 60_000,
  skewMs: 2 * 60_000,
  accessMs: 15 * 60_000,
  sessionMs: 30 * 86_400_000,
  sessions: 20,
  /** `server/server-limits.ts` */
  connectionsPerAddress: 20,
  messages: { perSecond: 20, burst: 60 },
  subscribes: { perSecond: 5, burst: 64 },
  /** `server/guards/rate-limits.ts` */
  rates: {
    trades: { wallet: { count: 5, seconds: 1 }, address: { count: 20, seconds: 1 } },
    creations: { wallet: { count: 3, seconds: 60 }, address: { count: 12, seconds: 60 } },
    sign_ins: { wallet: null, address: { count: 30, seconds: 60 } },
    faucet: { wallet: null, address: { count: 10, seconds: 86_400 } },
    requests: { wallet: null, address: { count: 60, seconds: 3 } },
    connects: { wallet: null, address: { count: 5, seconds: 1 } },
  },
} as const;

/** Which procedures count against which rate. The tests call every one of them and see. */
export const COUNTED = {
  trades: [
    'buy',
    'sell',
    'stake',
    'unstake',
    'claimRewards',
    'vaultDeposit',
    'vaultWithdraw',
    'vaultBuy',
    'vaultSell',
  ],
  creations: ['createAgent', 'createVault'],
  sign_ins: ['auth.challenge'],
  faucet: ['faucet'],
} as const;
