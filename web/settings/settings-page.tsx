import './settings.css';
import { useId, useState } from 'react';
import { useServices, useSession, useSetting } from '../services.ts';
import { useSignIn } from '../shell/use-sign-in.ts';
import { Empty, Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useTitle } from '../ui/use-title.ts';
import { About } from './about.tsx';
import { Sessions } from './sessions.tsx';
import { DEFAULT_SETTINGS, THEMES, type Theme } from './settings.ts';
import { TradingSettings } from './trading-settings.tsx';

const THEME_NAMES: Readonly<Record<Theme, string>> = { system: 'System', dark: 'Dark', light: 'Light' };

/** What can be set in this browser, where the wallet is signed in, and what the page is connected to. */
export function SettingsPage() {
  const { settings } = useServices();
  const session = useSession();
  const [resets, setResets] = useState(0);
  useTitle('Settings');
  const reset = (): void => {
    settings.setState(DEFAULT_SETTINGS);
    setResets(resets + 1);
  };
  return (
    <main id="main" className="page-lone settings">
      <header className="settings-head">
        <div>
          <h1>Settings</h1>
          <p className="muted">Stored in this browser.</p>
        </div>
        <button type="button" className="button" onClick={reset}>
          Reset to defaults
        </button>
      </header>
      <Panel title="Page">
        <div className="panel-body settings-list">
          <ThemeSetting />
          <SoundSetting />
        </div>
      </Panel>
      <TradingSettings key={resets} />
      {session.kind === 'signed_in' ? (
        <Sessions key={session.sessionId} sessionId={session.sessionId} />
      ) : (
        <NoSessions />
      )}
      <About />
    </main>
  );
}

function ThemeSetting() {
  const { settings } = useServices();
  const theme = useSetting((all) => all.theme);
  return (
    <div className="setting">
      <span>Theme</span>
      <Tabs
        label="Theme"
        className="setting-tabs"
        options={THEMES}
        chosen={theme}
        titleOf={(option) => THEME_NAMES[option]}
        onChoose={(chosen) => settings.setState({ theme: chosen })}
      />
    </div>
  );
}

function SoundSetting() {
  const { settings } = useServices();
  const sound = useSetting((all) => all.sound);
  const id = useId();
  return (
    <div className="setting setting-switch">
      <div>
        <label htmlFor={id}>Sound</label>
        <p className="setting-hint muted" id={`${id}-hint`}>
          A short tone for your own fills and for graduations.
        </p>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={sound}
        className="switch"
        checked={sound}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => settings.setState({ sound: target.checked })}
      />
    </div>
  );
}

function NoSessions() {
  const signIn = useSignIn();
  return (
    <Panel
      title="Sessions"
      aside={
        <button type="button" className="button" onClick={signIn}>
          Sign in to see them
        </button>
      }
    >
      <Empty title="Nobody is signed in">The devices where your wallet is signed in appear here.</Empty>
    </Panel>
  );
}
