import { alertList } from './alert-list.js';
import { alertView } from './alert-view.js';
import { element } from './elements.js';

// The address after # says what is shown: #/ the list, #/alerts/<id> one alert.

const REFRESH = 5_000;
const main = element('main');
const state = element('state');
const pages = { open: 1, resolved: 1 };
let timer = 0;
/** Counts the renderings begun: an answer that comes after the reader went elsewhere is dropped. */
let latest = 0;

async function show() {
  const mine = ++latest;
  clearTimeout(timer);
  const id = /^#\/alerts\/(.+)$/.exec(location.hash)?.[1];
  try {
    const { nodes, note } = id === undefined ? await alertList(pages, more) : await alertView(decodeURIComponent(id));
    if (mine !== latest) return;
    replace(nodes);
    state.textContent = `${note}, as of ${new Date().toISOString().slice(11, 19)} UTC`;
  } catch (error) {
    if (mine !== latest) return;
    state.textContent = `Not up to date: ${error instanceof Error ? error.message : error}`;
    // What was shown for another address would be taken for this one's.
    if (main.dataset['shows'] !== location.hash) main.replaceChildren();
  }
  main.dataset['shows'] = location.hash;
  // An alert that is being read is not moved under the reader's eyes.
  if (id === undefined) timer = setTimeout(show, REFRESH);
}

/** Keeps the keyboard's place and the sideways scroll over a refresh. @param {Node[]} nodes */
function replace(nodes) {
  const regions = () => /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll('[role=region]'));
  const nameOf = (/** @type {Element} */ region) => region.getAttribute('aria-label');
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = new Map([...regions()].map((region) => [nameOf(region), region.scrollLeft]));
  main.replaceChildren(...nodes);
  for (const region of regions()) {
    region.scrollLeft = scrolled.get(nameOf(region)) ?? 0;
    if (focused?.role === 'region' && nameOf(focused) === nameOf(region)) region.focus({ preventScroll: true });
  }
  if (focused !== null && focused.id !== '') document.getElementById(focused.id)?.focus({ preventScroll: true });
}

/** @param {'open' | 'resolved'} status */
function more(status) {
  pages[status] += 1;
  void show();
}

addEventListener('hashchange', () => {
  void show().then(() => {
    main.focus();
    scrollTo(0, 0);
  });
});
void show();
