// Small builders. What comes from the API goes in as text nodes, never as markup: an attacker chooses some of it.

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) {
    if (child instanceof Node) made.append(child);
    else made.append(document.createTextNode(String(child)));
  }
  return made;
}

/** Scrolls sideways by itself on a narrow screen, by keyboard too.
 * @param {string} caption @param {string[]} heads @param {(Node | string)[][]} rows */
export function table(caption, heads, rows) {
  const head = make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell))));
  return make(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...body)),
  );
}

/** @param {string} severity */
export const badge = (severity) =>
  make('span', { class: ['page', 'ticket', 'info'].includes(severity) ? `badge ${severity}` : 'badge' }, severity);

/** A link only to where a link may lead: `javascript:` and the like stay text.
 * @param {string} address @param {string} text */
export function outwardLink(address, text) {
  if (!/^https?:\/\//i.test(address)) return make('span', {}, address === '' ? `no ${text}` : address);
  return make('a', { href: address, rel: 'noreferrer noopener', target: '_blank' }, text);
}

/** @param {number | string} milliseconds */
export function time(milliseconds) {
  const iso = new Date(Number(milliseconds)).toISOString();
  return make('time', { datetime: iso }, `${iso.slice(0, 16).replace('T', ' ')} UTC`);
}

/** How long ago, in the largest unit that fits. @param {number | string} milliseconds */
export function age(milliseconds) {
  const minutes = Math.max(0, Math.floor((Date.now() - Number(milliseconds)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

/** @param {number | string} value */
export const whole = (value) => Number(value).toLocaleString('en');
/** @param {number} share */
export const percent = (share) => `${Math.round(share * 100)} %`;
/** @param {number} value */
export const figure = (value) => (Number.isInteger(value) ? whole(value) : value.toPrecision(3));
/** @param {string} name */
export const words = (name) => name.replaceAll('_', ' ');

/** @param {string} path */
export async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.what}. ${body.hint}`);
  return body;
}
