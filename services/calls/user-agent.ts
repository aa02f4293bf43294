import { BROWSERS } from './data/browsers.ts';
import { LLM_CLIENTS, type LlmClientClass } from './data/llm-clients.ts';

export type ClientClass = LlmClientClass | 'browser' | 'unknown' | 'absent';

export interface Client {
  class: ClientClass;
  /** Product name in lower case, without version. */
  family: string;
}

/** A client of the table; the lower its rank, the sooner it is the one. */
interface Product {
  client: Client;
  rank: number;
}

export type ClientClassifier = (userAgent: string | null) => Client;

/** Where several products are named, the one nearest to the person who pays is the first of these: relays and frameworks name the SDK that they stand on. */
const CLASSES: readonly LlmClientClass[] = ['relay', 'agent_framework', 'ide', 'cli', 'sdk', 'script'];

/** Cleared whole when full: clients repeat, and an attacker who invents user agents must not be able to fill the memory. About 10 MB at worst. */
const MOST_CACHED = 5_000;
/** The contract's bound; what stands behind is not looked at (a longer one is no reason to leave its call out of the windows). */
const LONGEST = 1_024;
/** A family is a column value: bounded, and only characters that need no care. */
const LONGEST_FAMILY = 40;
const PARTING = /[\s();,]+/;
const ABSENT: Client = { class: 'absent', family: 'none' };

export function createClientClassifier(): ClientClassifier {
  const tables = { products: productTable(), browsers: browserTable() };
  const cache = new Map<string, Client>();
  return (userAgent) => {
    if (userAgent === null || userAgent === '') return ABSENT;
    if (userAgent.length > LONGEST) return classify(userAgent.slice(0, LONGEST), tables);
    const known = cache.get(userAgent);
    if (known !== undefined) return known;
    if (cache.size >= MOST_CACHED) cache.clear();
    const client = classify(userAgent, tables);
    cache.set(userAgent, client);
    return client;
  };
}

function productTable(): ReadonlyMap<string, Product> {
  const products = new Map<string, Product>();
  CLASSES.forEach((kind, rank) => {
    for (const [family, names] of Object.entries(LLM_CLIENTS[kind]))
      for (const name of names) products.set(name, { client: { class: kind, family }, rank });
  });
  return products;
}

function browserTable(): ReadonlyMap<string, Product> {
  return new Map(BROWSERS.map(([name, family], rank) => [name, { client: { class: 'browser', family }, rank }]));
}

interface Tables {
  products: ReadonlyMap<string, Product>;
  browsers: ReadonlyMap<string, Product>;
}

function classify(userAgent: string, { products, browsers }: Tables): Client {
  const text = userAgent.toLowerCase();
  const words = text.split(PARTING);
  const client = firstNamed(words, products) ?? (text.startsWith('mozilla/') ? firstNamed(words, browsers) : undefined);
  if (client?.family === 'safari' && words.some((word) => word === 'mobile' || word.startsWith('mobile/')))
    return { class: 'browser', family: 'mobile-safari' };
  if (client !== undefined) return client;
  return { class: 'unknown', family: family(text.trimStart().split(/[\s/(;]/, 1)[0] ?? '') };
}

/** Of the products that are named, the one with the lowest rank. */
function firstNamed(words: readonly string[], products: ReadonlyMap<string, Product>): Client | undefined {
  let best: Product | undefined;
  for (const word of words) {
    const product = productOf(word, products);
    if (product !== undefined && (best === undefined || product.rank < best.rank)) best = product;
  }
  return best?.client;
}

/** `openai/python` names a client with two words; else what stands before the slash does. */
function productOf(word: string, products: ReadonlyMap<string, Product>): Product | undefined {
  const whole = products.get(word);
  if (whole !== undefined) return whole;
  const first = word.indexOf('/');
  if (first < 0) return undefined;
  const second = word.indexOf('/', first + 1);
  return (second > 0 ? products.get(word.slice(0, second)) : undefined) ?? products.get(word.slice(0, first));
}

function family(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .slice(0, LONGEST_FAMILY);
  return plain === '' ? 'none' : plain;
}
