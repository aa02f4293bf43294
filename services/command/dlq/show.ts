import { Command } from 'commander';
import { type Letter, letterId, readLetters } from '../../dead-letters/letter.ts';
import { readRequeued, requeuedKey } from '../../dead-letters/requeued.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';
import { jsonText } from '../output.ts';
import { isoTime } from '../table.ts';
import { noSuchLetter } from './no-such-letter.ts';

interface Options extends CommonOptions {
  base64?: boolean;
  whole?: boolean;
  text?: boolean;
  json?: boolean;
}

/** Of the bytes, without --whole. */
const SHOWN = 1_024;
const WARNING =
  'WARNING: what follows is what a gateway sent, and may hold what a customer asked the model. Do not copy it into a ticket, a chat or a log.\n';

export function showCommand(): Command {
  return withConfig(new Command('show'))
    .description('one dead letter with its bytes, in a form in which no text can be read by accident')
    .argument('<letter>', 'its place as ls prints it: topic/partition/offset')
    .option('--base64', 'the bytes in base64 instead of hexadecimal digits')
    .option('--text', 'the bytes as text: a prompt may be in them, in clear')
    .option('--whole', `all bytes, not only the first ${SHOWN}`)
    .option('--json', 'print it as JSON, with all bytes in base64')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch dlq show llm.api-calls/0/1723\n\nExit codes: 0 shown, 1 there is none or Kafka does not answer, 2 wrong use.\n',
    )
    .action(async (id: string, { base64, whole, text, json, ...common }: Options, command: Command) => {
      if ([base64, text, json].filter((form) => form === true).length > 1)
        return command.error('error: choose one of --base64, --text and --json', { exitCode: 2 });
      const deps = await openCommandKafka(common, 'dlq');
      const requeued = await readRequeued(deps);
      let found = false;
      if (text === true) process.stderr.write(WARNING);
      for await (const letter of readLetters(deps, { ids: new Set([id]) })) {
        found = true;
        const requeuedAt = requeued.get(requeuedKey(letter)) ?? null;
        const form = text === true ? 'text' : base64 === true ? 'base64' : 'hex';
        process.stdout.write(
          json === true ? asJson(letter, requeuedAt) : asText(letter, requeuedAt, form, whole === true),
        );
      }
      if (!found) throw noSuchLetter(id);
    });
}

function asJson({ key, value, ...rest }: Letter, requeued_at: number | null): string {
  const base64 = (bytes: Uint8Array | null): string | null =>
    bytes === null ? null : Buffer.from(bytes).toString('base64');
  return jsonText({ ...rest, requeued_at, key_base64: base64(key), value_base64: base64(value) });
}

type Form = 'hex' | 'base64' | 'text';

function asText(letter: Letter, requeuedAt: number | null, form: Form, whole: boolean): string {
  const { reason, detail, key, value, timestamp, rejected_at } = letter;
  const bytes = value === null ? null : Buffer.from(value);
  const shown = whole ? bytes : (bytes?.subarray(0, SHOWN) ?? null);
  const rest = (bytes?.length ?? 0) - (shown?.length ?? 0);
  const lines = [
    `letter    ${letterId(letter)}`,
    `reason    ${reason}: ${detail}`,
    `received  ${isoTime(timestamp)}`,
    `refused   ${isoTime(rejected_at)}`,
    `requeued  ${requeuedAt === null ? 'no' : isoTime(requeuedAt)}`,
    `key       ${key === null ? 'none' : keyText(Buffer.from(key), form)}`,
    `value     ${bytes === null ? 'none: a tombstone' : `${bytes.length} bytes`}`,
  ];
  if (shown !== null) lines.push('', written(shown, form));
  if (rest > 0) lines.push(`... and ${rest} bytes more: --whole`);
  return `${lines.join('\n')}\n`;
}

/** An account id says where to look; anything that is no id might be a text that a gateway put there by mistake. */
function keyText(key: Buffer, form: Form): string {
  const text = key.toString('latin1');
  return /^[\x21-\x7e]{1,256}$/.test(text) ? text : `${written(key, form)} (${form})`;
}

const BYTES_A_LINE = 32;

function written(bytes: Buffer, form: Form): string {
  if (form === 'base64') return bytes.toString('base64');
  // What would steer a terminal or turn the direction of writing around is left out.
  if (form === 'text') return bytes.toString('utf8').replaceAll(/[^\P{C}\n\t]/gu, '\ufffd');
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    const line = bytes.toString('hex', at, Math.min(at + BYTES_A_LINE, bytes.length));
    lines.push(`${at.toString(16).padStart(8, '0')}  ${line.replaceAll(/(..)(?=.)/g, '$1 ')}`);
  }
  return lines.join('\n');
}
