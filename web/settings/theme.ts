import type { SettingsStore, Theme } from './settings.ts';

/** Shows the page in the theme that is set, from now on; the style sheet knows the rest. */
export function followTheme(settings: SettingsStore, { documentElement }: Document): void {
  const show = ({ theme }: { readonly theme: Theme }): void => {
    documentElement.dataset['theme'] = theme;
  };
  show(settings.getState());
  settings.subscribe(show);
}
