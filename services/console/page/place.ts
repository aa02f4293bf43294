const KEY = 'stillwatch.place';

/** Where somebody was going when they were sent elsewhere to log in: what is after # does not survive that. In this tab only. */
export function keepPlace(): void {
  sessionStorage.setItem(KEY, location.hash);
}

/** And what the way back has put into the address is gone. */
export function returnToPlace(): void {
  const place = sessionStorage.getItem(KEY);
  if (place === null) return;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', `${location.pathname}${place}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}
