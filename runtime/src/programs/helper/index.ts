import { describeOptions } from '../options';
import type { Program } from '../program';
import { Helper } from './helper';
import { helperOptions, readHelperOptions } from './helper-options';

const summary = 'keeps certificates, keys, bundles and tokens in files up to date';

/** The helper: writes what the Workload API gives into files, for programs that read files. */
export const helper: Program = {
  summary,
  usage: `usage: spirekit-runtime helper --folder FOLDER [OPTIONS] [-- COMMAND [ARGUMENT…]]

The helper ${summary}. After every new set of files it signals a
process, or runs COMMAND without a shell.

All files are replaced at once: each name is a link through '..data', which leads to the folder with the
newest set. To read several files that belong together, look up where '..data' leads once and open them
there; when they are gone, look again. A single file is always whole.

Every option can stand in a file of JSON too, where --svid-file is "svidFile" and COMMAND is
"command": ["nginx", "-s", "reload"]. What the command line says goes before.

  --config FILE             options in JSON
${describeOptions(helperOptions)}

Exit codes: 0 told to end, or with --once: the files are there. 1 it could not go on. 2 wrong options.
`,
  run: (args, surroundings) => new Helper(readHelperOptions(args), surroundings).run(),
};
