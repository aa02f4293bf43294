/** Why the engine cannot start: its message says what is wrong, where, and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
