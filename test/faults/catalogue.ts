import type { Fault } from './fault.ts';
import { killInTransaction } from './kill-in-transaction.ts';
import { killServices } from './kill-services.ts';
import { zombie } from './zombie.ts';

export const FAULTS: readonly Fault[] = [killServices, killInTransaction(), zombie()];
