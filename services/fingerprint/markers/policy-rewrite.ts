import type { Marker } from './marker.ts';

/** Asks for the same content in other words, or for an answer to a sensitive matter in words that pass: training data for alignment with a policy. */
export const policyRewrite: Marker = {
  name: 'policy_rewrite',
  bit: 4,
  lexicon: {
    rewrite:
      'rewrite|rewrites|rewriting|rewritten|rephrase|rephrased|rephrasing|paraphrase|paraphrased|paraphrasing|reword|reworded|reformulate|restate|neutralize|neutralise|soften|改写|重写|转述|换一种说法|换个说法|复述|改述|改寫|重寫|轉述',
    content:
      'text|passage|statement|question|questions|sentence|sentences|paragraph|prompt|article|answer|response|query|message|wording|version|文本|问题|問題|段落|句子|文章|回答|表述|内容|內容|文字',
    sensitive:
      'politically|political|sensitive|controversial|censored|censorship|taboo|dissident|propaganda|敏感|政治|审查|審查|违规',
    rework: 'continue|complete|answer|answered|respond|reply|deflect|avoid|steer|续写|继续|回避|回答|續寫|繼續|迴避',
    manner:
      'neutral|neutrally|safely|compliant|acceptable|approved|in line with|evasive|official|合规|符合|中立|官方|安全',
    /** Refactoring is not rewriting. */
    code: 'code|function|script|program|class|sql|method|代码|函数|程序',
  },
  asks: (found) =>
    found.near('rewrite', 'content', { within: 8, ordered: true, unless: 'code' }) ||
    found.near('rewrite', 'sensitive', { within: 14 }) ||
    (found.near('sensitive', 'rework', { within: 14 }) && found.has('manner')),
};
