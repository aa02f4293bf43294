import { readFileSync } from 'node:fs';
import { createEnrich, type Enrich } from '../../services/calls/enrich.ts';
import { createNetworkResolver } from '../../services/calls/network.ts';
import { createClientClassifier } from '../../services/calls/user-agent.ts';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import type { Hasher } from '../../services/fingerprint/hasher.ts';
import { parseRules } from '../../services/rules/parse.ts';
import type { Rules } from '../../services/rules/schema.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { DEFAULT_RULES } from '../../services/run/context.ts';

/** The rules that come with stillwatch. */
export function shippedRules(): Rules {
  const parsed = parseRules(readFileSync(DEFAULT_RULES, 'utf8'), VOCABULARY);
  if (!parsed.ok) throw new Error('the rules that come with stillwatch have errors');
  return parsed.rules;
}

/** What `calls` makes of a call where no data base of networks is given. */
export function enrichWith(hasher: Hasher): Enrich {
  return createEnrich({
    hasher,
    fingerprinter: createFingerprinter(hasher),
    classifyClient: createClientClassifier(),
    resolveNetwork: createNetworkResolver(null),
  });
}
