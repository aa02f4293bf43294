import { z } from 'zod';
import { rulesSchema } from './schema.ts';
import type { Vocabulary } from './vocabulary.ts';

/** For editors: the same shape that is checked at load, as JSON Schema 2020-12. What it cannot say (an AS number's form) is left to `rules lint`. */
export function rulesJsonSchema({ signatures, placedFeatures }: Vocabulary): string {
  const schema = z.toJSONSchema(rulesSchema(signatures, placedFeatures), { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ title: 'Rules of stillwatch', ...schema }, null, 2)}\n`;
}
