import type { LinkKind } from '../records/link-observation.ts';
import { avroRows } from '../stream/row-codec.ts';
import type { Attribute, LinkedAccount } from './attribute-index.ts';
import { DEFAULT_LINK_SETTINGS } from './settings.ts';

/**
 * How accounts, attributes and links are kept: there are millions of them. A new field needs a default, so that the state of the version before can be
 * read; a new kind must come after the others in the settings.
 */

interface AccountRow extends Omit<LinkedAccount, 'sightings' | 'bins' | 'home'> {
  sightings: { kind: LinkKind; values: { value: string; at: number }[] }[];
  bins: { template: string; bins: number[] }[];
  home: string[];
}

const KINDS = Object.keys(DEFAULT_LINK_SETTINGS.kinds);

export const ACCOUNT_ROWS = avroRows<AccountRow, LinkedAccount>(
  {
    type: 'record',
    name: 'LinkedAccount',
    fields: [
      { name: 'partition', type: ['null', 'int'] },
      { name: 'organization', type: ['null', 'string'] },
      {
        name: 'sightings',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'Sightings',
            fields: [
              { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: KINDS } },
              {
                name: 'values',
                type: {
                  type: 'array',
                  items: {
                    type: 'record',
                    name: 'Sighting',
                    fields: [
                      { name: 'value', type: 'string' },
                      { name: 'at', type: 'long' },
                    ],
                  },
                },
              },
            ],
          },
        },
      },
      {
        name: 'bins',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'Bins',
            fields: [
              { name: 'template', type: 'string' },
              { name: 'bins', type: { type: 'array', items: 'long' } },
            ],
          },
        },
      },
      { name: 'home', type: { type: 'array', items: 'string' } },
      { name: 'clusterId', type: ['null', 'string'] },
      { name: 'attached', type: 'boolean' },
      { name: 'version', type: 'int' },
      { name: 'told', type: ['null', 'string'] },
      { name: 'checkAt', type: ['null', 'long'] },
    ],
  },
  ({ sightings, bins, home, ...rest }) => ({
    ...rest,
    sightings: Array.from(sightings, ([kind, values]) => ({
      kind,
      values: Array.from(values, ([value, at]) => ({ value, at })),
    })),
    bins: Array.from(bins, ([template, own]) => ({ template, bins: own })),
    home: [...home],
  }),
  ({ partition, organization, sightings, bins, home, clusterId, attached, version, told, checkAt }) => {
    const account: LinkedAccount = {
      partition,
      organization,
      sightings: new Map(),
      bins: new Map(),
      home: new Set(home),
      clusterId,
      attached,
      version,
      told,
      checkAt,
    };
    for (const { kind, values } of sightings) {
      const known = new Map<string, number>();
      for (const { value, at } of values) known.set(value, at);
      account.sightings.set(kind, known);
    }
    for (const { template, bins: own } of bins) account.bins.set(template, own);
    return account;
  },
);

export const ATTRIBUTE_ROWS = avroRows<Attribute, Attribute>(
  {
    type: 'record',
    name: 'Attribute',
    fields: [
      { name: 'degree', type: 'int' },
      { name: 'home', type: 'int' },
      { name: 'members', type: { type: 'array', items: 'string' } },
      { name: 'inert', type: 'boolean' },
    ],
  },
  (attribute) => attribute,
  ({ degree, home, members, inert }) => ({ degree, home, members, inert }),
);

/** Accounts with which one is linked, and the strength of each link. */
export const LINK_ROWS = avroRows<{ to: string; strength: number }[], Map<string, number>>(
  {
    type: 'array',
    items: {
      type: 'record',
      name: 'Link',
      fields: [
        { name: 'to', type: 'string' },
        { name: 'strength', type: 'double' },
      ],
    },
  },
  (links) => Array.from(links, ([to, strength]) => ({ to, strength })),
  (row) => new Map(row.map(({ to, strength }) => [to, strength])),
);
