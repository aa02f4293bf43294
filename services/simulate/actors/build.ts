import type { Random } from '../random.ts';
import type { ActorSpec } from '../scenario.ts';
import type { Actor, World } from '../world.ts';
import { buildAgentFramework } from './agent-framework.ts';
import { buildBatchLabelling } from './batch-labelling.ts';
import { buildCampaign } from './campaign.ts';
import { buildCiFleet } from './ci-fleet.ts';
import { buildClassroom } from './classroom.ts';
import { buildCompanyApplication } from './company-application.ts';
import { buildCorporateNat } from './corporate-nat.ts';
import { buildCustomers } from './customers.ts';
import { buildEvaluationHarness } from './evaluation-harness.ts';
import { buildIdeVendor } from './ide-vendor.ts';
import { buildPrepaidBin } from './prepaid-bin.ts';
import { buildResellerPool } from './reseller-pool.ts';
import { buildUniversity } from './university.ts';

export function buildActor(spec: ActorSpec, world: World, random: Random): Actor {
  switch (spec.type) {
    case 'customers':
      return buildCustomers(spec, world, random);
    case 'campaign':
      return buildCampaign(spec, world, random);
    case 'company_application':
      return buildCompanyApplication(spec, world, random);
    case 'corporate_nat':
      return buildCorporateNat(spec, world, random);
    case 'university':
      return buildUniversity(spec, world, random);
    case 'ide_vendor':
      return buildIdeVendor(spec, world, random);
    case 'reseller_pool':
      return buildResellerPool(spec, world, random);
    case 'evaluation_harness':
      return buildEvaluationHarness(spec, world, random);
    case 'batch_labelling':
      return buildBatchLabelling(spec, world, random);
    case 'classroom':
      return buildClassroom(spec, world, random);
    case 'agent_framework':
      return buildAgentFramework(spec, world, random);
    case 'ci_fleet':
      return buildCiFleet(spec, world, random);
    case 'prepaid_bin':
      return buildPrepaidBin(spec, world, random);
  }
}
