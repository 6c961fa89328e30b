import { readFileSync } from 'node:fs';
import { filesOf, newFolder, removeFolders } from '../fixtures';

// docs/mesh-over-time.md shows what is written: here it is held to it.

const doc = readFileSync('docs/mesh-over-time.md', 'utf8');
const MARK = '<!-- As test/synth/delivery/documented.test.ts sees it. -->\n';
const passages = doc
  .split(MARK)
  .slice(1)
  .map((rest) => /^```\w+\n([\s\S]*?)```/.exec(rest)?.[1] ?? '');
const [tree = '', waits = '', replacement = ''] = passages;

afterEach(removeFolders);

/** What a program of the example writes. */
function written(program: string): Record<string, string> {
  const outdir = `${newFolder()}/dist`;
  const before = process.env.CDK8S_OUTDIR;
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => require(`../../../examples/kubernetes-federation/${program}`));
  } finally {
    write.mockRestore();
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
  return filesOf(outdir);
}

test('three passages are shown', () => {
  expect(passages).toHaveLength(3);
});

test('the files of the example for Argo CD, and a bundle that is put in', () => {
  const files = written('argo-cd');
  const shown = Object.keys(files).filter((path) => !/^(west|lab)\/|^\.spirekit$/.test(path));
  expect(tree.trim().split('\n')).toEqual(shown);
  expect(files['east/50-trust/kustomization.yaml']).toContain(replacement.slice('replacements:\n'.length));
});

test('the example for Flux', () => {
  expect(written('flux')['flux/east/kustomizations.yaml']).toContain(waits);
});
