import { DOMParser } from '@xmldom/xmldom';
import { verifyJunit } from '../../../lib/cli/verify/junit';
import { MIXED, verification } from '../../verify/data';

test('a suite for each member and edge, a case for each check', () => {
  const xml = verifyJunit(verification(MIXED), false);
  expect(xml).toMatchInlineSnapshot(`
"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spirekit verify" tests="6" failures="1" errors="2">
  <testsuite name="east" tests="2" failures="0" errors="0" skipped="0">
    <testcase name="V01 The cluster answers" classname="east">
      <system-out>ok: is fine</system-out>
    </testcase>
    <testcase name="V14 The server signs by a valid authority, and makes the next one in time" classname="east">
      <system-out>warning: server: is old
evidence: until tomorrow
likely cause 1: a
likely cause 2: b
next: look</system-out>
    </testcase>
  </testsuite>
  <testsuite name="west" tests="2" failures="0" errors="2" skipped="0">
    <testcase name="V01 The cluster answers" classname="west">
      <error message="no way" type="unseen">unseen: cluster of context west: no way
likely cause 1: the cluster is down</error>
    </testcase>
    <testcase name="V02 SPIRE of the trust domain runs in the cluster" classname="west">
      <error message="no way" type="unseen">unseen: cluster of context west: no way
likely cause 1: the cluster is down</error>
    </testcase>
  </testsuite>
  <testsuite name="east believes west" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="V24 The consumer holds exactly the bundle that the peer has" classname="east believes west">
      <failure message="lacks &lt;key&gt;" type="error">error: server: lacks &lt;key&gt;
likely cause 1: c
next: kubectl</failure>
    </testcase>
  </testsuite>
  <testsuite name="east believes partner" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="V24 The consumer holds exactly the bundle that the peer has" classname="east believes partner">
      <system-out>ok: is fine</system-out>
    </testcase>
  </testsuite>
</testsuites>
"
`);
  expect(() =>
    new DOMParser({
      onError: (_, message) => {
        throw new Error(message);
      },
    }).parseFromString(xml, 'text/xml'),
  ).not.toThrow();
});

test('strict: warnings fail too', () => {
  const [head = ''] = verifyJunit(verification(MIXED), true).split('\n').slice(1);
  expect(head).toBe('<testsuites name="spirekit verify" tests="6" failures="2" errors="2">');
});
