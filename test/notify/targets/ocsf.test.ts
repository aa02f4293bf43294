import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { detectionFinding } from '../../../services/notify/targets/ocsf.ts';
import { anyEvent, CONSOLE, revision } from '../alerts.ts';

const LINK = `${CONSOLE}/#/alerts/a_1`;
const time = z.int().positive();
const attack = z.strictObject({ technique: z.strictObject({ uid: z.string() }) });

/** https://schema.ocsf.io/1.4.0/classes/detection_finding, the attributes that are used; requirement and type as published. */
const finding = z
  .strictObject({
    activity_id: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    activity_name: z.enum(['Create', 'Update', 'Close']),
    category_uid: z.literal(2),
    category_name: z.literal('Findings'),
    class_uid: z.literal(2004),
    class_name: z.literal('Detection Finding'),
    type_uid: z.int(),
    severity_id: z.union([z.literal(1), z.literal(3), z.literal(5)]),
    severity: z.enum(['Informational', 'Medium', 'Critical']),
    status_id: z.union([z.literal(1), z.literal(4)]),
    status: z.enum(['New', 'Resolved']),
    is_alert: z.boolean(),
    confidence_id: z.int().min(1).max(3),
    confidence: z.enum(['Low', 'Medium', 'High']),
    confidence_score: z.int().min(0).max(100),
    time,
    start_time: time,
    end_time: time,
    message: z.string(),
    count: z.int(),
    metadata: z.strictObject({
      uid: z.string(),
      version: z.literal('1.4.0'),
      product: z.strictObject({ name: z.string(), vendor_name: z.string() }),
      correlation_uid: z.string(),
    }),
    finding_info: z.strictObject({
      uid: z.string(),
      title: z.string(),
      desc: z.string(),
      types: z.array(z.string()),
      created_time: time,
      modified_time: time,
      first_seen_time: time,
      last_seen_time: time,
      src_url: z.url({ protocol: /^https?$/ }).optional(),
      analytic: z.strictObject({
        type_id: z.literal(1),
        type: z.literal('Rule'),
        name: z.string(),
        version: z.string(),
      }),
      attacks: z.array(attack),
    }),
    attacks: z.array(attack),
    remediation: z
      .strictObject({ desc: z.string(), references: z.array(z.url({ protocol: /^https?$/ })).min(1) })
      .optional(),
    evidences: z.array(z.strictObject({ data: z.unknown() })),
    observables: z.array(
      z.strictObject({ name: z.string(), type_id: z.literal(99), type: z.string(), value: z.string() }),
    ),
    unmapped: z.record(z.string(), z.unknown()),
  })
  .refine(({ class_uid, activity_id, type_uid }) => type_uid === class_uid * 100 + activity_id, 'type_uid');

test('whatever an alert holds, it is a Detection Finding', () => {
  fc.assert(
    fc.property(
      anyEvent,
      (event) => void finding.parse(JSON.parse(JSON.stringify(detectionFinding(event, 'a_1.1', LINK)))),
    ),
  );
});

test('opened creates, updated updates, resolved closes one and the same finding', () => {
  const events = [revision(1), revision(2), revision(3, { status: 'resolved' })];
  const findings = events.map((event) => detectionFinding(event, `a_1.${event.alert.revision}`, LINK));
  assert.deepEqual(
    findings.map(({ type_uid, status_id, is_alert, finding_info, metadata }) => [
      type_uid,
      status_id,
      is_alert,
      finding_info.uid,
      metadata.uid,
    ]),
    [
      [200_401, 1, true, 'a_1', 'a_1.1'],
      [200_402, 1, true, 'a_1', 'a_1.2'],
      [200_403, 4, false, 'a_1', 'a_1.3'],
    ],
  );
});

test('what is no page asks nobody to look at once', () => {
  assert.equal(detectionFinding(revision(1, { severity: 'ticket' }), 'a_1.1', LINK).is_alert, false);
});

test('its source is the alert on the console, where that has an address; what helps is the runbook', () => {
  const { finding_info, remediation } = detectionFinding(revision(1), 'a_1.1', LINK);
  assert.deepEqual([finding_info.src_url, remediation?.references], [LINK, ['https://example.org/']]);
  assert.ok(!('src_url' in detectionFinding(revision(1), 'a_1.1', null).finding_info));
  assert.ok(!('remediation' in detectionFinding(revision(1, { runbook_url: 'not a link' }), 'a_1.1', LINK)));
});
