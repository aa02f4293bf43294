import { roundTheClock } from '../../../services/clusters/signatures/round-the-clock.ts';
import { testSignature } from './support.ts';

testSignature(roundTheClock, {
  // It never counts fully, see its rationale.
  fires: 0.2,
  positive: { features: { hours_active_share: 1, active_share: 0.95 } },
  nearMisses: {
    'a nightly batch of four hours': { features: { hours_active_share: 0.5, active_share: 1 } },
    'office hours': { features: { hours_active_share: 0.6, active_share: 0.5 } },
  },
  tooLittle: { features: { hours_active_share: 1, active_share: 1 }, calls: 20 },
});
