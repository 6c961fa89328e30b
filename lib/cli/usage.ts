/** What `spirekit --help` shows. */
export const USAGE = `spirekit: proves a SPIFFE federation before anything is deployed

Usage: spirekit COMMAND [options]

  prove [FILE]    holds the federation of a program, or of FILE, to its rules
  graph [FILE]    draws it
  rules [ID]      shows the rules, or one of them in full

  spirekit COMMAND --help   shows the options of a command
  spirekit --version        shows the version

Exit codes:
  0  done, and no errors found
  1  errors found; with --strict, warnings that are not accepted too
  2  it could not be done: nothing is known of the federation
`;

const SOURCE = `Where the federation comes from:
  FILE                a mesh as JSON, as meshFrom() takes it, or what 'spirekit prove --json' wrote, which is proven
                      anew only with --now; - is standard input
  --app COMMAND       the program that COMMAND runs, by the shell, in this folder; it writes no manifests then
  neither             the program that 'app' of ./cdk8s.yaml runs
  --timeout TIME      ends the program after that time, such as 90s [default: 10m]
  --now TIME          the moment to judge bundles and certificates by, such as 2026-01-31T12:00:00Z
                      [default: what the program or the report says, else now]

A Pulumi program needs no engine: --app 'node index.js'. Where it needs configuration: --app 'pulumi preview'.
`;

/** What the help of each command shows. */
export const HELP: Readonly<Record<string, string>> = {
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
  rules: `spirekit rules: shows the rules of a federation

Usage: spirekit rules [ID]

  ID                  one rule in full, such as E05

Exit codes:
  0  shown
  2  there is no such rule
`,
};
