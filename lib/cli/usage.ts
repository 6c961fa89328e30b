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
  lock: `spirekit lock: writes down what was deployed, to which later changes are held

Usage: spirekit lock [FILE] [--app COMMAND] [options]

${SOURCE}
What is written, after the federation was deployed:
  --lock FILE         into FILE, whole or not at all; it belongs into version control [default: mesh.lock.json]
  --check             nothing; fails where the lock says something else than the program
  --forget NAME       without a mesh of the lock that was removed from all clusters, or of which no member is left; may
                      be repeated

Bundles and roots stand in it by digests, fingerprints and ends: it holds no key and no secret. The program reads it by
previous: MeshLock.fromFile('mesh.lock.json').

Exit codes:
  0  written, or up to date
  1  not written: errors were found, or changes that need an approval and have none; with --check, it is not up to date
  2  it could not be done: no federation, or a lock that cannot be gone by; the file is as it was
`,
  diff: `spirekit diff: shows what has changed since a federation was deployed last, and what somebody has to decide about

Usage: spirekit diff [FILE] [--app COMMAND] [options]

${SOURCE}
What it is compared with:
  --lock FILE         what 'spirekit lock' wrote when it was deployed, or 'spirekit prove --json'
                      [default: mesh.lock.json]
  --mesh NAME         this mesh alone, of several [default: all]

What is shown [default: every change with its id, whose it is, what was and is, what it means and what to do]:
  --json              everything as JSON
  --markdown          as a comment on the request that makes the changes
                      Of these two one at most.
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]
  --strict            edits that do nothing, and approvals of nothing, fail too

A change by which somebody is believed who was not, or can do harm that he could not, needs an approval: a line in
'approve' of the FederationMesh with its id and the reason. Another edit has another id.

Exit codes:
  0  nothing to decide: no changes, such as are only to be noted, and approved ones
  1  changes that need an approval and have none, or that SPIRE or the platform refuses
  2  it could not be done: no lock, no such file, no federation in it
`,
  plan: `spirekit plan: shows the steps that bring a federation from one state to another, and does none of them

Usage: spirekit plan ACTION MEMBER [FILE] [--app COMMAND] [options]

What is planned:
  add                 the member comes to the federation, and nobody who is in it loses anything
  remove              the trust in it ends, and with it its own in others
  rotate              it gets a new CA while the old one is trusted, which then goes; or at once, when that was stolen
  migrate             its bundle endpoint moves, or proves itself by another profile
  recover             it has lost its CA, so that others may not believe it any more
  MEMBER              its name: of a cluster its path in the program
  --from NAME         remove: this member alone stops believing it; may be repeated [default: it leaves the federation]
  --emergency         the order for an emergency alone [default: both, where there are two]

${SOURCE}
  --mesh NAME         which one, of several
  --lock FILE         what was deployed last, as 'spirekit lock' wrote it: migrate compares with it, the others cover
                      what may still run of it, such as a member that the program has no more
                      [default: mesh.lock.json, if it is there and no FILE is given; else what the program knows of it]

What is shown [default: of each step why, what to run, how long to wait, how to see that it is done, where to stop]:
  --context MEMBER=CONTEXT  the context of a member in commands [default: the one of its name]; may be repeated
  --json              everything as JSON
  --markdown          as a list to tick
                      Of these two one at most.
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]

Times are the longest ones by SPIRE's clock, and by what members declare: hints, lifetimes, profiles.

Exit codes:
  0  shown
  2  it could not be done: no such member, nothing to do, no federation
`,
  bundle: `spirekit bundle: first bundles, by which peers are believed before anything was fetched from them

Usage: spirekit bundle fetch [TRUST-DOMAIN]... [FILE | --app COMMAND] [options]
       spirekit bundle show TRUST-DOMAIN | FILE [--trust-domain NAME] [--json]
       spirekit bundle check [BUNDLE-FILE]... [FILE | --app COMMAND] [--fetch] [--strict] [--json]
       spirekit bundle bootstrap FILE --context NAME [--kubeconfig FILE] [--wait TIME] [--replace DIGEST]

Bundles lie in a folder, one file for each trust domain, whose name has the hash of what it holds; programs read them by
BundleFolder.at('bundles').bundle('west.example.com').
  --folder FOLDER     another folder [default: bundles]

fetch: whose bundle, and what proves it. There is no way that believes whoever answers.
  TRUST-DOMAIN        or the name of a member [default: all that somebody begins with or the folder has]
  FILE, --app, --mesh, --timeout
                      the federation, as for 'spirekit prove': endpoints, profiles and private authorities are its own;
                      an endpoint of https_spiffe is verified by the bundle that the folder or the program has
  --url URL           the bundle is here instead, and no federation is asked: proven by
                        nothing else    a certificate of the Web PKI for the host
                        --ca FILE       one of these authorities (PEM) instead of the public ones
                        --spiffe-id ID  an X.509-SVID of that ID [default: spiffe://TRUST-DOMAIN/spire/server], by the
                        --bundle FILE   bundle that is known already [default: the one in the folder]
  --sha256 DIGEST     pinned: of all its keys, as 'spirekit bundle show' prints it, or of one X.509 authority, by
                      which an endpoint of https_spiffe has to prove itself
  --context NAME      from the ConfigMap in which its cluster publishes it, by the API server; MEMBER=NAME for
                      members of the federation, may be repeated
  --kubeconfig FILE   may be repeated; without --context, members' clusters are the contexts of their names
  --config-map NAMESPACE/NAME[/KEY]
                      that one, where the right to list pods is missing
  --wait TIME         how long a fetch may take [default: 30s]
  --replace           stores a bundle too that has no X.509 authority of the stored one, or is older; of those that
                      are named
  --json              what was done, for programs

show and check:
  --trust-domain NAME whose bundle a FILE is, where neither its name nor a certificate says it
  --fetch             compares with what is served now, fetched in the same ways
  --strict            warnings fail too
  --now TIME          the moment to judge by [default: now]

bootstrap: what the Job of a BootstrapJob runs, and a person where it has refused. It makes the relationships that are
not there, with bundles that it fetches, and leaves those alone that are there as they shall be.
  FILE                what the Job is told: bootstrap.json of its ConfigMap; - is standard input
  --context NAME      the cluster in which they are made; in-cluster: the one in which the command runs
  --wait TIME         how long it is tried [default: 5m]
  --replace DIGEST    keys that may give way to others, by the digest that was printed; may be repeated

HTTPS_PROXY and NO_PROXY name a proxy; endpoints are verified as without it.

Exit codes:
  0  done: all bundles are stored or as they were, shown, or good
  1  a bundle was refused for what it holds; check: something is wrong; bootstrap: somebody has to decide
  2  it could not be done: nobody answers, or has not proven to be the right one; what is stored stays as it is
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
