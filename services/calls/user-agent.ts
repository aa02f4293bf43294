import { UAParser } from 'ua-parser-js';

export type ClientClass = 'sdk' | 'agent' | 'relay' | 'tool' | 'script' | 'browser' | 'unknown' | 'absent';

export interface Client {
  class: ClientClass;
  /** Product name in lower case, without version. */
  family: string;
}

export type ClientClassifier = (userAgent: string | null) => Client;

/**
 * Clients of LLM APIs by the token that begins or marks their user agent. First match wins. `relay`: software that resells or pools access; honest
 * in itself, and a link when the same instance stands behind many accounts.
 */
const CLIENTS: readonly [token: string, ClientClass, family: string][] = [
  ['one-api', 'relay', 'one-api'],
  ['new-api', 'relay', 'new-api'],
  ['one-hub', 'relay', 'one-hub'],
  ['voapi', 'relay', 'voapi'],
  ['sub2api', 'relay', 'sub2api'],
  ['litellm', 'relay', 'litellm'],
  ['openrouter', 'relay', 'openrouter'],
  ['portkey', 'relay', 'portkey'],
  ['openai/python', 'sdk', 'openai-python'],
  ['openai/js', 'sdk', 'openai-node'],
  ['openai-python', 'sdk', 'openai-python'],
  ['openai', 'sdk', 'openai'],
  ['anthropic/python', 'sdk', 'anthropic-python'],
  ['anthropic/js', 'sdk', 'anthropic-node'],
  ['anthropic', 'sdk', 'anthropic'],
  ['google-genai', 'sdk', 'google-genai'],
  ['mistral', 'sdk', 'mistral'],
  ['cohere', 'sdk', 'cohere'],
  ['ai-sdk', 'sdk', 'vercel-ai'],
  ['semantic-kernel', 'sdk', 'semantic-kernel'],
  ['spring-ai', 'sdk', 'spring-ai'],
  ['langchain', 'agent', 'langchain'],
  ['langgraph', 'agent', 'langgraph'],
  ['llama-index', 'agent', 'llama-index'],
  ['llama_index', 'agent', 'llama-index'],
  ['llamaindex', 'agent', 'llama-index'],
  ['crewai', 'agent', 'crewai'],
  ['autogen', 'agent', 'autogen'],
  ['dspy', 'agent', 'dspy'],
  ['claude-cli', 'tool', 'claude-cli'],
  ['codex', 'tool', 'codex'],
  ['aider', 'tool', 'aider'],
  ['cursor', 'tool', 'cursor'],
  ['cline', 'tool', 'cline'],
  ['continue', 'tool', 'continue'],
  ['github-copilot', 'tool', 'github-copilot'],
  ['vscode', 'tool', 'vscode'],
  ['jetbrains', 'tool', 'jetbrains'],
  ['zed', 'tool', 'zed'],
  ['curl', 'script', 'curl'],
  ['wget', 'script', 'wget'],
  ['python-requests', 'script', 'python-requests'],
  ['python-httpx', 'script', 'python-httpx'],
  ['python-urllib', 'script', 'python-urllib'],
  ['aiohttp', 'script', 'aiohttp'],
  ['go-http-client', 'script', 'go-http-client'],
  ['node-fetch', 'script', 'node-fetch'],
  ['undici', 'script', 'undici'],
  ['axios', 'script', 'axios'],
  ['got', 'script', 'got'],
  ['okhttp', 'script', 'okhttp'],
  ['java', 'script', 'java'],
  ['reqwest', 'script', 'reqwest'],
  ['libwww-perl', 'script', 'libwww-perl'],
  ['postmanruntime', 'script', 'postman'],
];

const MOST_CACHED = 20_000;
/** A family is a column value: bounded, and only characters that need no care. */
const LONGEST_FAMILY = 40;

export function createClientClassifier(): ClientClassifier {
  const cache = new Map<string, Client>();
  return (userAgent) => {
    if (userAgent === null || userAgent === '') return { class: 'absent', family: 'none' };
    const known = cache.get(userAgent);
    if (known !== undefined) return known;
    if (cache.size >= MOST_CACHED) cache.clear();
    const client = classify(userAgent);
    cache.set(userAgent, client);
    return client;
  };
}

function classify(userAgent: string): Client {
  const text = userAgent.toLowerCase();
  for (const [token, kind, family] of CLIENTS) if (hasToken(text, token)) return { class: kind, family };
  const browser = text.startsWith('mozilla/') ? new UAParser(userAgent).getBrowser().name : undefined;
  if (browser !== undefined) return { class: 'browser', family: family(browser) };
  return { class: 'unknown', family: family(text.split(/[\s/(;]/, 1)[0] ?? '') };
}

/** The token stands at the beginning, or after something that is not part of a name. */
function hasToken(text: string, token: string): boolean {
  const at = text.indexOf(token);
  return at === 0 || (at > 0 && /[^a-z0-9_-]/.test(text[at - 1] ?? ''));
}

function family(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .slice(0, LONGEST_FAMILY);
  return plain === '' ? 'none' : plain;
}
