/** What an assigner of ours carries through kafkajs, which knows nothing else of ours where it joins. */
export interface KnownMember {
  /** As whom its group may know this process still; null: as nobody. */
  knownAs(): string | null;
}

interface ConsumerGroup {
  memberId: string | null;
  assigners: Partial<KnownMember>[];
}

interface ConsumerGroupClass {
  prototype: { joinAndSync(this: ConsumerGroup): Promise<void> };
}

/**
 * Has a consumer join as the one that it replaces. kafkajs gives a consumer up when a broker is away for seconds or still loads what it knows of groups, and the next joins as a stranger:
 * the broker then waits for the one of before for as long as others are given to come back. As the same it is let in at once; where the broker has forgotten it, kafkajs
 * asks for a new id by itself.
 */
export function joinAsBefore(consumerGroup: ConsumerGroupClass): void {
  const original = consumerGroup.prototype.joinAndSync;
  if (typeof original !== 'function')
    throw new Error('kafkajs has no ConsumerGroup.joinAndSync: install kafkajs 2.2.4');
  consumerGroup.prototype.joinAndSync = function joinAndSync() {
    this.memberId ??= this.assigners.find((assigner) => assigner.knownAs !== undefined)?.knownAs?.() ?? null;
    return original.call(this);
  };
}
