import type { Marker } from './marker.ts';

/** Asks for new tasks for a model: instructions, questions, prompts, personas, or a harder version of a given one. The products are a training set's inputs. */
export const instructionGeneration: Marker = {
  name: 'instruction_generation',
  bit: 8,
  lexicon: {
    create:
      'generate|generating|create|creating|write|produce|invent|compose|design|brainstorm|propose|formulate|craft|come up with|make|devise|construct|guess|pose|生成|编写|设计|创建|写出|提出|构造|出题|出 0 道|編寫|設計|創建|寫出|構造',
    task: 'instruction|instructions|question|questions|prompt|prompts|task|tasks|persona|personas|query|queries|problem|problems|dialogue|dialogues|conversation|conversations|scenario|scenarios|quiz|riddle|riddles|puzzles|subtopics|指令|问题|问句|提示词|任务|题目|道题|对话|問題|題目|任務|對話',
    novelty:
      'new|novel|diverse|different|unique|similar|another|synthetic|challenging|difficult|complex|0|list|set|variety|series|varied|specific|realistic|related|examples|multiple choice|suitable|新的|多样|不同|类似|条|個|个|道',
    /** What follows is not what the verb makes; a database query is no task for a model. */
    parting:
      'to|that|which|for|in|by|from|using|given|about|on|the|this|your|my|sql|postgres|bigquery|mysql|database|根据|关于|這個|这个',
    evolve: 'rewrite|evolve|increase|complicate|deepen|modify|add|make|改写|改寫',
    harder:
      'complexity|complex|complicated|difficulty|difficult|harder|depth|constraints|concrete|new prompt|new question|rare|更难|复杂|更复杂|难度',
    specimen: 'given prompt|given instruction|given question|prompt|instruction|question|指令|题目',
    persona: 'persona|personas',
  },
  asks: (found) =>
    (found.near('create', 'task', { within: 9, ordered: true, unless: 'parting' }) &&
      found.near('task', 'novelty', { within: 9 })) ||
    (found.near('evolve', 'specimen', { within: 10 }) && found.near('specimen', 'harder', { within: 14 })) ||
    found.near('persona', 'task', { within: 14 }),
};
