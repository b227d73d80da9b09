import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles.css';
import { notifyManager, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Backoff } from '../shared/client/backoff.ts';
import { OUTDATED } from '../shared/client/index.ts';
import { RECONNECT } from '../shared/client/options.ts';
import { Cell } from '../shared/client/store.ts';
import { apiUrl, createApi, trpc } from './api.ts';
import { App } from './app.tsx';
import { Clock } from './clock.ts';
import { cacheListeners } from './live/cache.ts';
import { ServerClock } from './live/clock-offset.ts';
import { Connection } from './live/connection.ts';
import { Frames } from './live/frames.ts';
import { createLiveClient } from './live/live-client.ts';
import { onWake } from './live/wake.ts';
import { Orders } from './orders/orders.ts';
import { preload } from './pages.ts';
import { Router } from './router.ts';
import { ServicesProvider } from './services.ts';
import { createSettings } from './settings/settings.ts';
import { followTheme } from './settings/theme.ts';
import { Announcer } from './shell/announcer.ts';
import { followCues } from './sound/cues.ts';
import { browserSound } from './sound/sound.ts';
import { Toasts } from './ui/toasts.ts';
import { isDevelopment } from './wallet/development.ts';
import { browserLock, browserStorage } from './wallet/session-storage.ts';
import { SignInFlow } from './wallet/sign-in-flow.ts';
import { Wallets } from './wallet/wallets.ts';

const router = new Router(window);
preload(router.get());
// A frame's news is rendered in that frame, not after a timeout.
notifyManager.setScheduler((notify) => notify());
const settings = createSettings();
followTheme(settings, document);
const frames = new Frames();
const serverClock = new ServerClock(Date.now);
const connection = new Connection(frames, Date.now, serverClock);
const clock = new Clock();
const { client, state, session, hurry, queryClient } = createApi({
  url: apiUrl(location),
  contract: __CONTRACT__,
  onHeard: () => connection.heard(),
  session: { storage: browserStorage(window), lock: browserLock(navigator.locks) },
});
const outdated = new Cell(false);
state.subscribe(() => {
  const now = state.get();
  connection.transport(now.kind);
  if (now.kind === 'open') serverClock.follow(() => client.time.query());
  if (now.kind === 'ended' && now.code === OUTDATED) outdated.set(true);
});
connection.network(navigator.onLine);
window.addEventListener('online', () => connection.network(true));
window.addEventListener('offline', () => connection.network(false));
onWake(window, hurry);
// A part of the program that the server does not have any more, although it is there.
window.addEventListener('vite:preloadError', () => {
  if (connection.get().state === 'live') outdated.set(true);
});
clock.subscribe(connection.check);
const live = createLiveClient(
  client,
  { frames, connection, newBackoff: () => new Backoff(RECONNECT, Date.now, Math.random) },
  cacheListeners(queryClient),
);
const toasts = new Toasts();
const sound = browserSound(() => settings.getState().sound);
followCues(sound, { toasts, settings, graduations: live.graduations, serverNow: serverClock.now });
const orders = new Orders(toasts, serverClock.now, () => sound.play('fill'));
const announcer = new Announcer();
const wallets = new Wallets();
const signIn = new SignInFlow(session, wallets);
if (isDevelopment(location, import.meta.env.DEV)) {
  void import('./wallet/burner.ts').then(({ registerBurner }) => registerBurner(window));
}
const services = {
  client,
  live,
  connection,
  frames,
  clock,
  serverClock,
  router,
  preload,
  session,
  wallets,
  signIn,
  settings,
  toasts,
  orders,
  announcer,
  outdated,
};

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root to render into');
createRoot(root).render(
  <StrictMode>
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <ServicesProvider value={services}>
          <App />
        </ServicesProvider>
      </QueryClientProvider>
    </trpc.Provider>
  </StrictMode>,
);
