import { modelPivot } from '../../../services/clusters/signatures/model-pivot.ts';
import { testSignature } from './support.ts';

testSignature(modelPivot, {
  positive: { features: { new_model_excess: 0.45, new_model_share: 0.5 } },
  nearMisses: {
    'an early adopter among early adopters': { features: { new_model_excess: 0.05, new_model_share: 0.6 } },
    'no release at all': { features: { new_model_excess: 0, new_model_share: 0 } },
  },
  tooLittle: { features: { new_model_excess: 1, new_model_share: 1 }, calls: 20 },
});
