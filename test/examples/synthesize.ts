// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesOf, newFolder } from '../synth/fixtures';

/** What a program of `examples/` has written. */
export interface Output {
  /** Text by path, relative to the output folder; the folder itself is called OUT. */
  readonly files: Readonly<Record<string, string>>;
  /** What was shown. */
  readonly shown: string;
  /** All objects, in the order in which they are applied. */
  readonly objects: readonly any[];
}

/** Runs a program of `examples/` as `cdk8s synth` does: it finds its output folder in the environment. */
export function synthesize(example: string): Output {
  const outdir = join(newFolder(), 'dist');
  const before = process.env.CDK8S_OUTDIR;
  let shown = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += text;
    return true;
  });
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => {
      require(`../../examples/${example}/main`);
    });
  } finally {
    write.mockRestore();
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
  const named = (text: string) => text.replaceAll(outdir, 'OUT');
  const files = Object.fromEntries(Object.entries(filesOf(outdir)).map(([path, text]) => [path, named(text)]));
  const objects = Object.keys(files)
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .flatMap((path) => parseAllDocuments(files[path] as string).map((document) => document.toJS()));
  return { files, shown: named(shown), objects };
}
