// The smallest workload: it waits for its first SVID, says who it is and ends.

import { X509Source } from '@spirekit/runtime';

async function main() {
  const source = await X509Source.create();
  process.stdout.write(source.x509Svid().id.toString(), () => process.exit());
}

main();
