import type { BenignUse } from '../prompts/library.ts';
import type { Random } from '../random.ts';
import { drawModel, drawShape, type Work } from '../work.ts';
import type { World } from '../world.ts';

const ASKED: readonly BenignUse[] = ['judge', 'tutor', 'synthetic_data'];

/** What looks like training data and is asked for with good reason: essays to be scored, sums to be explained step by step, exercises to be made up; in a wording of its own. */
export function askedJob(world: World, random: Random): { work: Work; model: string } {
  const name = random.pick(world.prompts.names({ use: random.pick(ASKED), language: 'en' }));
  return {
    work: { prompt: world.prompts.prompt(name, random, 1), shape: drawShape(random, 'chat') },
    model: drawModel(random, 'chat'),
  };
}
