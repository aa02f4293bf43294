import type { Marker } from './marker.ts';

/** Asks the model to write down its reasoning, not only the answer: the trace is what a student model is trained on. */
export const chainOfThought: Marker = {
  name: 'chain_of_thought',
  bit: 1,
  lexicon: {
    produce:
      'show|explain|articulate|describe|write|detail|detailed|provide|give|include|narrate|justify|output|present|record|verbalize|verbalise|reconstruct|spell out|lay out|walk through|walk me through|write down|think aloud|' +
      '写出|展示|说明|解释|给出|描述|还原|展开|输出|记录|寫出|說明|解釋|給出|還原|展開|輸出|記錄',
    reasoning:
      'reasoning|rationale|thought process|chain of thought|chain of thoughts|train of thought|thoughts|thinking process|long thinking|internal monologue|derivation|deductions|intermediate steps|solution steps|reasoning steps|logical steps|' +
      '推理|思考过程|思考過程|思路|思维链|思維鏈|解题过程|解題過程|推导|推導|中间步骤|中間步驟',
    stepwise: 'step by step|one step at a time|each step|every step|逐步|一步一步|一步步|分步|每一步',
    solve:
      'think|reason|solve|solution|work through|work it out|derive|prove|deduce|answer|思考|解答|求解|解题|解題|推理',
    slot: 'thought|thoughts|thinking|think|reasoning|rationale|chain of thought|thought process|thinking process|reasoning trace|step 0|begin_of_thought|思考过程|思考過程|推理过程|推理過程|解题思路|解題思路',
    /** Thinking that is asked for in silence produces nothing. */
    silently: 'about how|silently|internally|before you|to yourself|deep breath',
  },
  asks: (found) =>
    found.near('produce', 'reasoning', { within: 10 }) ||
    (found.near('solve', 'stepwise', { within: 8 }) && !found.near('stepwise', 'silently', { within: 12 })) ||
    found.asLabel('slot'),
};
