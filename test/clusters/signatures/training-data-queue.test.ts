import { trainingDataQueue } from '../../../services/clusters/signatures/training-data-queue.ts';
import { testSignature } from './support.ts';

testSignature(trainingDataQueue, {
  positive: { features: { product_enumeration_share: 0.4, product_share: 0.35 } },
  nearMisses: {
    'people who now and then ask for an explanation': {
      features: { product_enumeration_share: 0, product_share: 0.12 },
    },
    'a queue of other work': { features: { product_enumeration_share: 0.03, product_share: 0.02 } },
  },
  tooLittle: { features: { product_enumeration_share: 1, product_share: 1 }, prompts: 10 },
});
