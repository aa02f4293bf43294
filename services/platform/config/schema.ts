import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DEVELOPMENT_KEY } from './hashing-key.ts';
import { notifySchema } from './notify-schema.ts';
import { TOKEN_ENTRY } from './token-entry.ts';

const A_DAY = 24 * 60 * 60_000;
const milliseconds = z.coerce.number().int().positive();
const port = z.coerce.number().int().min(0).max(65_535);
const url = z.url({ protocol: /^https?$/ });
/** For links that people follow. */
const address = url
  .refine((text) => !/[?#]|^https?:\/\/[^/]*@/i.test(text), 'expected an address without user, password, ? and #')
  .or(z.literal(''));
const list = (entry: RegExp, expected: string) =>
  z
    .string()
    .default('')
    .refine((text) => listOf(text).every((part) => entry.test(part)), expected);

/** PEM files, read by whoever connects. */
const sslFiles = {
  /** Who must have signed the server's certificate; what Node trusts when empty. */
  ssl_ca_file: z.string().default(''),
  /** Ours, for a server that asks for one. */
  ssl_cert_file: z.string().default(''),
  ssl_key_file: z.string().default(''),
};
/** Of ClickHouse: written into statements. */
const NAME = /^[a-zA-Z_]\w*$/;
const secret = z.string().default('');
/** A file that holds the secret of the same name, instead of it. */
const secretFile = z.string().default('');

/** Every setting, with its default, as the file has them. Environment and flags use the same paths. */
export const configSchema = z.strictObject({
  kafka: z.strictObject({
    brokers: z
      .string()
      .default('127.0.0.1:9092')
      .refine(
        (text) => text.split(',').every((broker) => /^[^\s:,]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker.trim())),
        'expected host:port, several separated by commas',
      ),
    ssl: z.stringbool().or(z.boolean()).default(false),
    ...sslFiles,
    sasl_mechanism: z.enum(['none', 'plain', 'scram-sha-512']).default('none'),
    sasl_username: z.string().default(''),
    sasl_password: secret,
    sasl_password_file: secretFile,
  }),
  clickhouse: z.strictObject({
    url: url.default('http://default:@127.0.0.1:8123'),
    /** These go before what the address has. */
    username: z.string().default(''),
    password: secret,
    password_file: secretFile,
    ...sslFiles,
    database: z.string().regex(NAME, 'expected letters, digits and underscores').default('stillwatch'),
    /** Makes the tables replicated and distributed ones, on every node of this cluster (infra/clickhouse/cluster.md). Empty: a single server. */
    cluster: z.string().regex(NAME, 'expected letters, digits and underscores').or(z.literal('')).default(''),
  }),
  schema_registry: z.strictObject({
    url: url.or(z.literal('')).default(''),
    username: z.string().default(''),
    password: secret,
    password_file: secretFile,
    ...sslFiles,
  }),
  log: z.strictObject({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    format: z.enum(['auto', 'json', 'pretty']).default('auto'),
  }),
  http: z.strictObject({ host: z.string().default('127.0.0.1'), port: port.default(0) }),
  stream: z.strictObject({
    grace_ms: milliseconds.default(60_000),
    commit_interval_ms: milliseconds.default(500),
    checkpoint_interval_ms: milliseconds.default(10_000),
    idle_timeout_ms: milliseconds.default(30_000),
    idle_speed: z.coerce.number().positive().default(1),
  }),
  topics: z.strictObject({
    partitions: z.coerce.number().int().min(1).max(1_000).default(4),
    replication_factor: z.coerce.number().int().min(1).max(9).default(1),
  }),
  rules: z.strictObject({
    file: z.string().default(''),
    /** How often the file is looked at; 0: only at start. */
    reload_ms: z.coerce.number().int().min(0).default(5_000),
    /** Folder of the runbooks that alerts link to, instead of the one that the rules name; the console has them under /runbooks. */
    runbooks_url: address.default(''),
  }),
  hashing: z.strictObject({
    /** One of less than 128 bits is said (hashing-key.ts) and not refused: a key in use can be changed at a midnight only, and an upgrade must not stop a pipeline. */
    key: z
      .string()
      .min(8, 'expected at least 8 characters, such as `openssl rand -base64 32` prints')
      .default(DEVELOPMENT_KEY),
    key_file: secretFile,
    /** The key before it, which holds for events older than `rotated_at`: a midnight, UTC, so that no window has hashes of both. */
    previous_key: secret,
    previous_key_file: secretFile,
    rotated_at: z.iso
      .datetime()
      .refine((text) => Date.parse(text) % A_DAY === 0, 'expected a midnight, UTC, such as 2026-04-22T00:00:00Z')
      .or(z.literal(''))
      .default(''),
  }),
  calls: z.strictObject({ asn_database: z.string().default(''), earliest: z.iso.date().default('2020-01-01') }),
  sink: z.strictObject({
    batch_rows: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
    batch_wait_ms: milliseconds.default(1_000),
  }),
  notify: notifySchema,
  console: z.strictObject({
    host: z.string().default('127.0.0.1'),
    port: port.default(8_080),
    /** Where people open it, for the links to it in what `notify` sends; its path, when it has one, is where a proxy has the console. Empty: there are none. */
    public_url: address.default(''),
    /** Who may use it: `name:role:sha256 of the token`, several separated by commas. Empty: nobody is asked, and only the loopback may be listened on. */
    tokens: list(
      TOKEN_ENTRY,
      'expected name:role:sha256 as `stillwatch console token` prints it, several separated by commas',
    ),
    tokens_file: secretFile,
    /** That one person may make; what is beyond it is told when to come again. A page that is open makes a dozen. */
    requests_per_minute: z.coerce.number().int().min(60).max(1_000_000).default(1_200),
    /** Whose users may log in by single sign-on (OpenID Connect), beside those with tokens. Empty: nobody's. */
    oidc_issuer: url.or(z.literal('')).default(''),
    oidc_client_id: z.string().default(''),
    oidc_client_secret: secret,
    oidc_client_secret_file: secretFile,
    oidc_scope: z.string().default('openid profile email'),
    /** What the issuer says of a user by which oidc_roles finds the role: one value, or several. */
    oidc_claim: z.string().default('groups'),
    /** `value=role`, several separated by commas. The highest counts; who has none is not let in. */
    oidc_roles: list(
      /^[^=]+=(viewer|responder|admin)$/,
      'expected value=role, role being viewer, responder or admin, several separated by commas',
    ),
    /** Proxies in front of it, whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, several separated by commas. Empty: nobody's are. */
    trusted_proxies: z
      .string()
      .default('')
      .refine(
        (text) => listOf(text).every(isNetwork),
        'expected addresses or networks such as 10.0.0.7 or 10.0.0.0/8, several separated by commas',
      ),
    /** Health servers that the pipeline page asks: `name=http://host:port`, several separated by commas. */
    services: list(/^[\w-]+=https?:\/\/\S+$/, 'expected name=http://host:port, several separated by commas'),
    /** Whether responders may send dead letters back from the page: the console then writes to the input topics, and reads letters with what is in them. */
    requeue: z.stringbool().or(z.boolean()).default(false),
  }),
});

export type Config = z.infer<typeof configSchema>;

/** Never printed: shown as •••• in `config print`, errors and logs. Each can be given by a file instead, named in the setting with `_file` behind it. */
export const SECRETS = [
  'kafka.sasl_password',
  'clickhouse.password',
  'schema_registry.password',
  'hashing.key',
  'hashing.previous_key',
  'notify.webhook_secret',
  'notify.test_key',
  'console.tokens',
  'console.oidc_client_secret',
] as const;
export type SecretSetting = (typeof SECRETS)[number];

/** Shown without their credentials, and not at all when they are wrong. */
export const URLS: ReadonlySet<string> = new Set([
  'clickhouse.url',
  'schema_registry.url',
  'notify.webhook_url',
  'notify.targets',
  'console.public_url',
  'console.oidc_issuer',
  'rules.runbooks_url',
]);

/** The names that users know from elsewhere; every other setting is STILLWATCH_<SECTION>_<KEY>. */
export const PLAIN_NAMES: Readonly<Record<string, string>> = {
  KAFKA_BROKERS: 'kafka.brokers',
  CLICKHOUSE_URL: 'clickhouse.url',
  SCHEMA_REGISTRY_URL: 'schema_registry.url',
};

/** The entries of a setting that holds several, separated by commas, or in a file by lines. */
export function listOf(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isNetwork(text: string): boolean {
  return ipaddr.isValid(text) || (ipaddr.isValidCIDR(text) && ipaddr.parseCIDR(text)[1] > 0);
}
