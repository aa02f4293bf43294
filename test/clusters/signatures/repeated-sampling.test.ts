import { repeatedSampling } from '../../../services/clusters/signatures/repeated-sampling.ts';
import { testSignature } from './support.ts';

testSignature(repeatedSampling, {
  positive: { features: { repeated_sampling_share: 0.9, calls_per_filling: 6 } },
  nearMisses: {
    'retries of failed calls': { features: { repeated_sampling_share: 0.05, calls_per_filling: 1.05 } },
    'a greeting that many send': { features: { repeated_sampling_share: 0.2, calls_per_filling: 1.6 } },
  },
  tooLittle: { features: { repeated_sampling_share: 1, calls_per_filling: 9 }, prompts: 10 },
});
