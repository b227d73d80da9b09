import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** What a trader has set in this browser. */
export interface Settings {
  readonly theme: Theme;
  /** A short tone for one's own fills, and for graduations. */
  readonly sound: boolean;
  /** How much worse than quoted a trade may come out before it is refused, in basis points. */
  readonly slippageBps: number;
  /** From this price impact on, in basis points, a trade is warned of. */
  readonly impactWarningBps: number;
  /** Amounts of SOL to buy for, as decimal texts. */
  readonly buyPresets: readonly string[];
  /** SOL that a quick buy spends, as a decimal text. */
  readonly quickBuy: string;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  sound: false,
  slippageBps: 100,
  impactWarningBps: 500,
  buyPresets: ['0.1', '0.5', '1', '5'],
  quickBuy: '0.1',
};

/** The most that can be set; a trade that may come out at half its quote is no trade. */
export const SLIPPAGE_MAX_BPS = 5_000;
export const PRESETS = 4;

export type SettingsStore = StoreApi<Settings>;

/** Settings that outlive the page. What is stored is read setting by setting: one that is damaged is the default. */
export const createSettings = (): SettingsStore =>
  createStore<Settings>()(
    persist<Settings>(() => DEFAULT_SETTINGS, {
      // Read by public/theme.js too, before the first paint.
      name: 'agent-fun.settings',
      merge: (stored) => parseSettings(stored),
    }),
  );

/** A positive decimal of SOL that an amount can be made of. */
export const isSolText = (text: string): boolean => /^\d{1,9}(\.\d{1,9})?$/.test(text) && /[1-9]/.test(text);

export function parseSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return DEFAULT_SETTINGS;
  const given = new Map<string, unknown>(Object.entries(stored));
  const bps = (name: 'slippageBps' | 'impactWarningBps'): number => {
    const value = given.get(name);
    const usable = typeof value === 'number' && Number.isInteger(value) && value >= 1;
    return usable && value <= SLIPPAGE_MAX_BPS ? value : DEFAULT_SETTINGS[name];
  };
  const isSol = (value: unknown): value is string => typeof value === 'string' && isSolText(value);
  const presets = given.get('buyPresets');
  const quickBuy = given.get('quickBuy');
  return {
    theme: THEMES.find((theme) => theme === given.get('theme')) ?? DEFAULT_SETTINGS.theme,
    sound: given.get('sound') === true,
    slippageBps: bps('slippageBps'),
    impactWarningBps: bps('impactWarningBps'),
    buyPresets:
      Array.isArray(presets) && presets.length === PRESETS && presets.every(isSol)
        ? presets
        : DEFAULT_SETTINGS.buyPresets,
    quickBuy: isSol(quickBuy) ? quickBuy : DEFAULT_SETTINGS.quickBuy,
  };
}
