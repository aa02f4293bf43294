/** Every topic of the product, once. */
export const TOPICS = {
  calls: 'llm.api-calls',
  accounts: 'llm.accounts',
  accountWindows: 'stillwatch.account-windows',
  linkObservations: 'stillwatch.link-observations',
  assignments: 'stillwatch.assignments',
  subjectPartials: 'stillwatch.subject-partials',
  memberships: 'stillwatch.memberships',
  clusterWindows: 'stillwatch.cluster-windows',
  alerts: 'stillwatch.alerts',
  rules: 'stillwatch.rules',
  deliveries: 'stillwatch.deliveries',
  undelivered: 'stillwatch.undelivered',
  deadLetters: 'stillwatch.dead-letters',
  requeued: 'stillwatch.requeued',
  lateCalls: 'stillwatch.late-calls',
} as const;
