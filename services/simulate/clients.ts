import { type Weighted, weighted } from './distributions.ts';
import { hash32, type Random } from './random.ts';

/** What the gateway sees of the calling software. */
export interface Client {
  user_agent: string;
  tls_fingerprint: string;
}

export type ClientFamily =
  | 'python'
  | 'javascript'
  | 'curl'
  | 'ide'
  | 'browser'
  | 'backend'
  | 'framework'
  | 'command_line_agent';

/** `tls`: the library that makes the handshake; its version moves far more slowly than the software on top of it. */
const FAMILIES: Readonly<Record<ClientFamily, readonly { agents: readonly string[]; tls: readonly string[] }[]>> = {
  python: [
    {
      agents: ['OpenAI/Python 1.66.3', 'OpenAI/Python 1.68.2', 'OpenAI/Python 1.70.0', 'OpenAI/Python 1.52.0'],
      tls: ['openssl-3.0', 'openssl-3.2', 'openssl-1.1'],
    },
    { agents: ['Anthropic/Python 0.49.0', 'Anthropic/Python 0.45.2'], tls: ['openssl-3.0', 'openssl-3.2'] },
    {
      agents: ['python-requests/2.32.3', 'python-requests/2.31.0', 'python-requests/2.28.2'],
      tls: ['urllib3-2', 'urllib3-1'],
    },
    { agents: ['python-httpx/0.28.1', 'python-httpx/0.27.0'], tls: ['openssl-3.0', 'openssl-3.2'] },
    { agents: ['Python/3.11 aiohttp/3.11.14', 'Python/3.12 aiohttp/3.10.5'], tls: ['aiohttp-3'] },
  ],
  javascript: [
    { agents: ['OpenAI/JS 4.90.0', 'OpenAI/JS 4.77.0', 'OpenAI/JS 4.68.4'], tls: ['node-20', 'node-22', 'node-18'] },
    { agents: ['Anthropic/JS 0.39.0', 'Anthropic/JS 0.36.3'], tls: ['node-20', 'node-22'] },
    { agents: ['axios/1.8.4', 'axios/1.7.9', 'node', 'undici'], tls: ['node-20', 'node-22'] },
    { agents: ['ai-sdk/4.2.0', 'ai-sdk/4.1.46'], tls: ['node-22', 'bun-1'] },
  ],
  curl: [
    {
      agents: ['curl/8.7.1', 'curl/8.5.0', 'curl/7.81.0', 'PostmanRuntime/7.43.2'],
      tls: ['curl-openssl', 'curl-securetransport'],
    },
  ],
  ide: [
    { agents: ['Cline/3.8.4', 'Cline/3.7.1'], tls: ['electron-32', 'electron-34'] },
    { agents: ['continue/1.0.5', 'continue/0.9.256'], tls: ['electron-32', 'electron-34'] },
    { agents: ['vscode/1.98.2', 'vscode/1.97.2'], tls: ['electron-32', 'electron-34'] },
    { agents: ['JetBrains-IDE/2025.1', 'JetBrains-IDE/2024.3'], tls: ['java-21'] },
    { agents: ['Zed/0.178.5'], tls: ['rustls-0.23'] },
  ],
  browser: [
    {
      agents: [
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0',
      ],
      tls: ['chrome-134', 'chrome-133'],
    },
    {
      agents: [
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
      ],
      tls: ['safari-18'],
    },
    { agents: ['Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0'], tls: ['firefox-136'] },
  ],
  backend: [
    { agents: ['Go-http-client/2.0', 'Go-http-client/1.1'], tls: ['go-1.22', 'go-1.24'] },
    { agents: ['okhttp/4.12.0', 'okhttp/4.11.0'], tls: ['java-21', 'java-17'] },
    { agents: ['Java/17.0.14', 'Apache-HttpClient/5.4.2 (Java/21.0.6)'], tls: ['java-21', 'java-17'] },
    {
      agents: ['reqwest/0.12.12', 'GuzzleHttp/7', 'Ruby', 'Faraday v2.12.2'],
      tls: ['rustls-0.23', 'curl-openssl', 'ruby-openssl'],
    },
  ],
  framework: [
    { agents: ['langchain-openai/0.3.9', 'langchain-openai/0.3.1'], tls: ['openssl-3.0', 'openssl-3.2'] },
    { agents: ['litellm/1.63.14', 'litellm/1.61.20'], tls: ['openssl-3.0', 'openssl-3.2'] },
    { agents: ['llama-index/0.12.25', 'haystack/2.11.2', 'n8n/1.84.1'], tls: ['openssl-3.2', 'node-20'] },
  ],
  command_line_agent: [
    { agents: ['claude-cli/1.0.57 (external, cli)', 'claude-cli/1.0.51 (external, cli)'], tls: ['node-22', 'node-20'] },
    { agents: ['codex-cli/0.21.0', 'aider/0.78.0', 'OpenHands/0.29.1'], tls: ['rustls-0.23', 'openssl-3.2'] },
  ],
};

/** JA4 in form (t13d, ciphers and extensions counted, two truncated hashes), invented in content. */
export function tlsFingerprint(library: string): string {
  const hex = (seed: number): string => hash32(library, seed).toString(16).padStart(8, '0');
  const count = 13 + (hash32(library, 3) % 5);
  return `t13d${count}${11 + (hash32(library, 4) % 6)}h2_${hex(5)}${hex(6).slice(0, 4)}_${hex(7)}${hex(8).slice(0, 4)}`;
}

export function drawClient(random: Random, families: Weighted<ClientFamily>): Client {
  const variant = random.pick(FAMILIES[weighted(random, families)]);
  return { user_agent: random.pick(variant.agents), tls_fingerprint: tlsFingerprint(random.pick(variant.tls)) };
}
