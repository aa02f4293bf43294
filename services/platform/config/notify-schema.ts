import { z } from 'zod';

const SEVERITIES = ['page', 'ticket', 'info'] as const;
const VERDICTS = ['harvesting', 'coordinated_pool'] as const;

/** Where a secret is, never the secret: the file can be shown, copied and committed. */
const secret = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable') }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  'expected { env: NAME } or { file: PATH }: a secret is not written into the configuration itself',
);
export type SecretReference = z.infer<typeof secret>;

/** Without user and password: those belong into a secret. */
const address = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
  .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), 'expected an address without user and password in it');

const common = {
  /** Part of the name of its consumer group: a target that is renamed is a new one. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens'),
  /** Loopback, private, shared and unique local addresses. Link-local and metadata addresses are refused in any case. */
  allow_private_address: z.boolean().default(false),
};

const target = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('alertmanager'),
    /** Its root, without /api/v2/alerts. */
    url: address,
    /** Set on every alert, for its routing tree. */
    labels: z.record(z.string().regex(/^[a-zA-Z_]\w*$/, 'expected a label name'), z.string()).default({}),
    /** Sent as `Authorization: Bearer`. */
    bearer_token: secret.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('pagerduty'),
    routing_key: secret,
    url: address.default('https://events.pagerduty.com/v2/enqueue'),
  }),
  z.strictObject({ ...common, type: z.literal('slack'), url: secret }),
  z.strictObject({
    ...common,
    type: z.literal('webhook'),
    /** A secret when a token is part of it. */
    url: z.union([address, secret]),
    secret: secret.optional(),
    format: z.enum(['cloudevents', 'ocsf']).default('cloudevents'),
  }),
]);
export type TargetConfig = z.infer<typeof target>;

const route = z.strictObject({
  targets: z.array(z.string()).min(1),
  severity: z
    .array(z.enum(SEVERITIES))
    .min(1)
    .default([...SEVERITIES]),
  verdict: z
    .array(z.enum(VERDICTS))
    .min(1)
    .default([...VERDICTS]),
  /** Cohorts as alerts name them, or the wider ones that hold them: `enterprise`, `free/chat`. All when absent. */
  cohort: z
    .array(z.string().regex(/^[^/]+(\/[^/]+)*$/, 'expected plan, plan/operation, ... without / at the end'))
    .min(1)
    .optional(),
});
export type RouteConfig = z.infer<typeof route>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as "22:00", in quotes');

const quietHours = z
  .strictObject({
    /** `page` is deliberately absent: what must not wake anyone is not a page. */
    severity: z
      .array(z.enum(['ticket', 'info'], 'expected ticket or info: a page is never held back'))
      .min(1)
      .default(['ticket', 'info']),
    from: timeOfDay,
    to: timeOfDay,
    time_zone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin').default('UTC'),
    /** All when absent. */
    targets: z.array(z.string()).min(1).optional(),
  })
  .refine(({ from, to }) => from !== to, 'from and to are the same time');
export type QuietHours = z.infer<typeof quietHours>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The name of the target that `webhook_url` makes. */
export const PLAIN_WEBHOOK = 'webhook';

export const notifySchema = z
  .strictObject({
    /** One webhook for everything, settable from the environment: the same as a target named `webhook`. */
    webhook_url: address.or(z.literal('')).default(''),
    webhook_secret: z.string().default(''),
    webhook_secret_file: z.string().default(''),
    /** Shared with the console, which asks for tests of targets by it. Empty: they are tested from a terminal only. */
    test_key: z.string().default(''),
    test_key_file: z.string().default(''),
    webhook_allow_private_address: z.stringbool().or(z.boolean()).default(false),
    /** Age at which a message that its target does not take goes to the undelivered ones. */
    give_up_after_ms: z.coerce.number().int().positive().default(86_400_000),
    targets: z.array(target).default([]),
    /** Every route that matches counts. Without any, every target gets everything. */
    routes: z.array(route).default([]),
    quiet_hours: z.array(quietHours).default([]),
    /** Whether silences that on-call sets on the console are heeded: they are in ClickHouse. */
    silences: z.stringbool().or(z.boolean()).default(true),
  })
  .superRefine(({ targets, routes, quiet_hours, webhook_url }, context) => {
    const names = targets.map(({ name }) => name);
    if (webhook_url !== '') names.push(PLAIN_WEBHOOK);
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [index, { name }] of targets.entries())
      if (names.indexOf(name) !== index || (name === PLAIN_WEBHOOK && webhook_url !== ''))
        complain(['targets', index, 'name'], `there are two targets named ${name}`);
    const known = (section: 'routes' | 'quiet_hours', lists: readonly (readonly string[] | undefined)[]): void => {
      for (const [index, list] of lists.entries())
        for (const [place, name] of (list ?? []).entries())
          if (!names.includes(name))
            complain(
              [section, index, 'targets', place],
              `there is no target ${name}; there are ${names.join(', ') || 'none'}`,
            );
    };
    known(
      'routes',
      routes.map((entry) => entry.targets),
    );
    known(
      'quiet_hours',
      quiet_hours.map((entry) => entry.targets),
    );
  });
