import { workloadsOf } from '../../../lib/cli/verify/workload-options';

const IMAGE = 'registry.example.com/platform/spirekit:1';
const programs = { node: '/usr/local/bin/node', runtime: '/app/spirekit/runtime.cjs' };

test('without the word there is no test of workloads', () => {
  expect(workloadsOf({}, true)).toBeUndefined();
  expect(workloadsOf({ check: ['V24'] }, true)).toBeUndefined();
});

test('all of it, or some checks', () => {
  expect(workloadsOf({ workloads: true, image: IMAGE }, true)).toEqual({
    image: { reference: IMAGE, ...programs },
    cleanup: false,
  });
  const given = { workloads: true, image: IMAGE, node: '/nodejs/bin/node', cleanup: true, check: ['v33,V24', 'V35'] };
  expect(workloadsOf(given, true)).toEqual({
    image: { reference: IMAGE, ...programs, node: '/nodejs/bin/node' },
    cleanup: true,
    checks: new Set(['accepts', 'alone']),
  });
});

test('to print rights, no image is needed', () => {
  expect(workloadsOf({ workloads: true }, false)).toBeDefined();
});

test.each([
  [
    { workloads: true },
    "--workloads runs pods, and needs an image with the runtime's programs: add --image REFERENCE, as spirekit image build prints it",
  ],
  [{ workloads: true, image: 'No Image' }, /^--image 'No Image' cannot be used: /],
  [
    { workloads: true, image: IMAGE, node: 'node' },
    "--node 'node' is no absolute path in the image; write one, such as /usr/local/bin/node",
  ],
  [
    { workloads: true, image: IMAGE, check: ['V24'] },
    '--workloads tries V31 to V37, of which --check names none; name one, or leave --workloads out',
  ],
  [{ image: IMAGE }, '--image belongs to --workloads; add that, or leave it out'],
  [{ node: '/node' }, '--node belongs to --workloads; add that, or leave it out'],
  [{ cleanup: true }, '--cleanup belongs to --workloads; add that, or leave it out'],
  [{ check: ['V33'] }, 'check V33 is one of workloads; add --workloads'],
])('%j is refused', (given, message) => {
  expect(() => workloadsOf(given, true)).toThrow(message);
});
