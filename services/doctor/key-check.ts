import { weaknessOf } from '../platform/config/hashing-key.ts';
import type { Config } from '../platform/config/schema.ts';
import { secretOf } from '../platform/config/secrets.ts';
import { type Check, ok } from './check.ts';

/** A weak key stops nothing, and is for somebody to change at a midnight: it is a warning. */
export function keyCheck(config: Config): Check {
  return {
    name: 'hashing key',
    needs: [],
    mend: 'set hashing.key_file to a file that can be read',
    async look() {
      const weakness = weaknessOf(secretOf(config, 'hashing.key'));
      if (weakness === null) return ok('is set, and long enough');
      return {
        outcome: 'warn',
        what: `${weakness.what} (of no matter to services other than calls and links)`,
        mend: weakness.mend,
      };
    },
  };
}
