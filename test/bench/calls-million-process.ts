import { UNKNOWN_PROFILE } from '../../services/calls/profile-table.ts';
import { createCallsStep } from '../../services/calls/step.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { countBuffersWithHeap } from '../../services/platform/external-memory.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { apiCall, T } from '../support/records.ts';
import { enrichWith } from '../support/shipped.ts';

/** What is resident at a stage: after so many CPU seconds, with so much counted as refused. */
export interface Stage {
  what: string;
  cpuSeconds: number;
  residentMb: number;
  peakMemoryMb: number;
  refused: number;
}

// As a service does.
countBuffersWithHeap();
const accounts = Number(process.argv[2]);
const hasher = await createHasher('bench');
const enrich = enrichWith(hasher);
const begun = process.cpuUsage();
const tables = createTrackedTables();
let refused = 0;
const step = createCallsStep({ enrich, profileAt: () => UNKNOWN_PROFILE })({
  partition: 0,
  partitions: 1,
  tables,
  count: (name, _, by = 1) => {
    if (name === 'refused') refused += by;
  },
});
const emit = (): void => {};
const stages: Stage[] = [];
const reach = (what: string): void => {
  const { user, system } = process.cpuUsage(begun);
  stages.push({
    what,
    cpuSeconds: (user + system) / 1e6,
    residentMb: process.memoryUsage.rss() / 2 ** 20,
    peakMemoryMb: process.resourceUsage().maxRSS / 1_024,
    refused,
  });
};

for (let i = 0; i < accounts; i++) {
  const call = apiCall({
    event_id: `evt_${i}_0123456789`,
    occurred_at: T + (i % MINUTE),
    account_id: `acct_${i}_abcdef`,
    api_key_id: `key_${i}`,
    source_ip: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    temperature: 0.7,
    prompt_text: `Translate this sentence into French: ${i} good morning`,
  });
  step.onRecord('calls', call, { topic: 'bench', partition: 0, offset: String(i) }, emit);
}
reach('all open');
step.onWatermark(T + MINUTE, emit);
reach('minute closed');
step.onWatermark(T + HOUR, emit);
reach('hour closed');
step.onWatermark(T + DAY, emit);
reach('day closed');
process.send?.(stages);
process.disconnect();
