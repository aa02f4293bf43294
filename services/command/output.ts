import { Document, visit } from 'yaml';
import { isPrintable, printable } from '../platform/printable.ts';

/**
 * Answers of a command that hold texts of others: an attacker's, or a note by somebody. Whoever looks at them on a terminal sees what is there, whoever parses
 * them gets it: the escapes are the format's own.
 */
export function jsonText(value: unknown, indent?: number): string {
  return `${printable(JSON.stringify(value, null, indent))}\n`;
}

export function yamlText(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_, scalar) {
      // Only there are escapes read.
      if (typeof scalar.value === 'string' && !isPrintable(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return printable(document.toString({ lineWidth: 0 }));
}
