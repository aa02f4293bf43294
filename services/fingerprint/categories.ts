/**
 * What kind of task a prompt sets. Meant as a label whose mix is compared between groups, so what counts is that one template is always labelled alike,
 * not that each label is right. The order is part of the binary form of a fingerprint: append only.
 */
export const CATEGORIES = [
  'other',
  'code',
  'mathematics',
  'reasoning',
  'judging',
  'task_generation',
  'rewriting',
  'translation',
  'summarising',
  'extraction',
  'question_answering',
  'creative_writing',
  'conversation',
  'agent',
] as const;
export type Category = (typeof CATEGORIES)[number];
