import type { Category } from './categories.ts';
import type { Lexicon } from './word-finder.ts';

/** What each kind of task is asked for with: verbs, and the names of what is made. Words that several kinds share are left out. */
export const CATEGORY_WORDS = {
  agent:
    'tool_call|tool_calls|tool_result|tool_response|tool_use|function_call|function_calls|observation|autonomous|coding agent|ai agent|agent framework|your tools|following tools|bash|terminal|shell command|working directory|repository|web browser|workspace|file edit|工具|智能体|代理|终端|仓库|函数调用',
  code: 'code|function|script|program|programming|python|javascript|typescript|java|rust|golang|c++|sql|query the|html|css|regex|api|bug|debug|compile|compiler|refactor|unit test|unit tests|algorithm|algorithms|stack trace|typeerror|exception|docker|git|commit|implement|endpoint|component|dataframe|代码|函数|编程|程序|算法|报错|脚本|接口|数据库|código|función|programm|funktion|fonction|код|функцию|コード|関数|코드|함수',
  mathematics:
    'math|maths|mathematics|mathematical|equation|equations|integral|derivative|prove|proof|theorem|lemma|compute|calculate|probability|geometry|algebra|polynomial|matrix|arithmetic|solve for|sum of|product of|how many|percent|数学|方程|求解|计算|证明|积分|导数|多少|概率|几何|函数的|不等式|ecuación|calcula|berechne|gleichung|beweise|calcule|équation|уравнение|вычисли|計算|証明|계산',
  reasoning:
    'reason|reasoning|logic|logical|deduce|deduction|puzzle|riddle|step by step|premises|infer|entail|entails|hypothesis|argument|causal|推理|逻辑|思考|推断|谜题|razona|denke|raisonne|рассуждай|推論|추론',
  rewriting:
    'rewrite~|rewritten|rephrase~|paraphrase~|reword~|proofread|polish|edit|shorten|simplify|politely|friendlier|grammar|rewriting|correct my|改写|重写|润色|改得|语法|缩短|换个|reescribe|umformulieren|schreibe meine|reformule|перепиши|書き直し|다시 쓰',
  translation:
    'translate~|translation|translator|into english|into french|into german|into spanish|into chinese|into japanese|翻译|译成|译为|翻譯|traduce|traducir|übersetze|traduis|traduire|traduza|переведи|перевод|翻訳|訳し|번역',
  summarising:
    'summarize~|summarise~|summary|summaries|sum up|condense|tl|dr|key points|main points|bullet points|abstract|overview|总结|概括|摘要|归纳|要点|概述|resume|resumen|zusammenfassung|fasse|résume|résumé|resuma|кратко|резюмируй|要約|まとめ|요약',
  extraction:
    'extract~|classify~|classification|categorize~|categorise~|label~|labels|tag|tags|identify|entities|entity|sentiment|intent|intents|topic of|parse|detect|annotate|spam|category|categories|keywords|提取|抽取|分类|标注|标签|识别|情感|实体|关键词|类别|extrae|clasifica|klassifiziere|extrahiere|classe|extrais|classifique|извлеки|классифицируй|抽出|分類|추출|분류',
  creative_writing:
    'poem|poems|haiku|limerick|story|stories|novel|essay|song|lyrics|slogan|slogans|dialogue|screenplay|script for|blog|letter|email|e mail|speech|headline|headlines|character|characters|plot|fiction|joke|advertisement|cover letter|caption|tweet|诗|故事|小说|作文|歌词|广告|文案|邮件|一封信|演讲|剧本|笑话|标题|poema|cuento|historia|carta|gedicht|geschichte|brief|poème|histoire|lettre|poema|стихотворение|рассказ|письмо|詩|物語|手紙|시를|이야기|편지',
  question_answering:
    'what|why|who|whom|whose|when|where|which|how|is it|is there|are there|does|do you know|answer the|question|explain|describe|tell me|define|compare|difference|什么|为什么|怎么|如何|哪|谁|吗|呢|解释|介绍|区别|回答|qué|cómo|por qué|cuál|quién|was|wie|warum|wer|welche|erkläre|quoi|comment|pourquoi|quel|quelle|qui|explique|o que|como|что|как|почему|кто|какой|объясни|なぜ|何|どう|ですか|왜|무엇|어떻게',
  conversation:
    'hello|hi|hey|thanks|thank you|good morning|how are you|lonely|chat with|talk to me|listen to me|feel|bye|你好|您好|谢谢|早上好|聊聊|陪我|嗨|hola|gracias|hallo|danke|bonjour|merci|olá|obrigado|привет|спасибо|こんにちは|ありがとう|안녕하세요|감사합니다',
} as const satisfies Lexicon & Partial<Record<Category, string>>;
