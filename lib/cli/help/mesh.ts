import { SOURCE } from './source';

/** Help of the commands about a federation as it is described. */
export const MESH_HELP = {
  prove: `spirekit prove: holds a federation to its rules before anything is deployed

Usage: spirekit prove [FILE] [--app COMMAND] [options]

${SOURCE}
What is shown [default: who believes whom, and the findings by cluster]:
  --table NAME        an analysis too: times, blast-radius, load, serving or all; may be repeated
  --json              everything as JSON, which spirekit can read again
  --junit             JUnit XML: a suite for each cluster, a case for each rule
  --sarif             SARIF 2.1.0, for code scanning
                      Of these three one at most, and without --table.
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]
  --strict            warnings that are not accepted fail too

Exit codes:
  0  no errors; warnings are shown
  1  errors found; with --strict, warnings that are not accepted too
  2  it could not be done: no such file, no federation in it, a program that breaks off or does not end
`,
  graph: `spirekit graph: draws a federation

Usage: spirekit graph [FILE] [--app COMMAND] [options]

${SOURCE}
What is drawn:
  --picture NAME      mesh, serving or ca-timeline [default: mesh]
  --format FORMAT     svg, mermaid, dot or matrix [default: svg]; of serving svg and mermaid, of ca-timeline svg alone
  --mesh NAME         which one, of several
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]

Exit codes:
  0  drawn, whatever is found in it
  2  it could not be done
`,
  dashboard: `spirekit dashboard: makes a dashboard for Grafana, as JSON that it imports

Usage: spirekit dashboard [FILE] [--app COMMAND] [options]

${SOURCE}
What it is of:
  --mesh NAME         a federation: which one, of several [default: the only one]
  --cluster NAME      a cluster instead: a member of the federation, by its name
  --interval TIME     how often Prometheus reads the metrics, in whole seconds [default: 30s]
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]

Exit codes:
  0  made, whatever is found in the federation
  2  it could not be done
`,
  rules: `spirekit rules: shows the rules of a federation

Usage: spirekit rules [ID]

  ID                  one rule in full, such as E05

Exit codes:
  0  shown
  2  there is no such rule
`,
};
