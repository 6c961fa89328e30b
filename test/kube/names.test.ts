import {
  labelKeyProblem,
  labelProblem,
  labelValueProblem,
  objectNameProblem,
  quantityProblem,
  subdomainProblem,
} from '../../lib/kube';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const UNITS = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
const sorted = (characters: string) => [...characters].sort();

/** Of all UTF-16 units, those that a rule takes in the middle of a name, and at its end. */
const accepted = (problem: (name: string) => unknown) => ({
  inside: UNITS.filter((unit) => problem(`a${unit}b`) === undefined),
  last: UNITS.filter((unit) => problem(`a${unit}`) === undefined),
  first: UNITS.filter((unit) => problem(`${unit}a`) === undefined),
});

test('characters of a DNS label', () => {
  expect(accepted(labelProblem)).toEqual({
    inside: sorted(`${LOWER}${DIGITS}-`),
    last: sorted(LOWER + DIGITS),
    first: sorted(LOWER + DIGITS),
  });
});

test('characters of a DNS subdomain', () => {
  expect(accepted(subdomainProblem)).toEqual({
    inside: sorted(`${LOWER}${DIGITS}-.`),
    last: sorted(LOWER + DIGITS),
    first: sorted(LOWER + DIGITS),
  });
});

test('characters of a label value', () => {
  const ends = sorted(LOWER + LOWER.toUpperCase() + DIGITS);
  expect(accepted(labelValueProblem)).toEqual({
    inside: sorted(`${ends.join('')}-_.`),
    last: ends,
    first: ends,
  });
});

const LABEL = {
  message: 'is not a DNS label, which Kubernetes requires here',
  remedy: "write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
};
const SUBDOMAIN = {
  message: 'is not a name that Kubernetes accepts',
  remedy: "write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
};
const VALUE = {
  message: 'is not a label value that Kubernetes accepts',
  remedy: "write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
};
const KEY = {
  message: 'is not a label key that Kubernetes accepts',
  remedy: "write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
};
const RBAC = { message: 'is not a name that Kubernetes accepts', remedy: "write a name without '/' and '%'" };
const SERVICE = { message: 'is not a name for a Service', remedy: 'begin it with a letter' };

test.each([
  ['a', undefined],
  ['a-b', undefined],
  ['0', undefined],
  ['a--b', undefined],
  ['x'.repeat(63), undefined],
  ['x'.repeat(64), LABEL],
  ['', LABEL],
  ['-', LABEL],
  ['a.b', LABEL],
  ['A', LABEL],
  ['a\n', LABEL],
])('label %j', (name, problem) => {
  expect(labelProblem(name)).toEqual(problem);
});

test.each([
  ['a.b-c.0', undefined],
  ['x'.repeat(253), undefined],
  ['x'.repeat(254), SUBDOMAIN],
  ['', SUBDOMAIN],
  ['a..b', SUBDOMAIN],
  ['.a', SUBDOMAIN],
  ['a.', SUBDOMAIN],
  ['a.-b', SUBDOMAIN],
  ['a-.b', SUBDOMAIN],
  ['a_b', SUBDOMAIN],
])('subdomain %j', (name, problem) => {
  expect(subdomainProblem(name)).toEqual(problem);
});

test.each([
  ['', undefined],
  ['v1.2_3-X', undefined],
  ['x'.repeat(63), undefined],
  ['x'.repeat(64), VALUE],
  ['-x', VALUE],
  ['x.', VALUE],
  ['x/y', VALUE],
])('label value %j', (value, problem) => {
  expect(labelValueProblem(value)).toEqual(problem);
});

test.each([
  ['app', undefined],
  ['App_1', undefined],
  ['app.kubernetes.io/name', undefined],
  [`${'x'.repeat(253)}/${'y'.repeat(63)}`, undefined],
  [`${'x'.repeat(254)}/y`, KEY],
  [`x/${'y'.repeat(64)}`, KEY],
  ['', KEY],
  ['/name', KEY],
  ['example.com/', KEY],
  ['a/b/c', KEY],
  ['Example.com/name', KEY],
  ['-app', KEY],
])('label key %j', (key, problem) => {
  expect(labelKeyProblem(key)).toEqual(problem);
});

test.each([
  ['ConfigMap', 'a.b', undefined],
  ['ConfigMap', 'A', SUBDOMAIN],
  ['CustomResourceDefinition', 'clusterspiffeids.spire.spiffe.io', undefined],
  ['ClusterSPIFFEID', 'system:node', SUBDOMAIN],
  ['Namespace', 'spire-system', undefined],
  ['Namespace', '1', undefined],
  ['Namespace', 'a.b', LABEL],
  ['Service', 'spire-server', undefined],
  ['Service', 'a'.repeat(63), undefined],
  ['Service', 'a'.repeat(64), LABEL],
  ['Service', 'a.b', LABEL],
  ['Service', '1a', SERVICE],
  ['ClusterRole', 'system:node', undefined],
  ['ClusterRoleBinding', 'Some Name', undefined],
  ['Role', 'a/b', RBAC],
  ['RoleBinding', 'a%b', RBAC],
  ['Role', '.', RBAC],
  ['Role', '..', RBAC],
  ['Role', '', RBAC],
  ['Role', '...', undefined],
])('%s %j', (kind, name, problem) => {
  expect(objectNameProblem(kind, name)).toEqual(problem);
});

const QUANTITY = {
  message: 'is not a quantity',
  remedy: "write a number with a unit such as '500m', '128Mi' or '1Gi'",
};

test.each(['0', '1', '+1', '1.', '.5', '1.5', '500m', '100n', '3u', '1k', '128Mi', '1Gi', '2E', '2Ei', '1e3', '1E-3'])(
  '%j is a quantity',
  (value) => {
    expect(quantityProblem(value)).toBeUndefined();
  },
);

test.each(['', '.', '-1', 'Gi', '1K', '1GB', '1 Gi', '1mi', '1Ki ', '1e', '1e3Mi', '0x1', '1,5'])(
  '%j is no quantity',
  (value) => {
    expect(quantityProblem(value)).toEqual(QUANTITY);
  },
);
