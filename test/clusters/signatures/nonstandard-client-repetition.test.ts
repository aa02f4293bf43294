import { nonstandardClientRepetition } from '../../../services/clusters/signatures/nonstandard-client-repetition.ts';
import { testSignature } from './support.ts';

testSignature(nonstandardClientRepetition, {
  positive: {
    features: {
      nonstandard_client_share: 0.95,
      top_client_share: 0.95,
      calls_per_account: 3_000,
      enumerated_share: 0.8,
      repeated_sampling_share: 0,
      shape_repetition: 20,
    },
    accounts: 1,
    subjectType: 'account',
  },
  nearMisses: {
    'a loud customer with an official client': {
      features: {
        nonstandard_client_share: 0.1,
        top_client_share: 1,
        calls_per_account: 3_000,
        enumerated_share: 1,
        repeated_sampling_share: 0,
        shape_repetition: 20,
      },
    },
    'a script that asks something new every time': {
      features: {
        nonstandard_client_share: 1,
        top_client_share: 1,
        calls_per_account: 500,
        enumerated_share: 0.1,
        repeated_sampling_share: 0,
        shape_repetition: 3,
      },
    },
  },
  tooLittle: { features: { nonstandard_client_share: 1, top_client_share: 1, enumerated_share: 1 }, calls: 20 },
});
