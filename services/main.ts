import { createProgram } from './command/program.ts';
import { messageOf } from './platform/errors.ts';
import { printable } from './platform/printable.ts';

/** What a shell calls the end by SIGPIPE, which Node does not let happen. */
const BROKEN_PIPE = 141;
// Whoever reads the output has seen enough (`| head`): no reason for a stack trace, and nobody to do the rest for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`stillwatch: ${printable(messageOf(error))}\n`);
  // Not left to end by itself: what was not closed on the way here (a client that is still trying to connect) would keep a failed service alive for ever.
  process.exit(1);
}
