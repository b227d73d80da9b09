import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import type { Tokens } from '../../shared/auth.ts';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';
import type { AppRouter } from '../api/router.ts';
import { patient } from './patience.ts';
import type { Funding, Player, PlayerApi, Players } from './players.ts';

export interface RemoteOptions {
  /** Of the server, such as `https://agent.fun`. */
  readonly url: string;
  /** The keys of the players are made from this and their names: the same seed makes the same wallets. */
  readonly seed: string;
  /** Gives the others SOL: one of the server's operators. Without one they ask the faucet. */
  readonly operator?: KeypairWallet | undefined;
}

/** A new access token is asked for when the one there is has less than this to go, in milliseconds. */
const EARLY_MS = 60_000;

/** In the market of a server elsewhere. Each has a keypair of its own and signs in as everybody does. */
export class RemotePlayers implements Players {
  readonly #options: RemoteOptions;
  readonly #players = new Map<string, SignedPlayer>();
  readonly #operator: SignedPlayer | undefined;

  constructor(options: RemoteOptions) {
    this.#options = options;
    const { operator } = options;
    if (operator !== undefined) this.#operator = new SignedPlayer(options.url, operator);
  }

  /** It signs in with its first call. */
  async player(name: string): Promise<Player> {
    return this.#signed(name);
  }

  async fund({ clientOrderId, wallet, sol }: Funding): Promise<void> {
    if (this.#operator !== undefined) {
      const { client } = this.#operator;
      await patient(() => client.credit.mutate({ clientOrderId, wallet, sol }));
      return;
    }
    const player = [...this.#players.values()].find((candidate) => candidate.wallet === wallet);
    if (player === undefined) throw new Error(`${wallet} is none of the players`);
    await patient(() => player.client.faucet.mutate({ clientOrderId }));
  }

  #signed(name: string): SignedPlayer {
    const known = this.#players.get(name);
    if (known !== undefined) return known;
    const { url, seed } = this.#options;
    const key = createHash('sha256').update(`agent.fun/player/${seed}/${name}`).digest();
    const player = new SignedPlayer(url, KeypairWallet.fromSeed(key));
    this.#players.set(name, player);
    return player;
  }
}

/** A keypair that calls a server elsewhere. */
class SignedPlayer implements Player {
  readonly client: TRPCClient<AppRouter>;
  readonly api: PlayerApi;
  #tokens: Promise<Tokens> | undefined;

  constructor(
    url: string,
    private readonly keypair: KeypairWallet,
  ) {
    const api = new URL('/trpc', url).href;
    const link = { url: api, transformer: superjson };
    const strangers = createTRPCClient<AppRouter>({ links: [httpLink(link)] });
    this.client = createTRPCClient<AppRouter>({
      links: [
        httpLink({
          ...link,
          headers: async () => ({ authorization: `Bearer ${await this.#accessToken(strangers)}` }),
        }),
      ],
    });
    this.api = apiOf(this.client);
  }

  get wallet() {
    return this.keypair.address;
  }

  async #accessToken(client: TRPCClient<AppRouter>): Promise<string> {
    const tokens = await this.#tokens;
    if (tokens !== undefined && tokens.accessExpiresAt - EARLY_MS > Date.now()) return tokens.accessToken;
    // It has the key at hand, so it signs in anew rather than keep a refresh token.
    const signedIn = this.#signIn(client);
    this.#tokens = signedIn;
    // Whoever waits for it hears of its failure; the next call tries again.
    signedIn.catch(() => {
      if (this.#tokens === signedIn) this.#tokens = undefined;
    });
    return (await signedIn).accessToken;
  }

  async #signIn(client: TRPCClient<AppRouter>): Promise<Tokens> {
    const challenge = await patient(() => client.auth.challenge.mutate({ address: this.wallet }));
    const { account, signedMessage, signature } = await this.keypair.signIn(challenge);
    return client.auth.signIn.mutate({
      account: { address: account.address, publicKey: base64(account.publicKey) },
      signedMessage: base64(signedMessage),
      signature: base64(signature),
    });
  }
}

const base64 = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString('base64');

/** The procedures of a client as direct calls. All of them may be asked again: orders carry their id. */
function apiOf(client: TRPCClient<AppRouter>): PlayerApi {
  return {
    account: () => patient(() => client.account.query()),
    agents: (input) => patient(() => client.agents.query(input)),
    buy: (input) => patient(() => client.buy.mutate(input)),
    claimRewards: (input) => patient(() => client.claimRewards.mutate(input)),
    createAgent: (input) => patient(() => client.createAgent.mutate(input)),
    createVault: (input) => patient(() => client.createVault.mutate(input)),
    portfolio: (input) => patient(() => client.portfolio.query(input)),
    sell: (input) => patient(() => client.sell.mutate(input)),
    stake: (input) => patient(() => client.stake.mutate(input)),
    stakes: (input) => patient(() => client.stakes.query(input)),
    unstake: (input) => patient(() => client.unstake.mutate(input)),
    vault: (input) => patient(() => client.vault.query(input)),
    vaultBuy: (input) => patient(() => client.vaultBuy.mutate(input)),
    vaultDeposit: (input) => patient(() => client.vaultDeposit.mutate(input)),
    vaults: (input) => patient(() => client.vaults.query(input)),
    vaultSell: (input) => patient(() => client.vaultSell.mutate(input)),
    vaultWithdraw: (input) => patient(() => client.vaultWithdraw.mutate(input)),
  };
}
