import type { Marker } from './marker.ts';

/** Asks for a judgement of another text against criteria, or which of two is better: the model is used as a reward model. */
export const rubricGrading: Marker = {
  name: 'rubric_grading',
  bit: 2,
  lexicon: {
    judge:
      'rate|score|grade|evaluate|evaluating|assess|assessing|judge|rank|ranking|compare|comparing|ranks|evaluates|评分|打分|评价|评估|评判|评审|比较|評分|評價|評估|評判|比較',
    ask: 'judge|rate|score|grade|assign|give|output|identify|answer using|评分|打分|给出|输出|返回',
    subject:
      'response|responses|answer|answers|output|outputs|completion|completions|assistant|assistants|submission|summary|summaries|essay|translation|solution|solutions|candidate|candidates|instruction|query|conversation|text|texts|instruction following|alignment|' +
      'quality|correctness|helpfulness|回答|答案|回复|输出|响应|作文|译文|回覆|輸出',
    shape:
      'scale|score|scores|scoring|rating|ratings|points|rubric|rubrics|criteria|criterion|verdict|0 to 0|out of 0|between 0 and 0|difficulty level|leaderboard|correct or incorrect|right or wrong|numeric identifier|分数|分數|评分标准|評分標準|量表|标准|標準|维度|維度|0 分',
    preference:
      'better|preferred|prefer|preferable|worse|tie|best response|best answer|best matches|which one|safer|更好|更优|更優|哪个|哪個|哪一个|优劣',
    contenders:
      'response a|response b|answer a|answer b|assistant a|assistant b|output a|output b|model a|model b|summary a|summary b|code a|code b|candidate a|response 0|answer 0|output 0|completion 0|two responses|two answers|both responses|two outputs|two ai assistants|' +
      'following 0 texts|following 0 responses|following 0 answers|following two|两个回答|兩個回答|回答 a|回答 0|答案 a',
  },
  asks: (found) =>
    (found.near('judge', 'subject', { within: 14 }) && found.has('shape')) ||
    found.near('ask', 'shape', { within: 5, ordered: true }) ||
    (found.has('contenders') && found.has('preference')),
};
