import { describeOptions } from '../options';
import { ExitCode, type Program } from '../program';
import { UsageError } from '../usage-error';
import {
  handshakeOptions,
  isSide,
  ROLES,
  readHandshakeOptions,
  readWatchOptions,
  watchOptions,
} from './handshake-options';

const summary = 'tries mutual TLS with another workload, byte for byte over the standard streams';

/**
 * The handshake: two of them, in pods of two clusters, show whether workloads of one trust domain accept those of
 * another. Whoever starts them carries the bytes from one to the other; there need be no network between the two.
 */
export const handshake: Program = {
  summary,
  usage: `usage: spirekit-runtime handshake server|client --expect SPIFFE-ID [OPTIONS]
       spirekit-runtime handshake watch [--socket ADDRESS]

The handshake ${summary}.
Server and client speak TLS on standard input and output, each with its own X.509-SVID, and end. The result is one
line of JSON on the standard error: "ok" is true if both accept each other; "accepted", if this side accepts the other,
whose verified SPIFFE ID is "peer". Else "code" says what is wrong, with the "cause" of a refusal:
{"ok":false,"role":"client","id":"spiffe://…","accepted":false,"code":"svid-refused","cause":"no-bundle","message":"…"}

${describeOptions(handshakeOptions)}

'watch' prints a line of JSON whenever the Workload API gives other SVIDs or bundles, until it is told to end:
{"time":"…","svids":[{"id":"spiffe://…","hint":"…","notAfter":"…"}],"bundles":{"example.org":2}}

${describeOptions(watchOptions)}

Exit codes: 0 both accept each other, or told to end. 1 not so. 2 wrong options.
`,
  async run([role, ...args], surroundings) {
    if (role === 'watch') {
      const options = readWatchOptions(args);
      // Options are read before anything else is loaded.
      const { watch } = require('./watch') as typeof import('./watch');
      return watch(options, surroundings);
    }
    if (!isSide(role)) {
      throw new UsageError([
        `${role === undefined ? 'no role is named' : `'${role}' is no role`}; write one of ${ROLES.join(', ')} behind 'handshake'`,
      ]);
    }
    const options = readHandshakeOptions(args);
    const { tryHandshake } = require('./handshake') as typeof import('./handshake');
    const result = await tryHandshake(role, options, surroundings);
    surroundings.stderr(`${JSON.stringify(result)}\n`);
    return result.ok ? ExitCode.ok : ExitCode.failed;
  },
};
