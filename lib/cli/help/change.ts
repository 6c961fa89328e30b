import { SOURCE } from './source';

/** Help of the commands about a federation over time. */
export const CHANGE_HELP = {
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
  --manifests FOLDER  where the program writes its manifests [default: dist]
  --json              everything as JSON
  --markdown          as a list to tick
                      Of these two one at most.
  --output FILE       into FILE, whole or not at all; - is standard output [default: -]

Times are the longest ones by SPIRE's clock, and by what members declare: hints, lifetimes, profiles.

Exit codes:
  0  shown
  2  it could not be done: no such member, nothing to do, no federation
`,
};
