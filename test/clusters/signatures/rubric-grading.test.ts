import { rubricGrading } from '../../../services/clusters/signatures/rubric-grading.ts';
import { testSignature } from './support.ts';

testSignature(rubricGrading, {
  positive: { features: { rubric_grading_share: 0.4 }, usual: 0.02 },
  nearMisses: {
    'an occasional one': { features: { rubric_grading_share: 0.06 } },
    'a cohort in which everybody does it': { features: { rubric_grading_share: 0.5 }, usual: 0.4 },
  },
  tooLittle: { features: { rubric_grading_share: 1 }, prompts: 10 },
});
