/** The tokens a chart is drawn in, as colours that a canvas understands. */
export interface ChartColours {
  readonly surface: string;
  readonly raised: string;
  readonly hairline: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly buy: string;
  readonly sell: string;
  readonly buySoft: string;
  readonly sellSoft: string;
}

/** Reads the tokens as they are at an element: they depend on the theme, which a canvas knows nothing of. */
export function readColours(host: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  host.append(probe);
  const of = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    surface: of('--surface'),
    raised: of('--raised'),
    hairline: of('--hairline'),
    text: of('--text'),
    muted: of('--muted'),
    accent: of('--accent'),
    buy: of('--buy'),
    sell: of('--sell'),
    buySoft: of('--flash-up'),
    sellSoft: of('--flash-down'),
  };
  probe.remove();
  return colours;
}

/** Calls back when the theme changes, by the viewer's choice or the system's; until what it returns is called. */
export function onThemeChange(listener: () => void): () => void {
  const chosen = new MutationObserver(listener);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: light)');
  system.addEventListener('change', listener);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', listener);
  };
}
