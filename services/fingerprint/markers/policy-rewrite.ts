import type { Marker } from './marker.ts';

/** Asks for the same content in other words that pass, or for an answer to a sensitive matter in words that pass: training data for alignment with a policy. */
export const policyRewrite: Marker = {
  name: 'policy_rewrite',
  bit: 4,
  lexicon: {
    rewrite:
      'rewrite~|rewritten|rephrase~|paraphrase~|reword~|reformulate~|reformulation|reformulated|restate~|改写|重写|转述|换一种说法|换个说法|复述|改述|改寫|重寫|轉述|' +
      'reescribe|reescriba|reformula|formuliere|umformulieren|réécris|réécrivez|reformule|reformulez|reescreva|перепиши|переформулируй|書き換え|言い換え|바꿔 쓰|다시 쓰',
    transform:
      'make these|make them|make each|yield~|recast~|reframe~|swap|tone down|turn|turns|corrected|counterpart|counterparts|equivalent|deflect~|降低这|降低该|换成|能通过|对应|回避|rewrite~|rewritten|rephrase~|paraphrase~|reword~|reformulate~|reformulation|reformulated|restate~|neutralize~|neutralise~|soften~|sanitize~|sanitise~|detoxify~|revise~|revision|modify~|modified|edit|edited|convert~|transform~|adapt~|replace~|replacement|remove~|delete|redirect|redirects|steer|steers|turn this|turn the|make this|make the|make it|alternative|alternatives|be asked|' +
      '改写|重写|转述|换一种|换个|复述|改述|修改|改成|改为|改得|替换|替代|删除|去除|去掉|脱敏|中性化|润色|处理|改寫|重寫|轉述|替換|' +
      'reescribe|reescriba|reformula|modifica|formuliere|überarbeite|umformulieren|reformule|reformulez|modifie|reescreva|перепиши|переформулируй|измени|書き換え|修正し|言い換え|바꿔|수정하',
    /** What a training set's rows are made of: not a letter, a paragraph or a clause of somebody's own. */
    content:
      'turn|turns|counterpart|headline|term|terms|提示|发言|陈述|statement|question|questions|prompt|prompts|answer|answers|response|responses|query|queries|message of the user|reply|replies|request|instruction|output|问题|問題|回答|回复|表述|提问|指令|言论|' +
      'pregunta|preguntas|respuesta|respuestas|frage|fragen|antwort|antworten|réponse|réponses|pergunta|perguntas|resposta|respostas|вопрос|вопросы|ответ|ответы|質問|回答|질문을|답변을',
    sensitive:
      'delicate|touchy|hot button|rude|explicit|blocked|disallow~|disallowed|breaks rule|breaks the rule|loaded|critical of|hateful|politically|political|politics|sensitive|sensitivity|controversial|controversy|censored|censorship|taboo|dissident|dissidents|propaganda|subversive|forbidden|banned|prohibited|flagged|moderation|violates|violate|violation|violating|unsafe|harmful|dangerous|unethical|toxic|offensive|discriminatory|hateful|refused|refusing|jailbreak|human rights|crackdown|authoritarian|content policy|usage policy|' +
      '敏感|政治|涉政|审查|審查|违规|違規|违禁|有害|歧视|违法|攻击性|争议|不当|被审核|拦截|越狱|不符合|违反|' +
      'políticamente|sensible|dañino|dañina|politisch|heikle|heikel|schädliche|schädlichen|politiquement|nuisible|prejudicial|politicamente|sensível|политически|чувствительный|вредный|政治的|敏感|有害|정치적으로|민감한|유해한',
    /** Matters that are sensitive in one place or another: they take a demand that the product pass. */
    topic:
      'media|minister|president|head of state|political|criticism|state media|government|authorities|ruling party|leaders|leader|regime|state bodies|territorial|regulator|regulations|bias|illegal|religion|ethnicity|party|officials|当局|政府|领导人|民族|宗教|领土|主席|政党|官员|法律法规|gobierno|regierung|gouvernement|governo|власть|政府|정부',
    text: 'comment|essay|paragraph|text|article|sentence|passage|content|message|wording|claims|评论|文章|文本|段落|句子|内容|文字',
    /** Verbs that name the purpose. */
    purge: 'detoxify~|sanitize~|sanitise~|neutralize~|neutralise~|desensitize~|desensitise~|脱敏|净化|中性化',
    version: 'version|versions|版本',
    rework:
      'deflects|give|produce|turn|给出|continue|complete|answer|answered|respond|reply|deflect|avoid|avoids|steer|evasive|replacement|write|produce|generate|续写|继续|回避|回答|回复|續寫|繼續|迴避|写|生成',
    /** What the product must be to pass. */
    passing:
      'let through|lets it through|let it through|gets through|local law|media regulation|let through|allows|allowed|accepted|suitable for|aligned with|regulations|no criticism|changes the subject|change the subject|通过过滤|能通过|公开发布|国家法规|转移话题|委婉|官方接受|无害的|neutral|neutrally|safe|safely|safer|harmless|benign|innocuous|uncontroversial|acceptable|acceptably|compliant|comply|complies|conform|conforms|approved|approve|approves|permitted|in line with|official|evasive|diplomatically|policy compliant|less toxic|less offensive|least harmful|less harmful|neutral tone|satisfies the constitution|our constitution|sanitised|sanitized|pass the|not politically|no longer|not imply|permissible|inoffensive|' +
      '合规|合規|符合|中立|中性|官方|安全|无害|無害|可接受|通过审核|能够通过|不再违反|温和|客观|正常请求|认可|不表态|核心价值观|' +
      'neutral|aceptable|cumpla|neutre|acceptable|unbedenklich|neutrale|richtlinien|aceitável|neutra|нейтральным|допустимым|中立的|安全な|準拠し|중립적이고|안전한',
    /** Words that name the pair: the one that offends and the one that passes. */
    product:
      'safe|safe version|compliant|compliant reformulation|revised response|revised answer|revision|harmless version|sanitised|sanitized|safe response|rewritten response|neutral version|无害指令|安全回复|合规回答|改写后|修改后',
    /** Refactoring is not rewriting, nor is care for a thread or a form. */
    code: 'code|function|script|program|class|sql|method|component|injection|代码|函数|程序|过滤',
    own: 'my|our|我|我的|我们|我们的',
    /** An answer that is nobody's: asked for of a product that must offend no side. */
    stance:
      'no position|no side|take sides|taking sides|takes sides|get offended|gets offended|offending anyone|offend anyone|offend nobody|both camps|nobody should be able to guess|不站队|不表态|不冒犯|各方都|任何当事国|keine unterstellung|ausgewogene|neutralité politique|renvoi à des sources|不快に感じない|どの政治的立場|tomar partido|tomar partidos|принимая сторон',
    /** What a question is put in other words for by every application that looks up its answer. */
    lookup:
      'standalone|stand alone|chat history|conversation history|message history|search|searching|vector|embedding|embeddings|retrieval|retrieve~|index|keywords|检索|搜索|向量|聊天记录|对话历史|历史对话|聊天历史|独立的问题|独立问题|檢索|搜尋|聊天記錄',
    /** A moderator sorts messages: nothing is written anew. */
    sort: 'detect~|classify|classifies|classifier|moderator|moderate|whether|判断|判斷|检测|是否|分类',
  },
  asks: (found) =>
    !found.has('code') &&
    ((found.near('rewrite', 'content', { within: 8, ordered: true, unless: 'own' }) &&
      !found.near('own', 'content', { within: 2, ordered: true }) &&
      !found.has('lookup')) ||
      (found.near('transform', 'sensitive', { within: 16 }) &&
        (found.near('transform', 'content', { within: 24 }) || found.near('transform', 'passing', { within: 24 }))) ||
      (found.near('transform', 'sensitive', { within: 16 }) && found.near('transform', 'text', { within: 16 })) ||
      (found.near('transform', 'passing', { within: 16 }) &&
        (found.near('transform', 'content', { within: 16 }) ||
          found.near('passing', 'sensitive', { within: 40, across: true }) ||
          found.near('passing', 'topic', { within: 24 }))) ||
      (found.near('version', 'passing', { within: 5 }) &&
        found.near('version', 'sensitive', { within: 40, across: true })) ||
      found.near('purge', 'text', { within: 8 }) ||
      found.near('purge', 'content', { within: 8 }) ||
      (found.near('sensitive', 'rework', { within: 16 }) &&
        !found.near('sort', 'sensitive', { within: 8, ordered: true }) &&
        found.near('rework', 'passing', { within: 16, across: true }) &&
        found.has('content')) ||
      (found.near('stance', 'content', { within: 40, across: true }) &&
        (found.has('rework') || found.has('transform'))) ||
      (found.asLabel('product') && found.has('transform'))),
};
