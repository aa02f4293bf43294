import { estimate } from '../distinct-sketch.ts';
import { binsOf, dispersion, envelopeCorrelation, envelopeDispersion } from './arrivals.ts';
import { feature, share } from './feature.ts';

/** When calls come, and from how many networks in turn: all of it is read from the arrival bins of one window, and means nothing for windows merged. */
export const TIMING_FEATURES = [
  feature(
    'arrival_dispersion',
    'ratio',
    'variance / mean of calls per bin of the window: 1 for a Poisson stream, below for a dispatcher, above for people',
    'low inter-arrival CV; IAT CV of benign clients 1.0 to 1.4 and more',
    ({ accumulator, size }) => dispersion(accumulator.arrivals, size),
  ),
  feature(
    'active_share',
    'share',
    'bins of the window with a call / bins',
    'round-the-clock activity; median benign client 7 to 41 % of 10-minute windows',
    ({ accumulator, size }) => accumulator.arrivals.length / binsOf(size),
  ),
  feature(
    'network_turnover',
    'ratio',
    'distinct /24 or /48 networks / bins of the window with a call (seconds of a minute, minutes of an hour, quarters of an hour of a day)',
    'IP churn of residential proxies; stands in for geo-velocity',
    ({ accumulator: a }) => share(estimate(a.distinct_networks), a.arrivals.length),
  ),
  feature(
    'envelope_correlation',
    'correlation',
    'mean covariance of the calls per bin of two accounts / mean variance, hours and days of >= 8 accounts: 0 when independent, 1 in step, -1/(n-1) dealt out evenly',
    'rate-envelope correlation',
    envelopeCorrelation,
  ),
  feature(
    'envelope_dispersion',
    'ratio',
    'variance of the calls per bin of all accounts together / sum of the variances of each, hours and days of >= 8 accounts: 1 when independent, 0 dealt out evenly, n in step',
    'coordinated timing; superposition smoother than that of independent clients',
    envelopeDispersion,
  ),
];
