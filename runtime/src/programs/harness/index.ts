import { readOptions } from '../options';
import type { Program } from '../program';
import { version } from '../version';

const summary = 'shows this package to the SPIFFE conformance suite';

/**
 * The harness: what the public conformance suite for SPIFFE libraries talks to.
 *
 * @see https://github.com/arndt-s/spiffe-conformance-test-suite
 */
export const harness: Program = {
  summary,
  usage: `usage: spirekit-runtime harness

The harness ${summary}: contract v1 of https://github.com/arndt-s/spiffe-conformance-test-suite.
It has no options; the Workload API is where the environment variable SPIFFE_ENDPOINT_SOCKET says.

Exit codes: 0 told to end. 1 the Workload API can never give an identity. 2 wrong options.
`,
  run(args, surroundings) {
    readOptions({}, args);
    const { runHarness } = require('./harness') as typeof import('./harness');
    return runHarness(surroundings, version());
  },
};
