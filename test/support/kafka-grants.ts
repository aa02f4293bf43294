import type { AclEntry } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { KafkaRight, Operation } from '../../services/run/access/kafka-rights.ts';
import type { Admin } from '../../services/stream/kafka/client.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
} as const;
const OPERATIONS: Readonly<Record<Operation, AclEntry['operation']>> = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Describe: AclOperationTypes.DESCRIBE,
};

/** Grants a user the rights and resolves when the broker has them. */
export async function grant(admin: Admin, user: string, rights: readonly KafkaRight[]): Promise<void> {
  await admin.createAcls({ acl: rights.flatMap((right) => entriesOf(user, right)) });
}

/** Takes one operation of a right away again. */
export async function revoke(admin: Admin, user: string, right: KafkaRight, operation: Operation): Promise<void> {
  const filters = entriesOf(user, { ...right, operations: [operation] });
  const { filterResponses } = await admin.deleteAcls({ filters });
  const gone = filterResponses.flatMap(({ matchingAcls }) => matchingAcls);
  if (gone.length !== 1) throw new Error(`${user} had ${gone.length} rights ${operation} on ${right.name}`);
}

function entriesOf(user: string, { resource, name, pattern, operations }: KafkaRight): AclEntry[] {
  return operations.map((operation) => ({
    principal: `User:${user}`,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
    operation: OPERATIONS[operation],
  }));
}
