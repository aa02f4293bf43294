import { useEffect, useState } from 'preact/hooks';

/** What the address after # says: `#/alerts?status=open`, `#/alerts/<id>`. Everything that is chosen on a page is in it, so that it can be sent to a colleague. */
export interface Route {
  page: string;
  id: string | null;
  parameters: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', id] = path.split('/', 2);
  return {
    page: page === '' ? 'alerts' : page,
    id: id === undefined || id === '' ? null : decoded(id),
    parameters: new URLSearchParams(query),
  };
}

export function linkTo(page: string, id: string | null = null, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
  return `#/${page}${id === null ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
}

/** Changes what is chosen on this page without a new entry in the history. */
export function choose({ page, id, parameters }: Route, changes: Record<string, string>): void {
  const all = { ...Object.fromEntries(parameters), ...changes };
  history.replaceState(null, '', linkTo(page, id, all));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(readRoute(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
