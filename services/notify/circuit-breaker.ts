import { backoff } from './backoff.ts';

export const CIRCUIT_STATES = ['closed', 'open', 'half_open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

export interface CircuitBreakerOptions {
  /** Failures one after the other that open it. */
  failures: number;
  /** Milliseconds that it stays open, first and at most. */
  firstPause: number;
  longestPause: number;
  /** Milliseconds after which a trial that nobody reported on no longer counts as under way. */
  trialTimeout: number;
  /** Uniform in [0, 1). */
  random(): number;
  changed(state: CircuitState): void;
}

/**
 * Keeps the lanes of one target from asking it, each by itself, whether it is back.
 *
 *            enough failures in a row                 its pause is over; whoever asks first tries
 *   closed ---------------------------> open ------------------------------------------> half_open
 *     ^                                  ^                                                |    |
 *     |                                  +----- the trial failed: twice the pause --------+    |
 *     +------------------------------- the trial succeeded ------------------------------------+
 *
 * Half open, others wait for the one trial; one that was never reported on (its lane was closed) is followed by another. Nothing is dropped here: a message
 * that may not be tried now waits, and its own age decides when it is given up.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #state: CircuitState = 'closed';
  #failuresInARow = 0;
  #openings = 0;
  /** Open: when the pause is over. Half open: when the trial no longer counts. */
  #until = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    options.changed(this.#state);
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** `now` is of the monotonic clock, here and below. 0 when an attempt may be made now; else the milliseconds after which to ask again. */
  ask(now: number): number {
    if (this.#state === 'closed') return 0;
    if (now < this.#until) return this.#state === 'open' ? this.#until - now : Math.min(this.#until - now, TRIAL_POLL);
    this.#until = now + this.#options.trialTimeout;
    this.#enter('half_open');
    return 0;
  }

  /** The target answered, if only that it does not want this message. */
  succeeded(): void {
    this.#failuresInARow = 0;
    this.#openings = 0;
    this.#enter('closed');
  }

  failed(now: number): void {
    this.#failuresInARow++;
    if (this.#state === 'closed' && this.#failuresInARow < this.#options.failures) return;
    // An attempt from before it opened says nothing new.
    if (this.#state === 'open') return;
    this.#openings++;
    const { firstPause: first, longestPause: longest, random } = this.#options;
    this.#until = now + backoff({ attempt: this.#openings, first, longest, random: random() });
    this.#enter('open');
  }

  #enter(state: CircuitState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.changed(state);
  }
}

/** Milliseconds: a trial takes about this long. */
const TRIAL_POLL = 500;
