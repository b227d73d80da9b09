// @vitest-environment happy-dom
import type { Wallet } from '@wallet-standard/base';
import { registerWallet } from '@wallet-standard/wallet';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isKeptSession, type KeptSession } from '../../shared/client/index.ts';
import { WalletRefusedError } from '../../shared/wallet/keypair.ts';
import { BurnerWallet } from '../../web/wallet/burner.ts';
import { isDevelopment } from '../../web/wallet/development.ts';
import { browserLock, browserStorage } from '../../web/wallet/session-storage.ts';
import { Wallets } from '../../web/wallet/wallets.ts';

const SITE = 'http://localhost:3001';
const challenge = {
  domain: 'localhost:3001',
  statement: 'Sign in.',
  uri: SITE,
  version: '1',
  chainId: 'solana:mainnet',
  nonce: 'abcdefgh',
  issuedAt: '2026-01-01T00:00:00.000Z',
  expirationTime: '2026-01-01T00:05:00.000Z',
};

beforeEach(() => localStorage.clear());

describe('the wallets of a page', () => {
  it('are those that can connect and sign in, whenever they register', async () => {
    const wallets = new Wallets();
    const changes = vi.fn();
    wallets.subscribe(changes);
    expect(wallets.get()).toEqual([]);
    const mute: Wallet = {
      version: '1.0.0',
      name: 'Mute',
      icon: 'data:image/png;base64,',
      chains: [],
      accounts: [],
      features: { 'standard:connect': {}, 'solana:signIn': null },
    };
    registerWallet(mute);
    registerWallet(new BurnerWallet(localStorage, SITE));
    expect(changes).toHaveBeenCalled();
    expect(wallets.get().map(({ name }) => name)).toEqual(['Burner']);
    // Whoever looks later finds it as well.
    expect(new Wallets().get()).toHaveLength(1);

    const account = await wallets.get()[0]?.connect();
    const signed = await account?.signIn({ ...challenge, address: account.address });
    expect(signed?.account.address).toBe(account?.address);
    expect(new TextDecoder().decode(signed?.signedMessage)).toContain('Nonce: abcdefgh');
  });
});

describe('the burner wallet', () => {
  it('keeps its key, and makes a new one of what is none', async () => {
    const address = async (): Promise<string | undefined> =>
      (await new BurnerWallet(localStorage, SITE).features['standard:connect'].connect()).accounts[0]
        ?.address;
    const first = await address();
    expect(await address()).toBe(first);
    const [key = ''] = Object.keys(localStorage);
    localStorage.setItem(key, 'not a key');
    const second = await address();
    expect(second).not.toBe(first);
    expect(await address()).toBe(second);
  });

  it('signs for the page’s own site only', async () => {
    const { features } = new BurnerWallet(localStorage, SITE);
    const [signed] = await features['solana:signIn'].signIn(challenge);
    expect(signed?.signature).toHaveLength(64);
    const elsewhere = features['solana:signIn'].signIn({ ...challenge, domain: 'evil.example' });
    await expect(elsewhere).rejects.toBeInstanceOf(WalletRefusedError);
  });

  it('tells of its accounts', async () => {
    const burner = new BurnerWallet(localStorage, SITE);
    const counts: (number | undefined)[] = [];
    const leave = burner.features['standard:events'].on('change', ({ accounts }) =>
      counts.push(accounts?.length),
    );
    expect(burner.accounts).toHaveLength(0);
    await burner.features['standard:connect'].connect();
    await burner.features['standard:connect'].connect();
    await burner.features['standard:disconnect'].disconnect();
    leave();
    await burner.features['standard:connect'].connect();
    expect(counts).toEqual([1, 0]);
    expect(burner.accounts).toHaveLength(1);
  });

  it('is offered by pages of this machine, and by those of Vite', () => {
    for (const hostname of ['localhost', '127.0.0.1', '[::1]'])
      expect(isDevelopment({ hostname }, false)).toBe(true);
    for (const hostname of ['agent.fun', 'localhost.agent.fun', '192.168.1.7', '']) {
      expect(isDevelopment({ hostname }, false)).toBe(false);
    }
    expect(isDevelopment({ hostname: 'agent.fun' }, true)).toBe(true);
  });
});

const kept: KeptSession = {
  sessionId: 'one',
  wallet: 'ann',
  operator: false,
  accessToken: 'access',
  goodUntil: 5,
  lastsMs: 7,
  refreshToken: 'refresh',
};

/** Takes nothing any more when it has no room. */
class FullStorage extends Map<string, string> implements Storage {
  [name: string]: unknown;
  room = true;
  readonly length = 0;
  readonly key = (): null => null;
  readonly getItem = (key: string): string | null => this.get(key) ?? null;
  readonly removeItem = (key: string): void => void this.delete(key);
  readonly setItem = (key: string, value: string): void => {
    if (!this.room) throw new DOMException('full', 'QuotaExceededError');
    this.set(key, value);
  };
}

describe('the storage of the browser', () => {
  it('gives back what was saved, until it is cleared', () => {
    const storage = browserStorage(window);
    expect(storage.load()).toBeNull();
    storage.save(kept);
    expect(browserStorage(window).load()).toEqual(kept);
    storage.save({ ...kept, refreshToken: null });
    expect(storage.load()?.refreshToken).toBeNull();
    storage.clear();
    expect(storage.load()).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('takes nothing for a session that is none', () => {
    const storage = browserStorage(window);
    storage.save(kept);
    const [key = ''] = Object.keys(localStorage);
    for (const text of ['', '{', 'null', '7', '{}', JSON.stringify({ ...kept, goodUntil: 'soon' })]) {
      localStorage.setItem(key, text);
      expect(storage.load()).toBeNull();
    }
    for (const name of Object.keys(kept)) expect(isKeptSession({ ...kept, [name]: undefined })).toBe(false);
  });

  it('tells of what other tabs change in it, and of nothing else', () => {
    const storage = browserStorage(window);
    storage.save(kept);
    const [key = ''] = Object.keys(localStorage);
    const heard = vi.fn();
    const leave = storage.subscribe(heard);
    for (const changed of [key, 'something else', null]) {
      window.dispatchEvent(Object.assign(new Event('storage'), { key: changed }));
    }
    expect(heard).toHaveBeenCalledTimes(2);
    leave();
    window.dispatchEvent(Object.assign(new Event('storage'), { key }));
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('leaves no token that may be used when it is full', () => {
    const full = new FullStorage();
    const storage = browserStorage({
      localStorage: full,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    });
    storage.save(kept);
    full.room = false;
    storage.save({ ...kept, refreshToken: null });
    expect(storage.load()).toBeNull();
  });

  it('is the page’s own memory where the browser keeps nothing', () => {
    const closed = {
      get localStorage(): Storage {
        throw new DOMException('denied', 'SecurityError');
      },
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    };
    const storage = browserStorage(closed);
    storage.save(kept);
    expect(storage.load()).toEqual(kept);
    expect(browserStorage(closed).load()).toBeNull();
  });
});

describe('the lock of the browser', () => {
  it('lets one work at a time, also where there are no locks, and after a failure', async () => {
    const lock = browserLock(undefined);
    const order: string[] = [];
    let release = (): void => undefined;
    const first = lock(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push('first');
      throw new Error('it failed');
    });
    const second = lock(async () => order.push('second'));
    await Promise.resolve();
    await Promise.resolve();
    expect(order).toEqual([]);
    release();
    await expect(first).rejects.toThrow('it failed');
    expect(await second).toBe(2);
    expect(order).toEqual(['first', 'second']);
  });
});
