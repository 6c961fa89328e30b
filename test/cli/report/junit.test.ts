import { DOMParser, type Element } from '@xmldom/xmldom';
import fc from 'fast-check';
import type { Proof } from '../../../lib/cli/proof';
import { junitReport } from '../../../lib/cli/report/junit';
import { finding, proofOf, provenMesh, rule } from '../fixtures';

const ofEast = (id: string, rest: Parameters<typeof finding>[2] = {}) => ({
  ...finding(id, 'east', rest),
  member: 'east',
});

function parse(text: string): Element {
  const document = new DOMParser({
    onError: (level, message) => {
      // It warns of what stands for characters that XML cannot hold.
      if (!message.includes('replacement character')) throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(text, 'text/xml');
  return document.documentElement as Element;
}

/** Elements below another. */
const elements = (parent: Element): Element[] =>
  [...parent.childNodes].filter((node): node is Element => node.nodeType === 1);

/**
 * What an element may have: attributes that must be there, others, and elements in it.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
const SCHEMA: Readonly<Record<string, { required: string[]; optional: string[]; children: string[] }>> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { required: [], optional: ['type', 'message'], children: [] },
  skipped: { required: [], optional: ['type', 'message'], children: [] },
  'system-out': { required: [], optional: [], children: [] },
};

/** Everything that the schema does not allow, and counts that are not true. */
function problems(element: Element): string[] {
  const { required, optional, children } = SCHEMA[element.tagName] ?? { required: [], optional: [], children: [] };
  const attributes = [...element.attributes].map(({ name }) => name);
  const below = elements(element);
  const found = [
    ...required.filter((name) => !attributes.includes(name)).map((name) => `${element.tagName} lacks ${name}`),
    ...attributes
      .filter((name) => !required.includes(name) && !optional.includes(name))
      .map((name) => `${element.tagName} has ${name}`),
    ...below.filter(({ tagName }) => !children.includes(tagName)).map((it) => `${element.tagName} holds ${it.tagName}`),
  ];
  const counted = (name: string) => [...element.getElementsByTagName(name)].length;
  for (const [attribute, count] of [
    ['tests', counted('testcase')],
    ['failures', counted('failure')],
    ['errors', counted('error')],
    ['skipped', counted('skipped')],
  ] as const) {
    const said = element.getAttribute(attribute);
    if (said !== null && said !== String(count))
      found.push(`${element.tagName} says ${attribute} ${said}, not ${count}`);
  }
  return [...found, ...below.flatMap(problems)];
}

test('nothing found: a suite for each cluster and mesh, a case for each rule', () => {
  expect(junitReport(proofOf(), false)).toMatchInlineSnapshot(`
"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spirekit prove" tests="6" failures="0" errors="0">
  <testsuite name="east" tests="2" failures="0" errors="0" skipped="0">
    <testcase name="E05 title of E05" classname="east"/>
    <testcase name="W27 title of W27" classname="east"/>
  </testsuite>
  <testsuite name="west" tests="2" failures="0" errors="0" skipped="0">
    <testcase name="E05 title of E05" classname="west"/>
    <testcase name="W27 title of W27" classname="west"/>
  </testsuite>
  <testsuite name="mesh" tests="2" failures="0" errors="0" skipped="0">
    <testcase name="E05 title of E05" classname="mesh"/>
    <testcase name="W27 title of W27" classname="mesh"/>
  </testsuite>
</testsuites>
"
`);
});

test('errors fail, warnings are output, accepted ones are skipped', () => {
  const proof = proofOf(
    {
      rules: [rule('E05', 'error'), rule('W27', 'warning'), rule('W28', 'warning')],
      findings: [
        ofEast('E05', { text: "profile 'x' is <wrong>" }),
        ofEast('W27', { text: 'is close' }),
        ofEast('W28', { text: 'is late', accepted: 'for now' }),
      ],
    },
    { groups: ['east'] },
  );
  expect(junitReport(proof, false)).toMatchInlineSnapshot(`
"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spirekit prove" tests="3" failures="1" errors="0">
  <testsuite name="east" tests="3" failures="1" errors="0" skipped="1">
    <testcase name="E05 title of E05" classname="east">
      <failure message="profile 'x' is &lt;wrong&gt;" type="error">error: profile 'x' is &lt;wrong&gt;</failure>
    </testcase>
    <testcase name="W27 title of W27" classname="east">
      <system-out>warning: is close</system-out>
    </testcase>
    <testcase name="W28 title of W28" classname="east">
      <skipped message="accepted: for now"/>
      <system-out>accepted (for now): is late</system-out>
    </testcase>
  </testsuite>
</testsuites>
"
`);
});

test('several findings of one rule are one case, with their places', () => {
  const findings = [
    { ...finding('E05', 'east/a', { text: 'one' }), member: 'east' },
    { ...finding('E05', 'east/b', { severity: 'warning', text: 'two', accepted: 'so' }), member: 'east' },
    { ...finding('E05', 'east', { text: 'three' }), member: 'east' },
  ];
  const [suite] = elements(parse(junitReport(proofOf({ findings }), false)));
  const [testcase] = elements(suite as Element);
  expect(elements(testcase as Element).map((it) => [it.tagName, it.getAttribute('message'), it.textContent])).toEqual([
    ['failure', '2 errors', 'error: a: one\nerror: three'],
    ['system-out', null, 'accepted (so): b: two'],
  ]);
});

test('strict: warnings fail too, those that are accepted do not', () => {
  const findings = [ofEast('W27', { text: 'is close' }), ofEast('E05', { severity: 'warning', accepted: 'so' })];
  const root = parse(junitReport(proofOf({ findings }), true));
  expect(problems(root)).toEqual([]);
  const failures = [...root.getElementsByTagName('failure')];
  expect(failures.map((it) => [it.getAttribute('type'), it.textContent])).toEqual([['warning', 'warning: is close']]);
  expect([...root.getElementsByTagName('skipped')].map((it) => it.getAttribute('message'))).toEqual(['accepted: so']);
});

test('what the program finds has a case where it was found', () => {
  const findings = [finding('no-clusters', ''), finding('svid-ttl', 'west/spire'), finding('svid-ttl', 'lab/x')];
  const suites = elements(parse(junitReport(proofOf({}, { findings }), false)));
  expect(suites.map((suite) => [suite.getAttribute('name'), suite.getAttribute('failures')])).toEqual([
    ['app', '2'],
    ['east', '0'],
    ['west', '1'],
    ['mesh', '0'],
  ]);
});

test('a cluster is asked about by the rules of its meshes alone; one of no mesh has no suite', () => {
  const meshes = [provenMesh(), provenMesh({ name: 'other', rules: [rule('shop-1', 'error')] })];
  const groups = ['east', 'west', 'lab', 'mesh', 'other'];
  const suites = elements(parse(junitReport(proofOf({}, { meshes, groups }), false)));
  const cases = suites.map((suite) => [
    suite.getAttribute('name'),
    elements(suite).map((it) => it.getAttribute('name')?.split(' ')[0]),
  ]);
  expect(Object.fromEntries(cases)).toEqual({
    east: ['E05', 'W27', 'shop-1'],
    west: ['E05', 'W27', 'shop-1'],
    mesh: ['E05', 'W27'],
    other: ['shop-1'],
  });
});

test('nothing at all', () => {
  const text = junitReport(proofOf({}, { meshes: [] }), false);
  expect(elements(parse(text))).toEqual([]);
  expect(problems(parse(text))).toEqual([]);
});

test('well-formed, as the schema wants it, and no finding is lost, whatever is in it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const path = fc.oneof(fc.constantFrom('', 'east', 'west/spire', 'mesh', 'mesh: x', 'lab/x'), text);
  const found = fc.record({
    severity: fc.constantFrom('error' as const, 'warning' as const),
    rule: fc.oneof(fc.constantFrom('E05', 'W27'), text),
    path,
    text,
    accepted: fc.option(text, { nil: undefined }),
    member: fc.constant('east'),
    message: text,
  });
  fc.assert(
    fc.property(fc.array(found), fc.array(found), fc.boolean(), (own, others, strict) => {
      const proof: Proof = proofOf({ findings: own }, { findings: others });
      const root = parse(junitReport(proof, strict));
      expect(problems(root)).toEqual([]);
      const lines = [...root.getElementsByTagName('failure'), ...root.getElementsByTagName('system-out')].flatMap(
        (it) => (it.textContent ?? '').split('\n'),
      );
      expect(lines).toHaveLength(own.length + others.length);
    }),
  );
});
