import { DAY_MS, HOUR_MS, renewalArrivals } from '../arrivals.ts';
import { drawClient } from '../clients.ts';
import { hostingEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import { drawShape } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** Unrelated teams run the same open benchmark on the new model in the hours after its launch: few templates, many fillings, temperature 0. */
export interface EvaluationHarnessSpec {
  type: 'evaluation_harness';
  teams: number;
  questionsPerTeam: number;
  /** Length of a team's run. */
  hours: number;
}

export const EVALUATION_HARNESS: EvaluationHarnessSpec = {
  type: 'evaluation_harness',
  teams: 6,
  questionsPerTeam: 600,
  hours: 3,
};

export function buildEvaluationHarness(spec: EvaluationHarnessSpec, world: World, random: Random): Actor {
  // Without a launch in the scenario the run is an ordinary leaderboard update in the middle of it.
  const launchAt = world.launch?.at ?? (world.start + world.end) / 2;
  const model = world.launch?.model ?? 'nimbus-large-4';
  return buildGroup(
    {
      name: spec.type,
      members: spec.teams,
      plan: 'pay_as_you_go',
      meanAgeDays: 200,
      member(own) {
        const shape = {
          ...drawShape(own, 'extract'),
          temperature: 0,
          maxTokens: 1024,
          streamShare: 0,
          systemPromptHash: null,
          toolsHash: null,
        };
        const work = world.prompts
          .names({ use: 'harness', language: 'en' })
          .map((name) => ({ prompt: world.prompts.prompt(name, own, 1), shape }));
        const start = launchAt + own.next() * Math.min(8 * HOUR_MS, (world.end - launchAt) / 2);
        const end = Math.min(world.end, start + spec.hours * HOUR_MS);
        const rate = spec.questionsPerTeam / (spec.hours * HOUR_MS);
        return {
          category: 'extract',
          callsPerDay: (spec.questionsPerTeam * DAY_MS) / (world.end - world.start),
          endpoints: [hostingEndpoint(own)],
          client: drawClient(own, [['python', 1]]),
          work,
          arrivals: renewalArrivals(own.fork('run'), start, end, 0.9, () => rate),
          modelAt: () => model,
        };
      },
    },
    world,
    random,
  );
}
