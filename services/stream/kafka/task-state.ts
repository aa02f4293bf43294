/** Where a task stands; the machine is drawn in task.ts. */
export type TaskState = 'fencing' | 'restoring' | 'replaying' | 'running' | 'recovering' | 'closed' | 'fatal';
