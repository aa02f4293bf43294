import type { Marker } from './marker.ts';

/** Words between an instruction and what it declares a few lines on: a long document has all of these words somewhere. */
const NEARBY = 60;

/** Asks for a judgement of another text against criteria, or which of two is better: the model is used as a reward model. */
export const rubricGrading: Marker = {
  name: 'rubric_grading',
  bit: 2,
  lexicon: {
    judge:
      'rate|rates|rating|score|scoring|grade|grades|grading|evaluate~|evaluating|evaluation|assess~|judge|judging|rank|ranking|ranks|appraise~|evaluator|reward model|grader|评分|打分|评价|评估|评判|评审|评定|评测|给分|评委|奖励模型|評分|評價|評估|評判|評分|' +
      'puntúa|puntúe|evalúa|evalúe|califica|bewerte|bewerten|beurteile|évalue|évaluez|note|avalie|оцени|оцените|評価|採点|판정|평가하세요|평가해',
    weigh:
      'judge|mark|tag the|order these|order them|examine~|label the|predict|award|verify|验证|指出|determine|decide|check|checking|verify|review|compare|comparing|compares|critique|critiques|choose|pick|inspect|estimate|apply|is the following|how helpful|how difficult|how likely|to what extent|give|assign|assigns|add|award|print|判断|比较|比較|对照|检查|核对|排序|排列|选择|标出|给出|加|得|' +
      'compara|compare|comparez|vergleiche|entscheide|decide|сравни|сравните|比較し|判定し|비교하',
    subject:
      'rollout|rollouts|sample|samples|continuation|continuations|models|response|responses|answer|answers|output|outputs|completion|completions|assistant|assistants|assistant s|submission|submissions|summary|summaries|essay|translation|solution|solutions|candidate|candidates|reply|replies|draft|drafts|trajectory|trajectories|last turn|generation|generated code|instruction|instructions|query|conversation|claim|claims|text|texts|instruction following|alignment|model s|' +
      'quality|correctness|helpfulness|回答|答案|回复|回覆|输出|響應|响应|作答|作文|译文|摘要|候选|助手|文本|对话|指令|解题|模型|輸出|' +
      'respuesta|respuestas|antwort|antworten|réponse|réponses|resposta|respostas|ответ|ответы|ответа|回答|応答|답변을|답변|응답을',
    shape:
      '0 stars|0 level|0 point scale|five point scale|ten point scale|best to worst|level 0|best first|numerical|最差|最好|颗星|scale|score|scores|scoring|rating|ratings|0 points|one point|points for each|0 point|rubric|rubrics|criteria|criterion|verdict|marks|mark|full marks|0 to 0|out of 0|between 0 and 0|from 0|0 if|likert|reward|scalar|difficulty level|complexity score|leaderboard|correct or incorrect|right or wrong|numeric identifier|percentage|probability|partial credit|dimension|dimensions|checklist|pass or fail|severity|confidence|best to worst|worst to best|分数|分數|评分标准|評分標準|量表|标准|標準|维度|維度|方面|满分|滿分|总分|總分|得分|得 0 分|0 分|等级|置信度|从高到低|是否正确|' +
      'escala|puntuación|criterios|skala|punkte|kriterien|échelle|critères|escala de|шкале|баллов|критериям|критерии|点数|観点|基準|点で|점수로|기준으로|0 점',
    verdict:
      'first incorrect|pass fail|supported contradicted|full refusal|不适用|incorrect|错误的|verdict|pass or fail|safe or unsafe|correct or incorrect|right or wrong|supported|contradicted|not verifiable|matches the reference|reference answer|gold|gold answer|violations|hallucinations|severity|0 if|one label|partial credit|factuality|probability|equivalent|wrong|yes or no|是否安全|是否正确|是否一致|对还是错|参考答案|风险等级|一致性|忠实',
    /** Qualities that a text is measured by: two of them are criteria, whatever they are called. */
    criteria:
      'helpful|helpfulness|accuracy|relevance|harmless|harmlessness|honest|honesty|truthful|truthfulness|coherence|coherent|fluency|fluent|clarity|factuality|factual|faithful|faithfulness|completeness|conciseness|concise|correctness|depth|creativity|engagement|readability|persuasiveness|naturalness|grounding|style|educational value|instruction following|' +
      '有用性|准确性|相关性|真实性|事实性|流畅|逻辑性|信息量|完整性|忠实|忠实度|通顺|清晰|无害|有帮助|教育价值|质量|正确性|深度|创造性|' +
      'utilidad|precisión|claridad|richtigkeit|vollständigkeit|stil|exactitude|clarté|utilité|precisão|clareza|utilidade|точности|полноты|ясности|正確性|有用性|明瞭さ|정확성|유용성|명확성',
    /** What a model has written, as a section handed over for judgement. */
    artefact:
      'response|responses|reply|replies|completion|completions|continuation|continuations|rollout|rollouts|trajectory|summary|summaries|translation|message|solution|solutions|draft|drafts|model output|candidate output|outputs|generation|answer|answers|submission|model|models|story|code|回答|回复|续写|摘要|译文|解答|输出|答案|作答|译文',
    evaluative:
      'better|best|worst|worse|quality|how well|to what degree|satisfy|satisfies|preserve|preserves|incorrect|correct or not|major and minor errors|critique|arbiter|annotator|rater|raters|award~|stars|judgement|judgment|more truthful|more helpful|excellent|poor|argued|好坏|哪个更|在多大程度上|满足|错误的|是否正确|点评|质量|标注员|评审|颗星|几星|优劣|最好|最差',
    grade:
      'score|scores|rating|ratings|mark|marks|grade|verdict|reward|评分|分数|得分|总分|等级|分值|puntuación|bewertung|оценка|点数|점수',
    field:
      'chosen|margin|preferred|correct|score|scores|rating|verdict|grade|overall_score|total_score|final_score|rationale|winner|preference|feedback|分数|评分|得分|理由|safe|unsafe|better',
    /** A form to judge by is not a judgement. */
    draft: 'create|design|develop|draft|make|build|设计|制定|制作',
    form: 'rubric|scorecard|评分表|评分量表|评分标准|量表',
    own: 'my|our|mine|我的|我们的',
    /** Whom the model is to stand in for: nobody else has use for such a judgement. */
    annotator:
      'reward model|preference model|human labeller|human labeler|human annotator|human rater|annotator guidelines|奖励模型|人工标注|标注员|偏好数据|avaliador humano|menschlicher bewerter|annotateur humain|evaluador humano',
    effort: 'best you can|best as you can|best of your',
    ask: 'give|assign~|output|print|return|respond|reply|answer using|identify|json|conclude with|compute|end with|finish with|给出|输出|返回|打出|得到|gib|devuelve|renvoie',
    preference:
      'better|preferred|prefer|prefers|preferable|preference|worse|tie|best response|best answer|best matches|which one|safer|winner|wins|best to worst|worst to best|winner takes|从好到差|从优到劣|preferida|escolheria|方を選ん|優位|更好|更优|更優|哪个|哪個|哪一个|优劣|偏好|偏爱|从高到低|高低|mejor|besser|meilleure|melhor|лучше|優れ',
    contenders:
      'reply a|reply b|reply p|reply q|reply x|reply y|answer x|answer y|0 samples|0 replies|0 candidates|two samples|three replies|four replies|采样结果|个候选|duas respostas|二つの要約|二つのモデル|response a|response b|answer a|answer b|assistant a|assistant b|output a|output b|model a|model b|summary a|summary b|code a|code b|candidate a|reply a|draft 0|assistant 0|model 0|response 0|answer 0|output 0|completion 0|two responses|two answers|two replies|two drafts|two outputs|two completions|both responses|both answers|two ai assistants|pairwise|which reply|which response|which completion|four completions|four responses|0 completions|0 responses|three responses|' +
      'following 0 texts|following 0 responses|following 0 answers|following two|两个回答|兩個回答|两个助手|候选回答|回答 a|回答 0|答案 a|助手一|助手 a|' +
      'dos respuestas|respuesta a|beiden antworten|zwei antworten|antwort a|deux réponses|réponse a|duas respostas|два ответа|二つの回答|回答 a|두 답변',
  },
  asks: (found) =>
    !found.near('draft', 'form', { within: 4, ordered: true }) &&
    ((found.near('judge', 'subject', { within: 16 }) &&
      (found.near('judge', 'shape', { within: NEARBY, across: true }) ||
        found.near('judge', 'criteria', { within: 20, across: true }))) ||
      (found.near('weigh', 'subject', { within: 16 }) &&
        (found.near('subject', 'verdict', { within: 20, across: true }) ||
          (found.near('weigh', 'shape', { within: 20, across: true }) &&
            (found.near('shape', 'grade', { within: 20, across: true }) || found.many('criteria', 2, 12))))) ||
      (found.near('subject', 'grade', { within: NEARBY, across: true }) &&
        (found.near('ask', 'grade', { within: 6, ordered: true }) || found.near('judge', 'shape', { within: 8 }))) ||
      (found.has('annotator') && found.has('subject')) ||
      (found.many('criteria', 3, 8) && found.near('criteria', 'shape', { within: 20, across: true })) ||
      (found.near('contenders', 'preference', { within: NEARBY, across: true }) &&
        !found.near('own', 'contenders', { within: 2, ordered: true })) ||
      (found.near('evaluative', 'artefact', { within: 12, across: true }) &&
        found.asFilledLabel('artefact') &&
        !found.has('own') &&
        !found.has('effort')) ||
      (found.has('subject') && (found.asLabel('grade') || found.asField('ask', 'field')))),
};
