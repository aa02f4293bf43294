import { HOUR_MS, renewalArrivals } from '../arrivals.ts';
import { drawCountry } from '../identity.ts';
import { accessEndpointV4 } from '../network.ts';
import type { Random } from '../random.ts';
import { drawShape } from '../work.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';

/** A course: the same exercises asked by everybody in the same hour from the same address, with accounts made in the first lesson. */
export interface ClassroomSpec {
  type: 'classroom';
  students: number;
  callsPerStudentPerLesson: number;
  /** UTC, every day of the simulation but Saturday and Sunday. */
  lessonHour: number;
  lessonHours: number;
}

export const CLASSROOM: ClassroomSpec = {
  type: 'classroom',
  students: 60,
  callsPerStudentPerLesson: 12,
  lessonHour: 14,
  lessonHours: 2,
};

export function buildClassroom(spec: ClassroomSpec, world: World, random: Random): Actor {
  const shared = random.fork('course');
  const country = drawCountry(shared);
  const address = accessEndpointV4(shared, country.code);
  const firstLesson = world.start - (7 + shared.int(60)) * 24 * HOUR_MS;
  const names = world.prompts.names({ use: 'exercise', language: 'en' });
  const rate = spec.callsPerStudentPerLesson / (spec.lessonHours * HOUR_MS);
  return buildGroup(
    {
      name: spec.type,
      members: spec.students,
      plan: 'free',
      meanAgeDays: 60,
      country,
      share(account, own) {
        account.signup_ip = address.ip;
        account.created_at = firstLesson + own.int(40 * 60_000);
        account.updated_at = account.created_at;
      },
      member: (own) => {
        const shape = { ...drawShape(own, 'chat'), systemPromptHash: null };
        return {
          category: 'chat',
          callsPerDay: spec.callsPerStudentPerLesson,
          endpoints: [address],
          work: names.map((name) => ({ prompt: world.prompts.prompt(name, own, 1), shape })),
          arrivals: renewalArrivals(own.fork('lessons'), world.start, world.end, 1.2, (window) => {
            const hour = (window / HOUR_MS) % 24;
            const weekday = (Math.floor(window / (24 * HOUR_MS)) + 4) % 7;
            const lesson =
              weekday !== 0 && weekday !== 6 && hour >= spec.lessonHour && hour < spec.lessonHour + spec.lessonHours;
            return lesson ? rate : 0;
          }),
        };
      },
    },
    world,
    random,
  );
}
