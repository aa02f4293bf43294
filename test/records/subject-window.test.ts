import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOfSubject, SUB_ACTIVITIES, subjectOf } from '../../services/records/subject-window.ts';

test('a cluster is found behind each of its sub-populations, and behind itself', () => {
  assert.equal(clusterOfSubject('c_0011223344556677'), 'c_0011223344556677');
  for (const activity of SUB_ACTIVITIES)
    assert.equal(clusterOfSubject(subjectOf('c_0011223344556677', activity)), 'c_0011223344556677');
});

test('an account whose id holds a tilde is itself: it would else be looked up as somebody else, and never judged', () => {
  assert.equal(clusterOfSubject('acme~7'), 'acme~7');
  assert.equal(clusterOfSubject('~'), '~');
});
