/** The kinds of attribute by which accounts can be one actor. What each weighs is the business of `links`. */
export type LinkKind =
  | 'payment_fingerprint'
  | 'payment_bin'
  | 'signup_device'
  | 'signup_ip'
  | 'signup_network'
  | 'signup_batch'
  | 'egress_ip'
  | 'egress_network'
  | 'client'
  | 'system_prompt'
  | 'tools'
  | 'sampling'
  | 'template'
  | 'lockstep'
  | 'shape'
  /** Not an attribute but what was done when: services/links/work-sighting.ts. */
  | 'work'
  /** Made inside `links`: a band that many accounts share, and a queue that many work off. */
  | 'template_band'
  | 'work_queue';

export interface LinkAttribute {
  kind: LinkKind;
  /** Opaque to `links`: equality is all that counts. Already hashed where the contract asks for it. */
  value: string;
}

/**
 * Attributes seen for an account in a closed minute that were not reported before (or not since a day): topic `stillwatch.link-observations`.
 * `lockstep` and `work` (five-minute bin and template) are new in each bin by nature. `partition` is where the account's windows go, so its assignments follow them.
 */
export interface LinkObservation {
  account_id: string;
  /** End of the minute in which they were seen, event time in milliseconds. */
  observed_at: number;
  /** Partition of the account's calls. */
  partition: number;
  attributes: LinkAttribute[];
}
