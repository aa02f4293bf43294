import { templateEnumeration } from '../../../services/clusters/signatures/template-enumeration.ts';
import { testSignature } from './support.ts';

testSignature(templateEnumeration, {
  positive: { features: { enumerated_share: 0.8, templates_per_account: 0.2, fresh_filling_share: 0.99 } },
  nearMisses: {
    'conversations, every text fresh': {
      features: { enumerated_share: 0.1, templates_per_account: 8, fresh_filling_share: 1 },
    },
    'a class that asks the same exercises': {
      features: { enumerated_share: 0.05, templates_per_account: 0.2, fresh_filling_share: 0.4 },
    },
    'accounts that hardly call': {
      features: { enumerated_share: 0, templates_per_account: 1, fresh_filling_share: 1 },
    },
  },
  tooLittle: { features: { enumerated_share: 1, fresh_filling_share: 1 }, prompts: 10 },
});
