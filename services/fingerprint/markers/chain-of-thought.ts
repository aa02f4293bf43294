import type { Marker } from './marker.ts';

/** Asks the model to write down its reasoning, not only the answer: the trace is what a student model is trained on. */
export const chainOfThought: Marker = {
  name: 'chain_of_thought',
  bit: 1,
  lexicon: {
    produce:
      'make sure|must|at least|transcribe~|dictate~|insert~|emit~|fill in|详细|完整|不少于|至少|说出|show~|explain~|articulate~|describe~|write|writing|written|detail~|detailed|provide~|give|giving|include~|narrate~|justify~|output|present|record~|verbalize~|verbalise~|reconstruct~|spell out|lay out|walk through|walk me through|write down|begin with|precede~|imagine~|simulate~|generate~|produce~|annotate~|reveal~|elaborate~|state~|list~|visible|want|need|keep|complete|full|entire|' +
      '写出|展示|说明|解释|给出|描述|还原|展开|输出|记录|列出|补全|补充|生成|模拟|写下|寫出|說明|解釋|給出|還原|展開|輸出|記錄|補全|' +
      'escribe|escriba|explica|explique|muestra|muestre|detalla|describe|schreibe|schreib|erkläre|zeige|beschreibe|montre|montrez|rédige|rédigez|explique|expliquez|décris|écris|mostre|escreva|descreva|' +
      'покажи|покажите|запиши|запишите|опиши|опишите|напиши|объясни|изложи|書き出し|示し|説明し|述べ|書い|적은|적고|적어|보여|설명하|쓰세요|제시하',
    reasoning:
      'line of thought|your thoughts as|missing derivation|every deduction|each deduction|你的想法|想法|reasoning|rationale|thought process|thinking process|thinking part|reasoning trace|reasoning path|chain of thought|chain of thoughts|chain of reasoning|train of thought|hidden thoughts|inner thoughts|internal thoughts|your thinking|long thinking|internal monologue|inner monologue|derivation|deductions|inferences|each inference|intermediate steps|intermediate step|solution steps|reasoning steps|logical steps|logical step|your working|your work|all work|all working|logic behind|dead ends|false starts|goes through your mind|scratchpad|self correction|how you got there|how you get there|what you try|approaches you considered|deliberation|' +
      '推理|思考过程|思考過程|思维过程|思考步骤|思路|思维链|思維鏈|解题过程|解題過程|推导|推導|中间步骤|中間步驟|逻辑步骤|内心|你的思考|的思考|自我反思|' +
      'razonamiento|proceso de pensamiento|cadena de pensamiento|pasa por la cabeza|durch den kopf geht|passe par la tête|gedankengang|gedankengänge|denkprozess|denkschritte|überlegungen|rechenweg|lösungsweg|herleitung|raisonnement|cheminement|raciocínio|' +
      'рассуждения|рассуждение|рассуждений|ход мыслей|ход своих мыслей|ход рассуждений|思考過程|頭の中の動き|頭の中で|推論の過程|推論過程|考えの過程|思考の過程|추론 과정|추론 과정을|사고 과정|사고 과정을',
    stepwise:
      'step by step|one step at a time|each step|every step|slowly|sub problems|sub problem|subproblems|sub questions|first principles|逐步|一步一步|一步步|分步|每一步|子问题|子問題|' +
      'paso a paso|schritt für schritt|étape par étape|pas à pas|passo a passo|шаг за шагом|пошагово|段階的に|ステップバイステップ|一歩ずつ|順を追って|단계별로|차근차근',
    solve:
      'solving|推演|think|reason|solve|solution|work through|work it out|work on|derive|prove|deduce|answer|answering|break down|break the problem down|decompose|思考|解答|求解|解题|解題|推理|分析|拆解|拆分|' +
      'piensa|piense|razona|razone|resuelve|resuelva|denke|denk|löse|überlege|réfléchis|réfléchissez|résous|raisonne|pense|resolva|raciocine|рассуждай|рассуждайте|думай|думайте|подумай|реши|решите|考え|解い|解き|推論|생각하고|생각하세요|풀어|추론하',
    slot: 'working|scratchpad|deliberation|réflexion|reflexion|gedankengang|推論|thought|thoughts|thinking|think|reasoning|rationale|reasoning steps|chain of thought|thought process|thinking process|reasoning trace|reasoning_steps|chain_of_thought|thought_process|step 0|begin_of_thought|思考|思考过程|思考過程|推理过程|推理過程|推理|解题思路|解題思路|思维链|begründung|razonamiento|raisonnement',
    /** A section of this name is a trace when it is asked for by name; as a heading it may be anybody's report. */
    section: 'analysis|reasoning|分析|推理',
    format:
      'return|respond|reply|output|format|json|xml|fields|keys|field|object|write|put|使用|输出|输出|返回|格式|字段|gib|ausgabe|felder|devuelve|renvoie',
    /** What a visible deliberation ends in. */
    final:
      'then state|then give|then choose|then select|before choosing|before deciding|再选择|再输出|再给|final answer|final result|final value|final output|final code|boxed|conclusion|conclude|concluding|finish with|before the answer|before you answer|before answering|before giving|before you give|before you write|最终答案|最终结果|最后给出|最后用|再给出|然后给出|回答前|回答之前|得出结论|' +
      'respuesta final|endgültige antwort|bevor du antwortest|réponse finale|resposta final|окончательный ответ|最終的な答え|最終回答|최종 답을',
    deliberate:
      'deliberate~|examine|weigh the|推理|讨论|think|think carefully|think aloud|think out loud|reason|reflect|reflect on|plan your|consider|analyse|analyze|analysing|work it out|verify|思考|分析|推导|反思|验证|推演|逐步',
    /** How a result came about. */
    how: 'how|why|reasons|logic|steps|inference|justify~|assumption|assumptions|alternatives|理由|依据|如何|为什么|根据|步骤|过程',
    arrive:
      'arrive~ at|arrived at|arriving at|arrive at|led to|leads to|lead to|leads from|reach the|reached|concluded|came to|come to|get to the|得出|得到|导致',
    outcome:
      'answer|answers|solution|conclusion|result|response|reply|label|decision|outcome|option|choice|答案|结论|结果|回答|标签|决定|选项|选择',
    justify:
      'reason for|reasons for|justification for|justify~|verify~|check|checking|double check|say why|state why|explain why|analyse why|analysing why|analyze why|work out|导出|推导|检查|验证|分析|依据',
    unit: 'every line|each line|each transformation|every transformation|each move|every move|each step|every step|each inference|each decision|every decision|each assumption|every assumption|each option|every option|each thought|any logical step|每一步|每个步骤|逐项|每个选项|各个选项',
    language:
      'in chinese|in english|in german|in french|in spanish|in japanese|in russian|in korean|in the same language|in the language|language of the question|用中文|用英文|用汉语|用英语|相同的语言|同一种语言|同样的语言|en español|en chino|en inglés|auf deutsch|auf chinesisch|en français|на русском|на китайском|日本語で|中国語で',
    think:
      'think|reason|thinking|reasoning|thoughts|思考|推理|思维|piensa|razona|denke|überlege|réfléchis|raisonne|думай|рассуждай|考え',
    aloud:
      'thinks out loud|thinks aloud|reasons aloud|deliberate in writing|reason in writing|think in writing|边解题边|边做边说|think aloud|thinking aloud|think out loud|thinking out loud|thoughts aloud|reason aloud|边想边写',
    /** Steps for a person to follow. */
    manual: 'instructions|guide|tutorial|how to|how do i|recipe|how i|manual|教程|怎么|如何操作',
    /** Thinking that is asked for in silence produces nothing. */
    silently: 'about how|silently|internally|before you|to yourself|不要展示|不要输出|in silence',
    /** A person's matters, not the model's trace. */
    own: 'my|i|me|we|our|我|我的|我们',
    /** An agent's turn: its thought serves the tool that it calls next. */
    act: 'action|action input|observation|tool input|行动|动作|观察|行動|觀察',
  },
  asks: (found) =>
    found.has('aloud') ||
    found.near('produce', 'reasoning', { within: 12 }) ||
    (found.near('solve', 'stepwise', { within: 10 }) &&
      !found.near('stepwise', 'silently', { within: 12 }) &&
      !found.near('stepwise', 'manual', { within: 5 })) ||
    found.near('think', 'language', { within: 6, ordered: true, unless: 'own' }) ||
    found.near('language', 'think', { within: 4, ordered: true, unless: 'own' }) ||
    found.near('deliberate', 'final', { within: 40, ordered: true, unless: 'own', across: true }) ||
    found.near('justify', 'unit', { within: 8 }) ||
    (found.near('arrive', 'outcome', { within: 8 }) &&
      found.near('produce', 'arrive', { within: 16 }) &&
      found.has('how')) ||
    (found.asLabel('slot') && !found.asLabel('act')) ||
    found.asField('format', 'section') ||
    found.asField('format', 'slot'),
};
