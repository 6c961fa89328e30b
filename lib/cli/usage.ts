/** What `spirekit --help` shows. */
export const USAGE = `spirekit: proves a SPIFFE federation before anything is deployed, verifies it when it runs, makes its dashboards,
and builds images of workloads

Usage: spirekit COMMAND [options]

  prove [FILE]      holds the federation of a program, or of FILE, to its rules
  graph [FILE]      draws it
  dashboard [FILE]  makes a dashboard for Grafana of it, or of one of its clusters
  rules [ID]        shows the rules, or one of them in full
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
  verify: `spirekit verify: holds clusters that run to a federation: every cluster, every endpoint, every directed edge

Usage: spirekit verify [FILE] [--app COMMAND] [options]
       spirekit verify --live [--context NAME=CONTEXT]... [options]
       spirekit verify --print-rbac [FILE | --app COMMAND] [--member NAME] | --namespace NAME...

Where the federation comes from:
  FILE                a mesh as JSON, as meshFrom() takes it, or what 'spirekit prove --json' wrote; - is standard input
  --app COMMAND       the program that COMMAND runs, by the shell, in this folder; it writes no manifests then
  neither             the program that 'app' of ./cdk8s.yaml runs
  --timeout TIME      ends the program after that time, such as 90s [default: 10m]
  --mesh NAME         which one, of several
  --live              no program: the clusters of the contexts, and the edges that their own objects and servers have

Which clusters:
  --context MEMBER=CONTEXT  the context of a member [default: the one of its name]; may be repeated
  --kubeconfig FILE   may be repeated [default: KUBECONFIG, else ~/.kube/config, else the service account of the pod]

How:
  --check ID          this check alone, such as V24; may be repeated [default: all, see docs/verify.md]
  --wait TIME         how long one answer of a cluster or endpoint is waited for [default: 15s]
  --concurrency N     how many questions are open at a time [default: 16]
  --watch [TIME]      looks again and again, and prints what has changed, until it is ended [default: 30s]

Workloads [default: none; nothing is changed in any cluster]:
  --workloads         makes pods in every cluster, has those of each two members shake hands, and removes all again
  --image REFERENCE   what they run: an image by spirekit image build, which has the runtime's programs
  --node PATH         Node.js in it, where it was built upon a base [default: /usr/local/bin/node]
  --cleanup           removes what earlier runs have left that were killed, whatever its age [default: after an hour]

What is shown [default: a table of clusters and checks, one of edges, and all that is not well in full]:
  --json              everything as JSON
  --junit             JUnit XML: a suite for each cluster and each edge, a case for each check
                      Of these two one at most, and without --watch.
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]
  --strict            warnings fail too

  --print-rbac        prints a service account with exactly the rights that the checks need (with --workloads, those of
                      that too), and asks no cluster
  --member NAME       for the cluster of that member; needed where some are Kubernetes and some OpenShift
  --namespace NAME    where SPIRE runs, without a federation; may be repeated
                      [default: by the platform of the members, without any program those of spirekit on Kubernetes]

What could not be seen is a finding, never a pass; all other checks still run.

Exit codes:
  0  all is well; warnings are shown
  1  something is wrong, or could not be seen; with --strict, warnings too
  2  it could not be done: no such file, no federation in it, no cluster that answers
`,
  image: `spirekit image: builds images of workloads from their programs, without a daemon, and pushes them

Usage: spirekit image build [ENTRY] [options]
       spirekit image push LAYOUT [--to REPOSITORY] [--ca FILE] [--plain-http]
       spirekit image archive LAYOUT FILE [--form oci|docker] [--platform NAME] [--to REPOSITORY]

What is built:
  ENTRY               the file that the program begins with, in TypeScript or JavaScript
  --repository NAME   where the image is pushed to, such as registry.example.com/shop/server; a tag may follow it
  --layout FOLDER     where the image is put, as OCI layout [default: images/ and the last word of the repository]
  --platform NAME     linux/amd64 or linux/arm64; may be repeated [default: both]
  --node VERSION      22, 24 or 26, or an exact version that is known [default: 24]
  --base IMAGE        builds upon this image, which is named with its digest, instead of from nothing
  --file FROM=TO      puts a file or folder below /app; may be repeated
  --env NAME=VALUE    a variable of the environment; may be repeated
  --label NAME=VALUE  may be repeated [default: title, version and the like of package.json]
  --define NAME=EXPR  replaces an expression of the program; may be repeated
  --source-map        adds the source map, by which errors name lines of the source
  no ENTRY            each WorkloadImage of a program of constructs: of --app COMMAND (with --timeout TIME), else of
                      ./cdk8s.yaml

How:
  --backend NAME      spirekit, or buildah, which has to be there [default: spirekit]
  --cache FOLDER      what was downloaded, and layers [default: SPIREKIT_CACHE, else the user's folder for caches]
  --npm-registry URL  has Node.js; the hashes of what comes from it are known here [default: npm's own setting]
  --debian-mirror URL has the C libraries; may be repeated [default: deb.debian.org, snapshot.debian.org]

What becomes of it:
  --push              pushes it, with the credentials that docker login or podman login left
  --ca FILE           certificates of authorities to trust beside the public ones, in PEM
  --plain-http        speaks to the registry without TLS; this machine's own needs no such word
  --json              what was built, for programs
  push                pushes what was built: --to REPOSITORY [default: the one that it was built for]
  archive             one file of it: --form oci for skopeo, podman and containerd, which then knows it by its digest;
                      --form docker, with a --platform, for docker load [default: oci]

The same program gives the same image, bit by bit, on every machine.

Exit codes:
  0  done
  2  it could not be done; the image that was there before is as it was
`,
};
