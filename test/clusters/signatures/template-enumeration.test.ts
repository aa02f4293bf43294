import { templateEnumeration } from '../../../services/clusters/signatures/template-enumeration.ts';
import { testSignature } from './support.ts';

testSignature(templateEnumeration, {
  positive: { features: { enumerated_share: 0.8, near_duplicate_share: 0.9, fresh_filling_share: 0.99 } },
  nearMisses: {
    'conversations, every text fresh': {
      features: { enumerated_share: 0.1, near_duplicate_share: 0.2, fresh_filling_share: 1 },
    },
    'a class that asks the same exercises': {
      features: { enumerated_share: 0.05, near_duplicate_share: 0.9, fresh_filling_share: 0.4 },
    },
    'one form of an application among conversations': {
      features: { enumerated_share: 0.25, near_duplicate_share: 0.4, fresh_filling_share: 1 },
    },
    'templates that come back too seldom to be a series': {
      features: { enumerated_share: 0, near_duplicate_share: 0.7, fresh_filling_share: 1 },
    },
  },
  tooLittle: { features: { enumerated_share: 1, fresh_filling_share: 1 }, prompts: 10 },
});
