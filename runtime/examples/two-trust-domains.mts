import { BundleSource, TrustDomain, X509Source } from '@spirekit/runtime';
import { memberOf } from '@spirekit/runtime/authorize';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { BundleEndpoint, BundleWatcher, FederatedBundles, httpsWeb, serveBundle } from '@spirekit/runtime/federation';
import { createServer } from '@spirekit/runtime/http';

const east = TrustDomain.parse('east.example.com');
const west = TrustDomain.parse('west.example.com');
const source = await X509Source.create();
const own = await BundleSource.create(); // an X509Source alone has no keys of tokens

// What east tells others:
await serveBundle({
  source,
  port: 8444,
  bundle: () => SpiffeBundle.of({ trustDomain: east, x509: own.x509BundleFor(east), jwt: own.jwtBundleFor(east) }),
});

// What east believes of west, kept up to date; it does not wait for the first fetch, `ready()` does.
const endpoint = BundleEndpoint.of({ url: 'https://bundles.west.example.com/', profile: httpsWeb() });
const watcher = BundleWatcher.start(west, endpoint);
const bundles = new FederatedBundles({ trustDomain: east, x509: own, jwt: own, watchers: [watcher] });
const identity = bundles.withIdentity(source);
createServer({ source: identity, authorize: memberOf(west) }, (_, response) => response.end()).listen(8443);
