// node image-bundle.cjs ENTRY FILE: bundles a program by esbuild alone, as image builds do: the floor of a rebuild.

const { build } = require('esbuild');

const [entry, outfile] = process.argv.slice(2);

build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  conditions: ['module'],
  keepNames: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'error',
});
