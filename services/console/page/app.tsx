import { useEffect, useRef, useState } from 'preact/hooks';
import { get, LOGGED_OUT, send } from './api.ts';
import { AccountPage } from './pages/account.tsx';
import { AlertPage } from './pages/alert.tsx';
import { AlertsPage } from './pages/alerts.tsx';
import { AuditPage } from './pages/audit.tsx';
import { ClusterPage } from './pages/cluster.tsx';
import { LoginPage } from './pages/login.tsx';
import { PipelinePage } from './pages/pipeline.tsx';
import { RulesPage } from './pages/rules.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { SilencesPage } from './pages/silences.tsx';
import { returnToPlace } from './place.ts';
import { PreferencesContext, usePreferences } from './preferences.ts';
import { type Route, useRoute } from './route.ts';
import { actorOf, type Session, SessionContext } from './session.ts';

const PAGES = [
  ['alerts', 'Alerts'],
  ['silences', 'Silences'],
  ['rules', 'Rules'],
  ['pipeline', 'Pipeline'],
] as const;

/** The frame around every page: where one is, who one is, and how times and colours are shown. */
export function App() {
  const route = useRoute();
  const [session, setSession] = useState<Session | null>(null);
  const preferences = usePreferences();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);

  useEffect(() => {
    get('api/session').then(
      (answer) => {
        setSession(answer as Session);
        if ((answer as Session).who !== null) returnToPlace();
      },
      () => setSession({ asks: false, signs_on: false, who: null }),
    );
    const loggedOut = (): void =>
      setSession((before) => ({ asks: true, signs_on: before?.signs_on ?? false, who: null }));
    addEventListener(LOGGED_OUT, loggedOut);
    return () => removeEventListener(LOGGED_OUT, loggedOut);
  }, []);
  // A reader of the screen, and the keyboard, begin where the new page begins.
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus();
    scrollTo(0, 0);
  }, [route.page, route.id]);

  if (session === null) return null;
  const isAsked = session.asks && session.who === null;
  const links = [
    ...PAGES,
    ...(actorOf(session).isAdmin ? [['audit', 'Audit'] as const] : []),
    ...(session.who === null ? [] : [['sessions', 'Sessions'] as const]),
  ];
  return (
    <PreferencesContext.Provider value={preferences}>
      <SessionContext.Provider value={session}>
        <button type="button" class="skip" onClick={() => main.current?.focus()}>
          To the content
        </button>
        <header class="top">
          <a class="brand" href="#/alerts">
            <img src="icon.svg" alt="" width="18" height="18" /> stillwatch
          </a>
          {!isAsked && (
            <nav aria-label="Pages">
              {links.map(([page, title]) => (
                <a key={page} href={`#/${page}`} aria-current={isUnder(route, page) ? 'page' : undefined}>
                  {title}
                </a>
              ))}
            </nav>
          )}
          <div class="preferences">
            <button
              type="button"
              class="quiet"
              onClick={preferences.switchZone}
              title="Switch between UTC and the time of this machine"
            >
              {preferences.zone === 'utc' ? 'UTC' : 'Local time'}
            </button>
            <button
              type="button"
              class="quiet"
              onClick={preferences.switchTheme}
              title="Switch between the system's colours, light and dark"
            >
              {THEME_NAMES[preferences.theme]}
            </button>
            {session.who !== null && (
              <button
                type="button"
                class="quiet"
                onClick={() => void send('DELETE', 'api/session').then((answer) => setSession(answer as Session))}
              >
                Log out {session.who.name}
              </button>
            )}
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          {isAsked ? <LoginPage signsOn={session.signs_on} entered={setSession} /> : <Page route={route} />}
        </main>
      </SessionContext.Provider>
    </PreferencesContext.Provider>
  );
}

const THEME_NAMES = { system: 'Colours: system', light: 'Colours: light', dark: 'Colours: dark' } as const;

/** An alert, an account and a cluster are reached from the alerts. */
function isUnder({ page }: Route, link: string): boolean {
  return page === link || (link === 'alerts' && (page === 'accounts' || page === 'clusters'));
}

function Page({ route }: { route: Route }) {
  const { page, id } = route;
  if (page === 'alerts') return id === null ? <AlertsPage route={route} /> : <AlertPage key={id} id={id} />;
  if (page === 'accounts' && id !== null) return <AccountPage key={id} id={id} route={route} />;
  if (page === 'clusters' && id !== null) return <ClusterPage key={id} id={id} route={route} />;
  if (page === 'silences') return <SilencesPage />;
  if (page === 'rules') return <RulesPage />;
  if (page === 'pipeline') return <PipelinePage />;
  if (page === 'audit') return <AuditPage />;
  if (page === 'sessions') return <SessionsPage />;
  return (
    <p>
      There is no such page. <a href="#/alerts">To the alerts</a>
    </p>
  );
}
