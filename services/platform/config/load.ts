import { isNode, LineCounter, parseDocument } from 'yaml';
import { StillwatchError } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import { contradictions } from './contradictions.ts';
import { createMask, knownSecrets, MASK } from './known-secrets.ts';
import { type Config, configSchema, PLAIN_NAMES, URLS } from './schema.ts';
import { createSecretReader, type SecretReader } from './secrets.ts';
import { isSecret, shown } from './shown.ts';

export interface ConfigSources {
  /** `--set section.key=value`, by path. Strongest. */
  flags: Readonly<Record<string, string>>;
  environment: Readonly<Record<string, string | undefined>>;
  /** YAML, weaker than the environment. */
  file: { name: string; text: string } | null;
}

export interface LoadedConfig {
  config: Config;
  /** Where each setting's value comes from, by path. */
  origins: ReadonlyMap<string, string>;
  /** Reads a secret that the configuration refers to: only who needs it does. */
  secret: SecretReader;
  /** A text without any secret that this process can see: what it writes of errors goes through it. */
  mask(text: string): string;
}

type Tree = Record<string, Record<string, unknown>>;

/** Flags over environment over file over defaults. Throws one error that lists everything that is wrong, each with its place. */
export function loadConfig({ flags, environment, file }: ConfigSources): LoadedConfig {
  const paths = settingPaths();
  const tree: Tree = Object.fromEntries(Object.keys(configSchema.shape).map((section) => [section, {}]));
  const origins = new Map<string, string>(paths.map((path) => [path, 'default']));
  const problems: string[] = [];
  const put = (path: string, value: unknown, origin: string): void => {
    const [section = '', key = ''] = path.split('.');
    const entry = tree[section];
    if (!paths.includes(path) || entry === undefined) {
      problems.push(`${origin}: there is no setting ${path}${didYouMean(path, paths)}`);
      return;
    }
    entry[key] = value;
    origins.set(path, origin);
  };
  const placeInFile = file === null ? null : readFile(file, put, problems);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    const path = PLAIN_NAMES[name] ?? pathOfVariable(name, paths);
    if (path !== null) put(path, value, `environment ${name}`);
  }
  for (const [path, value] of Object.entries(flags)) put(path, value, `flag ${path}`);
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String).join('.');
      const setting = issue.path.slice(0, 2).map(String).join('.');
      // What is inside a list is not shown: it may be the address of a webhook, with its token.
      const isShown = path === setting && !isSecret(path) && !URLS.has(path);
      const found = isShown ? `, found ${JSON.stringify(valueAt(tree, path))}` : '';
      const origin = origins.get(setting);
      const place = isFromFile(file, origin) ? placeInFile?.(issue.path) : origin;
      problems.push(`${place ?? path}: ${path}: ${issue.message}${found}`);
    }
  }
  if (parsed.success) problems.push(...contradictions(parsed.data, (setting) => origins.get(setting) !== 'default'));
  if (problems.length > 0 || !parsed.success) {
    throw new StillwatchError(
      'CONFIG_INVALID',
      `The configuration has ${problems.length} error(s):\n  ${problems.join('\n  ')}\n`,
      'mend them all, then try again; `stillwatch config print --origin` shows what is in force',
    );
  }
  const secret = createSecretReader(environment);
  return { config: parsed.data, origins, secret, mask: createMask(knownSecrets(parsed.data, secret)) };
}

type Place = (path: readonly PropertyKey[]) => string;

function isFromFile(file: ConfigSources['file'], origin: string | undefined): boolean {
  return file !== null && origin?.startsWith(`${file.name}:`) === true;
}

function readFile(
  { name, text }: { name: string; text: string },
  put: (path: string, value: unknown, origin: string) => void,
  problems: string[],
): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  /** Of the innermost entry on the way there that exists. */
  const place: Place = (path) => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (!isNode(node) || node.range == null) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return `${name}:${line}:${col}`;
    }
    return `${name}:1:1`;
  };
  for (const { pos, message } of document.errors) {
    const { line, col } = lines.linePos(pos[0]);
    problems.push(`${name}:${line}:${col}: ${message.split('\n', 1)[0]}`);
  }
  if (document.errors.length > 0) return place;
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null) {
    problems.push(`${name}:1:1: expected sections, such as kafka: and log:`);
    return place;
  }
  for (const [section, entries] of Object.entries(content)) {
    if (typeof entries !== 'object' || entries === null)
      problems.push(`${place([section])}: ${section}: expected settings`);
    else for (const [key, value] of Object.entries(entries)) put(`${section}.${key}`, value, place([section, key]));
  }
  return place;
}

export function settingPaths(): string[] {
  return Object.entries(configSchema.shape).flatMap(([section, { shape }]) =>
    Object.keys(shape).map((key) => `${section}.${key}`),
  );
}

/** STILLWATCH_KAFKA_BROKERS is kafka.brokers. Other variables of that prefix are not ours to complain of only when they name no section. */
function pathOfVariable(name: string, paths: readonly string[]): string | null {
  if (!name.startsWith('STILLWATCH_')) return null;
  const flat = name.slice('STILLWATCH_'.length).toLowerCase();
  const known = paths.find((path) => path.replace('.', '_') === flat);
  if (known !== undefined) return known;
  return Object.keys(configSchema.shape).some((section) => flat.startsWith(`${section}_`)) ? flat : null;
}

function valueAt(tree: Tree, path: string): unknown {
  const [section = '', key = ''] = path.split('.');
  return tree[section]?.[key];
}

export interface Setting {
  setting: string;
  /** Secrets masked. */
  value: unknown;
  origin: string;
}

/** Every setting with its value and where it comes from. */
export function listConfig({ config, origins }: LoadedConfig): Setting[] {
  const sections: Record<string, Record<string, unknown>> = config;
  return settingPaths().map((path) => {
    const [section = '', key = ''] = path.split('.');
    return { setting: path, value: shown(path, sections[section]?.[key]), origin: origins.get(path) ?? '' };
  });
}

/** For people: a setting a line. */
export function printConfig(loaded: LoadedConfig, withOrigin: boolean): string {
  return listConfig(loaded)
    .map(({ setting, value, origin }) => {
      const line = `${setting}: ${value === MASK ? MASK : JSON.stringify(value)}`;
      return withOrigin ? `${line.padEnd(56)} # ${origin}` : line;
    })
    .join('\n');
}
