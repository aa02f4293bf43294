import type { Account } from '../records/account.ts';
import type { ApiCall } from '../records/api-call.ts';
import type { PromptLibrary } from './prompts/library.ts';

/** A call before the merged stream numbers it. */
export type CallDraft = Omit<ApiCall, 'event_id'>;

export type TruthKind = 'campaign' | 'benign' | 'hard_negative';

/** What an account really is: one row an account, never seen by the detector. */
export interface TruthRow {
  account_id: string;
  /** Who is behind it: the same text for all accounts of one actor. */
  actor: string;
  kind: TruthKind;
  /** The builder, e.g. campaign, customers, corporate_nat. */
  name: string;
}

/** A new model, released inside the simulated time. */
export interface ModelLaunch {
  model: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What all actors of a scenario share. */
export interface World {
  /** Milliseconds since the epoch, inclusive. */
  start: number;
  /** Exclusive. */
  end: number;
  /** false: calls carry no prompt text. */
  text: boolean;
  launch: ModelLaunch | null;
  prompts: PromptLibrary;
}

/** A part of the traffic: accounts with all their versions, their labels, and ascending streams of calls. */
export interface Actor {
  accounts: Account[];
  truth: TruthRow[];
  streams: Iterator<CallDraft>[];
}
