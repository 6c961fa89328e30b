import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import { Testing } from 'cdk8s';
import { KubernetesCluster } from '../../lib';
import { type Accepts, acceptsOf } from '../../lib/cluster';
import { fakeOutput } from '../core/fixtures';
import { findings, untyped } from '../spire/installation';

function accepting(accepts: Accepts | undefined) {
  const app = Testing.app();
  const cluster = (name: string) => new KubernetesCluster(app, name, { trustDomain: `${name}.example.com` });
  const east = cluster('east');
  const identity = east.identity('web', {
    namespace: 'shop',
    serviceAccount: 'web',
    ...(accepts !== undefined && { accepts }),
  });
  return { read: acceptsOf(identity), spec: identity.toJson().spec, findings: findings(app), west: cluster('west') };
}

test('whom pods accept is noted, and changes no object', () => {
  const said = accepting([
    'partner.example',
    TrustDomain.parse('lab.example'),
    'spiffe://partner.example/shop',
    SpiffeId.parse('spiffe://lab.example/db'),
    { trustDomain: 'west.example.com' },
  ]);
  expect(said.findings).toEqual([]);
  expect(said.read).toEqual([
    'partner.example',
    'lab.example',
    'spiffe://partner.example/shop',
    'spiffe://lab.example/db',
    'west.example.com',
  ]);
  const unsaid = accepting(undefined);
  expect(unsaid.read).toBeUndefined();
  expect(said.spec).toEqual(unsaid.spec);
  expect(accepting('any').read).toBe('any');
  expect(accepting([accepting(undefined).west]).read).toEqual(['west.example.com']);
});

test.each<[unknown, string[]]>([
  [
    'all',
    [
      "accepts 'all' is not a list; write 'any', or a list of clusters, trust domains and SPIFFE IDs (identity-accepts)",
    ],
  ],
  [
    [5, 'Partner', 'spiffe://partner.example/', fakeOutput()],
    [
      "accepts[0] is not a trust domain or SPIFFE ID; write a name such as 'partner.example', or an ID such as 'spiffe://partner.example/shop' (identity-accepts)",
      "accepts[1] 'Partner' is not a trust domain or SPIFFE ID; write a name such as 'partner.example', or an ID such as 'spiffe://partner.example/shop' (identity-accepts)",
      "accepts[2] 'spiffe://partner.example/' is not a trust domain or SPIFFE ID; write a name such as 'partner.example', or an ID such as 'spiffe://partner.example/shop' (identity-accepts)",
      "accepts[3] is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (identity-accepts)",
    ],
  ],
])('refused: %p', (accepts, expected) => {
  expect(accepting(untyped(accepts)).findings).toEqual(expected.map((text) => `error [east/identity-web] ${text}`));
});
