import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { configSchema, SECRETS } from '../../services/platform/config/schema.ts';
import { SERVICES } from '../../services/run/services.ts';

/** `node infra/helm/values-schema.ts` writes what helm checks values by, beside them. A test says when that is due. */
export const VALUES_SCHEMA = join(import.meta.dirname, 'stillwatch/values.schema.json');

const strings = { type: 'array', items: { type: 'string' } };
const anything = { type: 'object' };
const only = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const resource = { $ref: '#/definitions/quantity' };
const service = {
  replicas: { type: 'integer', minimum: 0 },
  config: { $ref: '#/definitions/config' },
  secretKeys: strings,
  resources: only({
    requests: only({ cpu: resource, memory: resource }),
    limits: only({ cpu: resource, memory: resource }),
  }),
  nodeSelector: anything,
  tolerations: { type: 'array', items: anything },
  affinity: anything,
};
const autoscaling = only({
  enabled: { type: 'boolean' },
  minReplicas: { type: 'integer', minimum: 1 },
  maxReplicas: { type: 'integer', minimum: 1 },
  targetLag: { type: 'integer', minimum: 1 },
});
/** A single writer, and what keeps something in memory or is limited by its targets: more of them gain nothing. */
const NOT_SCALED: ReadonlySet<string> = new Set(['links', 'notify', 'console']);
const peers = only({ ports: { type: 'array', items: { type: 'integer' } }, to: { type: 'array', items: anything } });
const monitor = only({ enabled: { type: 'boolean' }, labels: anything });

/** The settings are those of the configuration itself, so that a name which is no setting is refused before anything is installed. */
export function valuesSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the stillwatch chart',
    ...only(
      {
        image: only({
          repository: { type: 'string', minLength: 1 },
          tag: { type: 'string' },
          digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
          pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
          pullSecrets: { type: 'array', items: only({ name: { type: 'string' } }, ['name']) },
        }),
        config: { $ref: '#/definitions/config' },
        secretName: { type: 'string', minLength: 1 },
        rules: { type: 'string' },
        topics: only({ apply: { type: 'boolean' }, secretKeys: strings }),
        services: only(
          Object.fromEntries(
            Object.keys(SERVICES).map((name) => [
              name,
              only(NOT_SCALED.has(name) ? service : { ...service, autoscaling }),
            ]),
          ),
        ),
        networkPolicy: only({
          enabled: { type: 'boolean' },
          consoleFrom: { type: 'array', items: anything },
          metricsFrom: { type: 'array', items: anything },
          kafka: peers,
          clickhouse: peers,
          schemaRegistry: peers,
          identityProvider: peers,
          notify: peers,
        }),
        monitoring: only({ podMonitor: monitor, prometheusRule: monitor, dashboards: monitor }),
        podAnnotations: anything,
        podLabels: anything,
        // Helm adds it for a chart that is part of another.
        global: anything,
      },
      ['image', 'config', 'secretName', 'services'],
    ),
    definitions: {
      quantity: { anyOf: [{ type: 'string', pattern: '^[0-9.]+(m|Ki|Mi|Gi|Ti|k|M|G)?$' }, { type: 'number' }] },
      config: settingsSchema(),
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Every setting but the secrets, which are given by a file; all may be left out. */
function settingsSchema(): unknown {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'output', target: 'draft-7', unrepresentable: 'any' });
  const sections = Object.entries(properties).map(([section, settings]) => {
    const known = typeof settings === 'object' ? (settings.properties ?? {}) : {};
    const shown = Object.entries(known).filter(([key]) => !SECRETS.some((secret) => secret === `${section}.${key}`));
    return [section, only(Object.fromEntries(shown.map(([key, value]) => [key, optional(value)])))];
  });
  return only(Object.fromEntries(sections));
}

/** What zod fills in need not be given. */
function optional(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(optional);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, optional(value)]),
  );
  const { properties, required } = copy;
  if (Array.isArray(required) && typeof properties === 'object' && properties !== null) {
    const filled = Object.entries(properties).filter(([, value]) => typeof value === 'object' && 'default' in value);
    copy['required'] = required.filter((name) => !filled.some(([key]) => key === name));
  }
  return copy;
}

if (import.meta.main) await writeFile(VALUES_SCHEMA, valuesSchema());
