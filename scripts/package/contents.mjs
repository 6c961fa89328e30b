import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesIn, readJson } from './files.mjs';
import { requireNone } from './reporter.mjs';

/** What may be in a package: built code with its types, and the documents. */
const EXPECTED =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/runbooks\.md|build\/.*(?:\.js|\.d\.ts|\.js\.map|\.d\.ts\.map))$/;

/**
 * Checks what an installed package consists of.
 *
 * @param repository folder of the package in the repository
 * @param sources folder of its sources there, of which `build/` is the output
 * @param installed folder of the package in a project
 * @param documents files beside `build/` that it must hold
 */
export async function checkContents(reporter, { name, repository, sources, installed, documents }) {
  const files = filesIn(installed);
  const have = new Set(files);

  await reporter.check(`${name}: holds ${documents.join(', ')}`, () => {
    requireNone(
      documents.filter((file) => !have.has(file)),
      'missing',
    );
  });

  await reporter.check(`${name}: holds nothing but built code and documents (no tests, examples, build state)`, () => {
    requireNone(
      files.filter((file) => !EXPECTED.test(file) || /(?:^|\/)(?:tests?|examples?|bench)\/|\.test\./.test(file)),
      'not expected',
    );
  });

  await reporter.check(`${name}: every module has its types and comes from a source file that exists`, () => {
    // What bundlers take instead has the same types.
    const modules = files.filter((file) => file.endsWith('.js') && !file.startsWith('build/module/'));
    if (modules.length === 0) throw new Error('no modules');
    requireNone(
      modules.filter((file) => !have.has(file.replace(/\.js$/, '.d.ts'))),
      'no types',
    );
    const source = (file) => join(repository, sources, file.slice('build/'.length).replace(/\.js$/, '.ts'));
    requireNone(
      modules.filter((file) => !existsSync(source(file))),
      'no source: left over from an earlier build, remove build/',
    );
  });

  await reporter.check(`${name}: source maps are complete, or there are none`, () => {
    const offenders = [];
    for (const file of files) {
      if (file.endsWith('.map')) {
        const { sources: names, sourcesContent } = readJson(installed, file);
        const outside = names.filter(
          (path, i) => typeof sourcesContent?.[i] !== 'string' && !have.has(posix.join(posix.dirname(file), path)),
        );
        if (outside.length > 0) offenders.push(`${file}: ${outside.join(', ')} is not in the package`);
      } else if (/\.(?:js|ts)$/.test(file)) {
        const [, map] = /^\/\/# sourceMappingURL=(\S+)$/m.exec(readFileSync(join(installed, file), 'utf8')) ?? [];
        if (map && !map.startsWith('data:') && !have.has(posix.join(posix.dirname(file), map))) {
          offenders.push(`${file}: ${map} is not in the package`);
        }
      }
    }
    requireNone(offenders, 'source maps that lead nowhere');
  });

  await reporter.check(`${name}: no file names a folder of the machine that built it`, () => {
    requireNone(
      files.filter((file) => readFileSync(join(installed, file), 'utf8').includes(repository)),
      'names the repository',
    );
  });
}
