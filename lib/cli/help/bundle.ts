/** Help of the commands about first bundles. */
export const BUNDLE_HELP = {
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
};
