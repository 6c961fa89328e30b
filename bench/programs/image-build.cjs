// node image-build.cjs ENTRY LAYOUT CACHE: builds an image for all platforms by the call that programs have, and reports the
// milliseconds of the call, without the loading of the library, and what was built.

const { performance } = require('node:perf_hooks');
const { buildImage } = require('../../build/image-build');

const [entry, layout, cacheFolder] = process.argv.slice(2);

async function main() {
  const began = performance.now();
  const image = await buildImage({ entry, layout, repository: 'registry.example.com/shop/server' }, { cacheFolder });
  process.stdout.write(JSON.stringify({ call: performance.now() - began, images: [image] }));
}

main();
