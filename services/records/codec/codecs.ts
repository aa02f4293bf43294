import { embeddedSchemas } from './embedded-schemas.ts';
import type { RegistrySchemas } from './schema-registry.ts';
import type { SchemaName } from './schemas.ts';
import { type Codec, createCodec, type Records, schemaIdOf } from './wire.ts';

/** Codecs of every record, over the embedded schemas or a registry. */
export interface Codecs {
  of<Name extends SchemaName>(name: Name): Codec<Records[Name]>;
  /** Which of our records a message is, by its schema id; null when it is none. */
  nameOf(bytes: Buffer | null, among: readonly SchemaName[]): SchemaName | null;
  /** Learns the schemas that these messages were written with. */
  prepare(messages: readonly { value: Buffer | null }[]): Promise<void>;
}

export function createCodecs(registry: RegistrySchemas | null): Codecs {
  const source = registry ?? embeddedSchemas();
  const codecs = new Map<SchemaName, unknown>();
  return {
    of<Name extends SchemaName>(name: Name): Codec<Records[Name]> {
      const known = codecs.get(name);
      // The map holds under each name the codec made for it.
      if (known !== undefined) return known as Codec<Records[Name]>;
      const made = createCodec(name, source);
      codecs.set(name, made);
      return made;
    },
    nameOf(bytes, among) {
      const id = schemaIdOf(bytes);
      return among.find((name) => source.idOf(name) === id) ?? null;
    },
    async prepare(messages) {
      if (registry === null) return;
      const ids = new Set<number>();
      for (const { value } of messages) {
        const id = schemaIdOf(value);
        if (id !== null) ids.add(id);
      }
      await registry.prepare(ids);
    },
  };
}
