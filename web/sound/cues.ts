import type { LiveClient } from '../live/live-client.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Toasts } from '../ui/toasts.ts';
import type { Sound } from './sound.ts';

interface Sources {
  readonly toasts: Toasts;
  readonly settings: SettingsStore;
  readonly graduations: LiveClient['graduations'];
  readonly serverNow: () => number;
}

/** What was missed and comes in at once is not worth a sound. */
const NEWS_MS = 10_000;

/**
 * Has what goes wrong and each graduation be heard, from now on. Graduations are listened to only while sound is on.
 */
export function followCues(sound: Pick<Sound, 'play'>, sources: Sources): void {
  const { toasts, settings, graduations, serverNow } = sources;
  let bad = new Set<number>();
  toasts.subscribe(() => {
    const before = bad;
    bad = new Set(toasts.get().flatMap(({ id, tone }) => (tone === 'bad' ? [id] : [])));
    if ([...bad].some((id) => !before.has(id))) sound.play('refusal');
  });
  let leave: (() => void) | null = null;
  const follow = (isOn: boolean): void => {
    if (!isOn) {
      leave?.();
      leave = null;
      return;
    }
    leave ??= graduations.handle({}).listen(({ data }) => {
      const isNews = data.type === 'agent_graduated' && serverNow() - data.at <= NEWS_MS;
      if (isNews) sound.play('graduation');
    });
  };
  follow(settings.getState().sound);
  settings.subscribe(({ sound: isOn }) => follow(isOn));
}
