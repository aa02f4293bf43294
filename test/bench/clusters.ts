import { type Codecs, createCodecs } from '../../services/records/codec/codecs.ts';
import { createClustersLane } from '../../services/replay/clusters-lane.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { shippedRules } from '../support/shipped.ts';
import { GRACE, type RecordedInput, recordWindows } from './recorded-windows.ts';
import { type BenchResult, type BenchRun, medianRun, throughput } from './result.ts';

const REPEATS = 3;

/** Both steps of `clusters` at their own input, without Kafka: decoding, windows of clusters, baselines, signatures, alerts. An event is an account window. */
export async function benchClusters(): Promise<BenchResult> {
  const codecs = createCodecs(null);
  const recorded = recordWindows(codecs);
  const samples: BenchRun[] = [];
  for (let i = 0; i < REPEATS; i++) samples.push(measure(recorded, codecs));
  const windows = recorded.filter((input) => 'window' in input).length;
  return {
    name: 'clusters',
    input: `${windows} windows of accounts, ${recorded.filter((input) => 'assignment' in input).length} assignments: the demo's day and a half`,
    runs: [medianRun(samples)],
    ratios: {},
  };
}

function measure(recorded: readonly RecordedInput[], codecs: Codecs): BenchRun {
  let windows = 0;
  let clusterWindows = 0;
  let alerts = 0;
  const lane = createClustersLane(
    { rules: [initialVersion(shippedRules())], grace: GRACE, database: 'stillwatch', runbooks: '', restored: {} },
    { clusterWindow: () => clusterWindows++, membership: () => {}, alert: () => alerts++, count: () => {} },
  );
  const begun = process.cpuUsage();
  for (const input of recorded) {
    if ('mark' in input) lane.mark({ source: 0, of: 1, time: input.mark });
    else if ('window' in input) {
      const decoded = codecs.of('account-window').decode(input.window);
      if (!decoded.ok) throw new Error(decoded.detail);
      lane.window(decoded.value);
      windows++;
    } else {
      const decoded = codecs.of('assignment').decode(input.assignment);
      if (!decoded.ok) throw new Error(decoded.detail);
      lane.assignment(decoded.value);
    }
  }
  const { user, system } = process.cpuUsage(begun);
  return {
    what: 'premerge and score',
    figures: [
      throughput(windows, (user + system) / 1e6),
      { value: clusterWindows, unit: 'windows of clusters' },
      { value: alerts, unit: 'alert messages' },
    ],
  };
}
