import { SpiffeError } from '../../core';
import { describeOptions } from '../options';
import { ExitCode, messageOf, type Program } from '../program';
import { probeOptions, readProbeOptions } from './probe-options';

const summary = 'checks once that this workload has a valid identity, for exec probes';

/** The probe: one look at the identity of this workload, for the probes of Kubernetes that run a command. */
export const probe: Program = {
  summary,
  usage: `usage: spirekit-runtime probe [OPTIONS]

The probe ${summary}. It prints one line.

${describeOptions(probeOptions)}

Exit codes: 0 all is as it should be. 1 something is not. 2 wrong options.
`,
  async run(args, { stdout, stderr }) {
    const options = readProbeOptions(args);
    // Options are read before anything else is loaded.
    const { probe } = require('./probe') as typeof import('./probe');
    try {
      stdout(`ok: ${await probe(options)}\n`);
      return ExitCode.ok;
    } catch (error) {
      if (!SpiffeError.is(error) && !isSystemError(error)) {
        throw error;
      }
      stderr(`failed: ${messageOf(error)}\n`);
      return ExitCode.failed;
    }
  },
};

/** Errors of the network and of TLS have a code, and those of the program itself have none. */
function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
}
