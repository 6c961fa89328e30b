/** Where a federation comes from, in the help of every command that takes one. */
export const SOURCE = `Where the federation comes from:
  FILE                a mesh as JSON, as meshFrom() takes it, or what 'spirekit prove --json' wrote, which is proven
                      anew only with --now; - is standard input
  --app COMMAND       the program that COMMAND runs, by the shell, in this folder; it writes no manifests then
  neither             the program that 'app' of ./cdk8s.yaml runs
  --timeout TIME      ends the program after that time, such as 90s [default: 10m]
  --now TIME          the moment to judge bundles and certificates by, such as 2026-01-31T12:00:00Z
                      [default: what the program or the report says, else now]

A Pulumi program needs no engine: --app 'node index.js'. Where it needs configuration: --app 'pulumi preview'.
`;
