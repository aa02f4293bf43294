import type { EvidenceGroup } from '../../services/links/settings.ts';
import type { Scenario } from '../../services/simulate/scenario.ts';

/** What a gateway sends of the prompts. */
export type PromptInput = 'text' | 'fingerprint' | 'neither';

/** How the detector differs from the one that is shipped. */
export interface Detector {
  input: PromptInput;
  signaturesOff: readonly string[];
  linkLegsOff: readonly EvidenceGroup[];
}

export const SHIPPED: Detector = { input: 'text', signaturesOff: [], linkLegsOff: [] };

/** A place on the plane of the recall surface that is drawn. */
export interface SurfacePoint {
  accounts: number;
  leakage: number;
  camouflage: number;
}

/** One run of the detector over one simulation. Plain data: it is sent to a process of its own. */
export interface Run {
  experiment: string;
  /** Which run of the experiment: a campaign, a hard negative, a point of the surface, an ablation. */
  label: string;
  seed: number;
  scenario: Scenario;
  detector: Detector;
  /** Where on the surface it is; absent: nowhere. */
  point?: SurfacePoint;
  /** Exchanges of the whole campaign, of which the run may simulate only the first days; null: those in the run. */
  wholeCampaign: number | null;
}

/** Accounts and alerts that are not a campaign's, by the name of their builder (customers, corporate_nat, ...). */
export interface Innocents {
  accounts: number;
  calls: number;
  pages: number;
  tickets: number;
  paged: number;
  flagged: number;
}

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  windows: number;
  /** Sum of the confidences. */
  confidence: number;
  /** Windows that were a campaign's. */
  true: number;
  /** Sum of the squared errors. */
  squared: number;
}

export interface AccountScores {
  precision: number | null;
  recall: number | null;
  falsePositiveRate: number;
}

export interface Measurement {
  experiment: string;
  label: string;
  seed: number;
  point?: SurfacePoint;
  days: number;
  calls: number;
  accounts: number;
  campaignAccounts: number;
  page: AccountScores;
  any: AccountScores;
  /** Over the accounts of campaigns; null without a campaign. */
  bCubed: { precision: number; recall: number; f1: number } | null;
  /** Calls of the campaign before its first page; all of them where none came. Null without a campaign. */
  leaked: { calls: number; share: number; paged: boolean } | null;
  /** From the campaign's first call to its first page. Null: no page. */
  firstPageMinutes: number | null;
  /** From an account's first call to its being part of a page. */
  accountMinutes: { p50: number; p95: number } | null;
  innocents: Record<string, Innocents>;
  reliability: ReliabilityBin[];
  late: number;
  duplicate: number;
  rejected: number;
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryMb: number;
}
