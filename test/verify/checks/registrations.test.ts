import { registrationOutcomes } from '../../../lib/verify/checks/registrations';
import { eastHeld } from '../recorded';

const held = new Map([['west.example.com', eastHeld()]]);
const said = (spec: object, status?: object) =>
  registrationOutcomes('ClusterSPIFFEID', { metadata: { name: 'web' }, spec, ...(status && { status }) }, held).map(
    ({ state, what }) => `${state}: ${what}`,
  );

test('fine', () => {
  expect(
    said(
      { federatesWith: ['west.example.com', 'spiffe://west.example.com'] },
      { stats: { entriesToSet: 3, entryFailures: 0 } },
    ),
  ).toEqual([]);
  expect(said({}, { rendered: true, set: true })).toEqual([]);
  expect(said({})).toEqual([]);
});

test('it names trust domains without a bundle', () => {
  expect(said({ federatesWith: ['west.example.com', 'lab.example.com', 'spiffe://gone.example.com'] })).toEqual([
    'error: names lab.example.com, gone.example.com, of which the server holds no bundle: its pods get no identity',
  ]);
});

test('failures that the controller manager counts', () => {
  expect(said({}, { stats: { entriesToSet: 3, entryFailures: 2, podEntryRenderFailures: 1 } })).toEqual([
    'error: 2 of 3 entries cannot be set',
    'error: for 1 pods its templates give no entry',
  ]);
});

test('a static entry that is not there', () => {
  expect(said({}, { rendered: false, set: false })).toEqual(['error: gives no entry']);
  expect(said({}, { rendered: true, set: false })).toEqual(['error: its entry is not set']);
  expect(said({}, { rendered: true, set: false, masked: true })).toEqual([]);
});

test('what is no trust domain is not put into a command', () => {
  const nextFor = (name: string) =>
    registrationOutcomes('ClusterSPIFFEID', { metadata: { name: 'web' }, spec: { federatesWith: [name] } }, held)[0]
      ?.next;
  const command = 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list';
  expect(nextFor('lab.example.com')).toBe(`${command} -id spiffe://lab.example.com`);
  expect(nextFor('lab.example.com; reboot')).toBe(command);
});
