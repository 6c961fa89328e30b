/** Help of the commands about clusters that run. */
export const VERIFY_HELP = {
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
};
