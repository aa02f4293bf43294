import type { AgentFrameworkSpec } from './actors/agent-framework.ts';
import type { BatchLabellingSpec } from './actors/batch-labelling.ts';
import type { CampaignSpec } from './actors/campaign-spec.ts';
import type { CiFleetSpec } from './actors/ci-fleet.ts';
import type { ClassroomSpec } from './actors/classroom.ts';
import type { CompanyApplicationSpec } from './actors/company-application.ts';
import type { CorporateNatSpec } from './actors/corporate-nat.ts';
import type { CustomersSpec } from './actors/customers.ts';
import type { EvaluationHarnessSpec } from './actors/evaluation-harness.ts';
import type { IdeVendorSpec } from './actors/ide-vendor.ts';
import type { PrepaidBinSpec } from './actors/prepaid-bin.ts';
import type { ResellerPoolSpec } from './actors/reseller-pool.ts';
import type { UniversitySpec } from './actors/university.ts';
import type { Disturbance } from './disturbance.ts';
import type { ModelLaunch } from './world.ts';

export type HardNegativeSpec =
  | CorporateNatSpec
  | UniversitySpec
  | IdeVendorSpec
  | ResellerPoolSpec
  | EvaluationHarnessSpec
  | BatchLabellingSpec
  | ClassroomSpec
  | AgentFrameworkSpec
  | CiFleetSpec
  | PrepaidBinSpec
  | CompanyApplicationSpec;

export type ActorSpec = CustomersSpec | CampaignSpec | HardNegativeSpec;

/** Plain data: written beside the files as `scenario.json`, and enough, with the seed, to make them again. */
export interface Scenario {
  name: string;
  description: string;
  /** Milliseconds since the epoch. */
  start: number;
  days: number;
  /** none: `prompt_text` is null, everything else as with text. */
  text: 'full' | 'none';
  launch: ModelLaunch | null;
  actors: readonly ActorSpec[];
  /** What goes wrong between the gateways and the topic; null: nothing. */
  disturbance: Disturbance | null;
}
