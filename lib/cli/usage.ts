import { BUNDLE_HELP } from './help/bundle';
import { CHANGE_HELP } from './help/change';
import { IMAGE_HELP } from './help/image';
import { MESH_HELP } from './help/mesh';
import { VERIFY_HELP } from './help/verify';

/** What `spirekit --help` shows. */
export const USAGE = `spirekit: proves a SPIFFE federation before anything is deployed, shows what a change does and how to make it,
verifies what runs, makes dashboards, and builds images of workloads

Usage: spirekit COMMAND [options]

  prove [FILE]      holds the federation of a program, or of FILE, to its rules
  graph [FILE]      draws it
  dashboard [FILE]  makes a dashboard for Grafana of it, or of one of its clusters
  rules [ID]        shows the rules, or one of them in full
  lock [FILE]       writes down what was deployed, to which later changes are held
  diff [FILE]       shows what has changed since, and what somebody has to decide about
  plan remove       shows the steps by which a member is removed, in their order; plan add, rotate, migrate, recover too
  bundle fetch      fetches first bundles by ways that prove where they come from; bundle show and check look at them
  verify [FILE]     holds clusters that run to it: every cluster, endpoint and edge
  image build       builds the image of a workload's program
  image push        pushes it; image archive makes one file of it

  spirekit COMMAND --help   shows the options of a command
  spirekit --version        shows the version

Exit codes:
  0  done, and no errors found
  1  errors found; with --strict, warnings that are not accepted too
  2  it could not be done
`;

/** What the help of each command shows. */
export const HELP: Readonly<Record<string, string>> = {
  ...MESH_HELP,
  ...CHANGE_HELP,
  ...BUNDLE_HELP,
  ...VERIFY_HELP,
  ...IMAGE_HELP,
};
