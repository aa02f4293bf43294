import type { Marker } from './marker.ts';

/** Asks for new tasks for a model: instructions, questions, prompts, personas, or a harder version of a given one. The products are a training set's inputs. */
export const instructionGeneration: Marker = {
  name: 'instruction_generation',
  bit: 8,
  lexicon: {
    create:
      'dream up|give back|hand back|infer~|reverse engineer|output 0|set an exam|prepare|continue this list|continue the list|list 0|mutate~|想出|推断|补充|出|设计|generate~|create~|write|writing|produce~|invent~|compose~|design|designing|brainstorm|propose~|formulate~|craft|come up with|make|devise~|construct|guess|pose|suggest|synthesize~|synthesise~|compile|derive|imagine|think of|draw inspiration|phrase|' +
      '作って|模拟|模擬|批量构造|生成|编写|设计|创建|创作|写出|提出|构造|构建|列出|合成|出题|出 0 道|出一道|反推|写一个|编寫|編寫|設計|創建|寫出|構造|' +
      'genera|genere|crea|cree|inventa|escribe|erstelle|schreibe|erzeuge|génère|générez|crée|créez|rédige|gere|crie|создай|придумай|сгенерируй|составь|作成し|生成し|考え出し|만들어|생성해|작성해',
    /** What only a model, or those who train one, have use for. */
    modelTask:
      'user prompt|user prompts|training dialogue|training dialogues|nutzeranfragen|kundenanfragen|多輪對話|user turn|user turns|user s question|first message|utterance|sample utterances|intents|ask it|ask an assistant|ask a chatbot|training an|list of tasks|system prompt and|task list|用户原来的问题|发给 ai|第一条消息|任务列表|训练数据|task instruction|task instructions|instructions|instruction|prompts|brand new instruction|new instruction|persona|personas|user request|user requests|user queries|user query|user utterances|utterances|user messages|user message|requests|instruction response|prompt completion|prompt response|instruction tuning|fine tuning|training set|training data|synthetic data|dataset|seed tasks|seed questions|tool use tasks|new tasks|queries|multi turn|conversation between|dialogue between|question answer pairs|question and answer pairs|qa pairs|pairs|' +
      '指令|提示词|用户语句|用户请求|查询语句|问答对|多轮对话|微调数据集|训练数据|数据集|种子|任务|' +
      'instrucciones|anweisungen|aufgaben|consignes|instructions variées|instruções|заданий|задания|инструкций|指示文|プロンプト|ペア|지시문을|지시문|프롬프트를',
    /** Asked for by people too: it takes a source or a demand for novelty. */
    question:
      'exam|sibling|考题|programming task|question|questions|problem|problems|task|tasks|prompt|dialogue|dialogues|conversation|conversations|scenario|scenarios|quiz|riddle|riddles|puzzles|subtopics|subtopic|exam questions|example|variations|问题|问句|提问|题目|新题|道题|选择题|编程题|考题|对话|新例子|例子|問題|題目|任務|對話|子主题|不同说法|表达方式|' +
      'preguntas|fragen|questions|perguntas|вопросов|вопросы|質問|질문을',
    novelty:
      'multi hop|alike|no two alike|rising difficulty|increasing difficulty|reference solution|model answers|in json|as yaml|jailbreak|sibling|雷同|难度递增|参考答案|new|brand new|novel|diverse|diversity|varied|vary|varying|variety|unique|distinct|differ|different|similar|another|synthetic|challenging|harder|hard|difficult|complex|self contained|unanswerable|adversarial|no two|no duplicates|without answering|avoid repeating|not overlap|multi turn|multiple choice|series|realistic|plausibly|follow up|possible|at least|such|' +
      '新的|全新|多样|多样化|不同|类似|相似|不重复|不要重复|难度|更难|反推|条|' +
      'nuevas|nuevos|diversas|diferentes|verschiedene|neue|variées|nouvelles|diversas|разнообразных|новых|多様な|新しい|다양한|새로운',
    quantity:
      'thirty|forty|fifty|hundred|a few|三|八|四|0|two|three|five|six|eight|ten|twelve|fifteen|twenty|several|list|set|pairs|条|道|组|各|十|五|diez|cinco|veinte|zehn|fünf|dix|cinq|десять',
    /** What the products are made from, or end in. */
    source:
      'excerpt|textbook|chapter|response from|片段|教材|题干|passage|document|article|context|text|theorem|concept|snippet|code snippet|seed|seeds|seed question|given instruction|given prompt|given question|inspired by|examples|issue|api|documentation|persona|functions|from the passage|named below|intents|文章|文档|文本|段落|知识点|种子|示例|代码片段|以下|下面|给定|' +
      'texto|siguiente|text|texte|suivant|文章|次の|тексту|텍스트',
    /** What follows is not what the verb makes; a database query is no task for a model. */
    parting:
      'to|that|which|for|by|from|using|given|about|this|your|my|our|sql|postgres|bigquery|mysql|database|根据|关于|這個|这个',
    evolve:
      'mutate~|变得|让它|使它|rewrite~|evolve~|increase~|complicate~|deepen~|modify~|add|adding|make|改写|改寫|改得|改成|rewriting|evolved|更换|增加',
    harder:
      'more demanding|more challenging|more difficult|挑战性|format requirement|one more|change the domain|same skills|complexity|complex|complicated|difficulty|difficult|harder|depth|constraint|constraints|concrete|concretise|new prompt|new question|multi step reasoning|deepen|rare|rarer|rewritten prompt|evolved prompt|conditions|更难|复杂|更复杂|难度|限制条件|增加条件|约束',
    specimen:
      'seed prompt|seed instruction|puzzle|task|simple instruction|given prompt|given instruction|given question|following problem|following question|prompt|instruction|question|problem|指令|题目|提示|这道题|问题',
    person:
      'user|users|persona|personas|student|user might|search user|customer|developer|engineer|chatbot|assistant|agent|coding agent|用户|使用者|助手|学生|退休|扮演',
    /** The way back from an answer to its question. */
    inverse:
      'might|could|would|have given|had given|been given|would have|could have|may have|plausibly|could type|could ask|a user might|可能|反推|可能会',
    speech: 'ask|asked|asks|question|request|instruction|type|query|follow up question|提出|问|问题|指令|搜索|查询',
    label:
      'rewritten prompt|new prompt|new instruction|new question|created prompt|evolved prompt|instruction 0|generated question|新指令|新题目|改写后的指令|新问题',
    infer: 'infer~|reverse engineer|guess|reconstruct|deduce|反推|推断|倒推',
    wording: 'rephrase~|variations|paraphrases|different ways|varied wording|改写成|改写|写法|说法|表达方式',
    /** People play, learn and are asked in interviews without a training set. */
    pastime:
      'for my|my class|my students|our|interview|pub|kids|children|class|party|blog|trip|pupils|grade|我的|帮我|面试|酒吧|给我|年级|孩子',
    /** Inputs without outputs: whoever asks a model for tasks and forbids it to do them has another one do them. */
    unanswered:
      'don t answer them|do not answer them|never answer them|no answers|without answers|don t solve|do not solve them|不用作答|不用回答|无需作答|无需回答|不要作答|回答は不要|jamais les réponses|pas les réponses|keine antworten|sin respuestas|без ответов',
    /** Whom the products speak to. */
    toModel:
      'ask an ai|ask an ai assistant|ask an assistant|ask a chatbot|ask the assistant|send to an assistant|send to a chatbot|à un assistant|an den chatbot|向助手|向ai|助手提问',
    /** What an application offers its user to click on, or makes of his question to look it up. */
    turn: 'ask next|naturally ask|next question|chat history|conversation history|message history|standalone|stand alone|接下来|下一步可能|聊天记录|对话历史|接下來',
  },
  asks: (found) =>
    (found.near('create', 'modelTask', { within: 10, ordered: true, unless: 'parting' }) &&
      (found.near('modelTask', 'novelty', { within: 16, across: true }) ||
        (found.near('modelTask', 'quantity', { within: 10 }) && !found.has('pastime')))) ||
    (found.near('create', 'question', { within: 10, ordered: true, unless: 'parting' }) &&
      !found.has('pastime') &&
      !found.has('turn') &&
      (found.near('question', 'novelty', { within: 12 }) ||
        found.near('question', 'source', { within: 16, across: true }))) ||
    (found.near('evolve', 'specimen', { within: 12 }) &&
      found.near('specimen', 'harder', { within: 18, across: true })) ||
    (found.near('person', 'inverse', { within: 5 }) &&
      found.near('inverse', 'speech', { within: 8 }) &&
      found.has('create') &&
      !found.has('turn')) ||
    (found.has('unanswered') && !found.has('pastime') && (found.has('create') || found.has('evolve'))) ||
    (found.has('toModel') && found.has('create') && found.has('quantity') && !found.has('turn')) ||
    (found.near('create', 'inverse', { within: 16 }) &&
      found.near('inverse', 'speech', { within: 8 }) &&
      found.has('quantity') &&
      !found.has('turn')) ||
    (found.near('infer', 'speech', { within: 8, ordered: true }) && found.has('person')) ||
    (found.near('evolve', 'harder', { within: 10 }) && found.asFilledLabel('specimen')) ||
    (found.near('wording', 'quantity', { within: 8 }) && found.near('wording', 'person', { within: 14 })) ||
    (found.asLabel('label') && (found.has('create') || found.has('evolve'))),
};
