import { silencesInForce } from '../feedback/silences.ts';
import { unreachable } from '../notify/reach.ts';
import { targetNamed, targetNames } from '../notify/targets/from-config.ts';
import { testAlert } from '../notify/test-alert.ts';
import type { ClickHouse } from '../platform/clickhouse.ts';
import type { LoadedConfig } from '../platform/config/load.ts';
import type { Config } from '../platform/config/schema.ts';
import { messageOf, StillwatchError } from '../platform/errors.ts';
import { type Check, ok, skipped } from './check.ts';

export interface NotifyChecksDeps extends Pick<LoadedConfig, 'config' | 'secret'> {
  clickHouse: Pick<ClickHouse, 'query'>;
  now(): number;
}

/** Whom alerts are to reach, and whom not for a while. Sends nothing. */
export function notifyChecks({ config, secret, clickHouse, now }: NotifyChecksDeps): Check[] {
  const names = targetNames(config);
  /** Why it would not be told; null: it can be. */
  const wrongWith = async (name: string): Promise<string | null> => {
    try {
      const target = targetNamed(config, name, secret);
      const [event] = testAlert(now(), 'info');
      if (target === null || event === undefined) return null;
      const { url } = target.request({ event, messageId: name, told: null, now: now() });
      return await unreachable(url, target.allowPrivateAddress);
    } catch (error) {
      return error instanceof StillwatchError ? `${error.what} (${error.hint})` : messageOf(error);
    }
  };
  return [
    {
      name: 'targets',
      needs: [],
      mend: 'see services/notify/README.md for what a target is made of',
      async look() {
        if (names.length === 0) return skipped('nobody is to be told of alerts: there are no notify.targets');
        const looked = await Promise.all(names.map(async (name) => ({ name, why: await wrongWith(name) })));
        const wrong = looked.filter(({ why }) => why !== null);
        const [first] = wrong;
        if (first !== undefined)
          return {
            outcome: 'fail',
            what: wrong.map(({ name, why }) => `${name}: ${why}`).join('; '),
            mend: `look whether this machine may reach it, and its secret; stillwatch notify test ${first.name} shows what it answers`,
          };
        const unrouted = names.filter((name) => !isEverTold(config, name));
        if (unrouted.length === 0) return ok(`${names.join(', ')}: can be connected to`);
        return {
          outcome: 'warn',
          what: `no route leads to ${unrouted.join(', ')}, which will never be told of anything`,
          mend: 'name it in notify.routes, or take it out of notify.targets',
        };
      },
    },
    {
      name: 'silences',
      needs: ['clickhouse'],
      mend: 'stillwatch migrate up, and grant the user what `stillwatch access clickhouse notify` prints; or set notify.silences to false',
      async look() {
        if (names.length === 0) return skipped('nobody is to be told of alerts');
        if (!config.notify.silences) return skipped('notify.silences is false: they are left out');
        const found = await silencesInForce(clickHouse, config.clickhouse.database, now());
        return ok(`can be read; ${found.length} in force`);
      },
    },
  ];
}

function isEverTold({ notify }: Config, target: string): boolean {
  return notify.routes.length === 0 || notify.routes.some(({ targets }) => targets.includes(target));
}
