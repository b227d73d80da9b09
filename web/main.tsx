import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Backoff } from '../shared/client/backoff.ts';
import { RECONNECT } from '../shared/client/options.ts';
import { apiUrl, createApi, trpc } from './api.ts';
import { App } from './app.tsx';
import { Clock } from './clock.ts';
import { Connection } from './live/connection.ts';
import { Frames } from './live/frames.ts';
import { createLiveClient } from './live/live-client.ts';
import { Router } from './router.ts';
import { ServicesProvider } from './services.ts';
import { isDevelopment } from './wallet/development.ts';
import { browserLock, browserStorage } from './wallet/session-storage.ts';
import { Wallets } from './wallet/wallets.ts';

const frames = new Frames();
const connection = new Connection(frames, Date.now);
const clock = new Clock();
const { client, state, session, queryClient } = createApi({
  url: apiUrl(location),
  onHeard: () => connection.heard(),
  session: { storage: browserStorage(window), lock: browserLock(navigator.locks) },
});
state.subscribe(() => connection.transport(state.get().kind));
clock.subscribe(connection.check);
const live = createLiveClient(client, {
  frames,
  connection,
  newBackoff: () => new Backoff(RECONNECT, Date.now, Math.random),
});
const wallets = new Wallets();
if (isDevelopment(location, import.meta.env.DEV)) {
  void import('./wallet/burner.ts').then(({ registerBurner }) => registerBurner(window));
}
const router = new Router(window);

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root to render into');
createRoot(root).render(
  <StrictMode>
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <ServicesProvider value={{ live, connection, frames, clock, router, session, wallets }}>
          <App />
        </ServicesProvider>
      </QueryClientProvider>
    </trpc.Provider>
  </StrictMode>,
);
