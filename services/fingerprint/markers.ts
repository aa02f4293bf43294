/**
 * What a prompt asks the model to produce, told from the form of the request: a verb that asks, near a noun that names the product. Words stand in
 * any order and any sentence; no sentence of a data set is in here. Bits, so that a fingerprint carries them without the text.
 */
export const MARKERS = { chainOfThought: 1, rubricGrading: 2, policyRewrite: 4, instructionGeneration: 8 } as const;

interface Request {
  bit: number;
  verbs: ReadonlySet<string>;
  objects: ReadonlySet<string>;
  /** Chinese has no word boundaries: the same idea as substrings, one of each list. */
  hanVerbs: readonly string[];
  hanObjects: readonly string[];
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const REQUESTS: readonly Request[] = [
  {
    // The product is the reasoning itself.
    bit: MARKERS.chainOfThought,
    verbs: set(
      'explain show articulate describe write lay detail think reason provide give walk include narrate justify derive break spell reconstruct',
    ),
    objects: set('reasoning thinking rationale thought thoughts steps step deduction inference derivation'),
    hanVerbs: ['写出', '说明', '展示', '解释', '给出', '详细', '描述', '请'],
    hanObjects: ['推理', '思考过程', '逐步', '一步一步', '步骤', '思路'],
  },
  {
    // The product is a judgement against criteria.
    bit: MARKERS.rubricGrading,
    verbs: set('rate score grade evaluate judge assess rank compare'),
    objects: set(
      'scale score rating rubric criteria criterion points response responses answer answers assistant output outputs',
    ),
    hanVerbs: ['评分', '打分', '评价', '评估', '评判', '比较'],
    hanObjects: ['标准', '分数', '量表', '回答', '评分', '维度'],
  },
  {
    // The product is the same content in other words.
    bit: MARKERS.policyRewrite,
    verbs: set('rewrite rephrase paraphrase reword reformulate restate neutralise neutralize soften'),
    objects: set(
      'text passage statement question sentence paragraph prompt article answer response query version tone wording',
    ),
    hanVerbs: ['改写', '重写', '换一种', '润色', '转述'],
    hanObjects: ['文本', '问题', '段落', '句子', '文章', '回答', '表述', '内容'],
  },
  {
    // The product is new tasks for a model.
    bit: MARKERS.instructionGeneration,
    verbs: set('generate create write produce come invent compose design brainstorm'),
    objects: set(
      'instructions instruction questions prompts tasks personas problems queries dialogues conversations scenarios',
    ),
    hanVerbs: ['生成', '编写', '设计', '创建', '写出', '提出'],
    hanObjects: ['指令', '问题', '提示', '任务', '题目', '对话'],
  },
];

/** Words between the verb and what it asks for. */
const NEAR = 12;

/** Bit set of the requests that a prompt makes. One pass over the words. */
export function findMarkers(words: readonly string[], text: string): number {
  let markers = 0;
  for (const request of REQUESTS) {
    let verb = Number.NEGATIVE_INFINITY;
    let object = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? '';
      if (request.verbs.has(word)) verb = i;
      if (request.objects.has(word)) object = i;
      if (Math.abs(verb - object) <= NEAR) {
        markers |= request.bit;
        break;
      }
    }
  }
  return HAN.test(text) ? markers | hanMarkers(text) : markers;
}

const HAN = /\p{Script=Han}/u;
const HAN_LOOKED = 2_000;

function hanMarkers(text: string): number {
  const looked = text.slice(0, HAN_LOOKED);
  let markers = 0;
  for (const { bit, hanVerbs, hanObjects } of REQUESTS) {
    if (hanVerbs.some((word) => looked.includes(word)) && hanObjects.some((word) => looked.includes(word)))
      markers |= bit;
  }
  return markers;
}
