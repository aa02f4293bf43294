import { DAY_MS } from '../arrivals.ts';
import { type Weighted, weighted } from '../distributions.ts';
import { drawCountry } from '../identity.ts';
import type { HarvestUse, Language } from '../prompts/library.ts';
import type { Random } from '../random.ts';
import { type Category, drawModel, drawWork, harvestShape, type Work } from '../work.ts';
import type { World } from '../world.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { drawCategory } from './ordinary.ts';
import type { NextWork } from './pool.ts';

/** Every kind with its templates in the given number of wordings: "few templates, many fillings". */
function harvestWork(spec: CampaignSpec, world: World, random: Random): Weighted<Record<Language, Work[]>> {
  const kinds: [Record<Language, Work[]>, number][] = [];
  // The cast restores what Object.entries loses: the keys of a mix are its kinds.
  for (const [use, weight] of Object.entries(spec.mix) as [HarvestUse, number][]) {
    const shape = harvestShape(random, use);
    const inLanguage = (language: Language): Work[] => {
      const names = world.prompts.names({ use, language });
      const first = random.int(names.length);
      const work: Work[] = [];
      for (let i = 0; i < Math.min(spec.templatesPerKind, names.length); i += 1) {
        const name = names[(first + i) % names.length] ?? random.pick(names);
        for (let wording = 0; wording < spec.paraphrases; wording += 1)
          work.push({ prompt: world.prompts.prompt(name, random, 1), shape });
      }
      return work;
    };
    kinds.push([{ en: inLanguage('en'), zh: inLanguage('zh'), other: inLanguage('other') }, weight]);
  }
  return kinds;
}

/** The jobs of a few hundred people who use the pool as if it were an ordinary reseller; of one category where the reseller sells nothing else. */
export function resoldWork(
  world: World,
  random: Random,
  people: number,
  only: Category | null = null,
): { work: Work; model: string }[] {
  return Array.from({ length: people }, (_, index) => {
    const own = random.fork(index);
    const category = only ?? drawCategory(own);
    return {
      work: own.pick(drawWork(own, world.prompts, category, drawCountry(own).chinese)),
      model: drawModel(own, category),
    };
  });
}

/** What the campaign's queue asks for next: harvest, or the resold traffic that it hides behind. */
export function harvestQueue(spec: CampaignSpec, world: World, random: Random): NextWork {
  const kinds = harvestWork(spec, world, random.fork('templates'));
  const resold = spec.camouflageShare > 0 ? resoldWork(world, random.fork('resold'), 40 + spec.accounts) : [];
  const { launch } = world;
  return (time, draw) => {
    if (draw.chance(spec.camouflageShare)) return draw.pick(resold);
    const pivoted = launch === null ? 0 : spec.pivotShare * Math.min(1, Math.max(0, (time - launch.at) / DAY_MS));
    const model = launch !== null && draw.chance(pivoted) ? launch.model : 'nimbus-large-4';
    const languages = weighted(draw, kinds);
    return {
      work: draw.pick(languages[drawLanguage(spec, draw)]),
      model,
      samples: spec.samplesPerPrompt,
    };
  };
}

function drawLanguage({ chineseShare, otherLanguageShare }: CampaignSpec, random: Random): Language {
  const place = random.next();
  if (place < chineseShare) return 'zh';
  return place < chineseShare + otherLanguageShare ? 'other' : 'en';
}
