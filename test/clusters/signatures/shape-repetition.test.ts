import { shapeRepetition } from '../../../services/clusters/signatures/shape-repetition.ts';
import { testSignature } from './support.ts';

testSignature(shapeRepetition, {
  // It never counts fully, see its rationale.
  fires: 0.5,
  positive: { features: { shape_repetition: 12, input_length_spread: 0.5 }, prompts: 0 },
  nearMisses: {
    'a queue whose prompts are seen': { features: { shape_repetition: 20, input_length_spread: 0.5 }, prompts: 500 },
    'ordinary customers': { features: { shape_repetition: 3, input_length_spread: 1.8 }, prompts: 0 },
  },
  tooLittle: { features: { shape_repetition: 50, input_length_spread: 0 }, prompts: 0, calls: 30 },
});
