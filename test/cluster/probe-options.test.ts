import { SpiffeId } from '@spirekit/runtime/id';
import { Duration as StockDuration } from 'cdk8s';
import type { GiveIdentityOptions } from '../../lib/cluster';
import { readProbeOptions } from '../../runtime/src/programs/probe/probe-options';
import { fakeOutput } from '../core/fixtures';
import { find, findings, podOf, untyped } from '../spire/installation';
import { IMAGE, newShop, plain, podGiven, said } from './program-image';

/** A readiness probe, and what the probe itself reads from its command. */
function probed(options: Omit<GiveIdentityOptions, 'image'>) {
  const { cluster, shop } = newShop();
  cluster.federation.addStaticPeer({
    trustDomain: 'partner.example',
    url: 'https://partner.example',
    profile: 'https_web',
  });
  cluster.giveIdentity(plain(shop), { ...options, image: IMAGE });
  expect(findings(cluster)).toEqual([]);
  const { readinessProbe } = podOf(find(cluster, 'Deployment', 'web')).spec.containers[0];
  const [node, runtime, program, ...args] = readinessProbe.exec.command;
  expect([node, runtime, program]).toEqual([IMAGE.programs.node, IMAGE.programs.runtime, 'probe']);
  // Kubernetes makes one dollar of two.
  return { ...readinessProbe, read: readProbeOptions(args.map((word: string) => word.replaceAll('$$', '$'))) };
}

test('a probe without options looks whether there is an identity', () => {
  const [container] = podGiven({ image: IMAGE, probe: {} }).containers;
  expect(container.readinessProbe).toMatchInlineSnapshot(`
{
  "exec": {
    "command": [
      "/usr/local/bin/node",
      "/app/spirekit/runtime.cjs",
      "probe",
    ],
  },
  "failureThreshold": 3,
  "periodSeconds": 10,
  "timeoutSeconds": 5,
}
`);
  expect(container).not.toHaveProperty('livenessProbe');
  expect(container).not.toHaveProperty('startupProbe');
});

test('every option is one that the probe reads', () => {
  const { read, timeoutSeconds, periodSeconds } = probed({
    federatesWith: ['partner.example'],
    probe: {
      minRemaining: '5m',
      bundles: ['partner.example', 'demo.example.com'],
      dial: { address: 'db.shop.svc:5432', expect: SpiffeId.parse('spiffe://partner.example/db') },
      audience: '-$(HOME) $$',
      hint: 'internal',
      timeout: StockDuration.millis(4500),
      period: '30s',
    },
  });
  expect({ ...read, expect: String(read.expect), bundle: read.bundle.map(String) }).toEqual({
    socket: undefined,
    hint: 'internal',
    timeout: 4500,
    minRemaining: 300_000,
    bundle: ['partner.example', 'demo.example.com'],
    dial: { host: 'db.shop.svc', port: 5432 },
    expect: 'spiffe://partner.example/db',
    audience: '-$(HOME) $$',
  });
  expect([timeoutSeconds, periodSeconds]).toEqual([7, 30]);
});

test('the hint is that of the identity unless it says another', () => {
  expect(probed({ hint: 'main', probe: {} }).read.hint).toBe('main');
  expect(probed({ hint: 'main', probe: { hint: 'other' } }).read.hint).toBe('other');
});

test('kubelet waits for longer than the probe, and does not ask sooner than it may be answered', () => {
  const { timeoutSeconds, periodSeconds } = probed({ probe: { timeout: '1m' } });
  expect([timeoutSeconds, periodSeconds]).toEqual([62, 62]);
});

test('kinds: each has what it needs to be patient', () => {
  const dial = { address: '127.0.0.1:8443', expect: 'spiffe://demo.example.com/ns/shop/sa/default' };
  const [container] = podGiven({ image: IMAGE, probe: { startup: {}, liveness: { dial }, readiness: {} } }).containers;
  const { startupProbe, livenessProbe, readinessProbe } = container;
  expect(
    [startupProbe, livenessProbe, readinessProbe].map(({ periodSeconds, failureThreshold }) => [
      periodSeconds,
      failureThreshold,
    ]),
  ).toEqual([
    [10, 30],
    [60, 10],
    [10, 3],
  ]);
});

test('peers that are known late are taken as they are', () => {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(plain(shop), {
    image: IMAGE,
    federatesWith: [untyped(fakeOutput())],
    probe: { bundles: ['partner.example'] },
  });
  expect(findings(cluster)).toEqual([]);
});

test('refused', () => {
  const image = IMAGE;
  const text = [
    { probe: {} },
    { image, probe: true },
    { image, probe: [] },
    { image, probe: fakeOutput() },
    { image, probe: { timeouts: '3s' } },
    { image, probe: { readiness: {}, timeout: '3s' } },
    { image, probe: { liveness: {} } },
    { image, probe: { startup: 'yes' } },
    { image, probe: { timeout: '1d' } },
    { image, probe: { timeout: '0s', period: '1500ms', minRemaining: '1us' } },
    { image, probe: { timeout: '2h', period: '0s', minRemaining: -1 } },
    { image, probe: { audience: '', hint: 7, container: fakeOutput() } },
    { image, probe: { bundles: 'partner.example' } },
    { image, probe: { bundles: ['partner.example', 'Bad!', {}, null] } },
    { image, probe: { dial: 'db:5432' } },
    { image, probe: { dial: { address: 'db:5432' } } },
    { image, probe: { dial: { expect: 'spiffe://demo.example.com/db' } } },
    { image, probe: { dial: { address: 'db', expect: 'demo.example.com/db', port: 5432 } } },
    { image, probe: { dial: { address: 'db:0', expect: 'spiffe://partner.example/db' } } },
    { image, probe: { dial: { address: fakeOutput(), expect: 'spiffe://demo.example.com/db' } } },
  ].map((options) => said(options));
  expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] probe has no image to run from; set image, such as to a WorkloadImage (identity-image)
error [demo/shop/web] probe true is not an object; write its properties in braces (property-kind)
error [demo/shop/web] probe [] is not an object; write its properties in braces (property-kind)
error [demo/shop/web] probe is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (identity-probe)
error [demo/shop/web] probe.timeouts is not a property; write one of container, minRemaining, bundles, dial, audience, hint, timeout, period (property-unknown)
error [demo/shop/web] probe.timeout is not a property; write one of readiness, startup, liveness (property-unknown)
warning [demo/shop/web] probe.liveness asks the agent alone, and a restart of the container does not mend what is wrong with the agent's answer; add dial with the container's own server, or write readiness (identity-probe)
error [demo/shop/web] probe.startup 'yes' is not an object; write its properties in braces (property-kind)
error [demo/shop/web] probe.timeout '1d' has the unit 'd', which Go does not know; write hours (identity-probe)
error [demo/shop/web] probe.minRemaining '1us' is not a whole number of milliseconds; write it in ms (identity-probe)
error [demo/shop/web] probe.timeout '0s' is too short; write at least '1ms' (identity-probe)
error [demo/shop/web] probe.period '1s500ms' is not a whole number of seconds; write it in s (identity-probe)
error [demo/shop/web] probe.minRemaining -1 is not text; write a number with a unit, such as '1h30m' (identity-probe)
error [demo/shop/web] probe.timeout '2h' is longer than an hour; write at most '1h' (identity-probe)
error [demo/shop/web] probe.period '0s' is too short; write at least '1s' (identity-probe)
error [demo/shop/web] probe.container is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (identity-probe)
error [demo/shop/web] probe.audience '' is empty; write it, or leave it out (identity-probe)
error [demo/shop/web] probe.hint 7 is not text; write it in quotes (identity-probe)
error [demo/shop/web] probe.bundles 'partner.example' is not a list of peers; write ['partner.example'] (identity-probe)
error [demo/shop/web] probe.bundles[0] 'partner.example' is a trust domain that the identity gets no bundle of, so that the probe could never succeed; add it to federatesWith (identity-probe)
error [demo/shop/web] probe.bundles[1] 'Bad!' is not a peer; write a name such as 'partner.example', or pass the cluster (identity-probe)
error [demo/shop/web] probe.bundles[2] is not a peer; write a name such as 'partner.example', or pass the cluster (identity-probe)
error [demo/shop/web] probe.bundles[3] is not a peer; write a name such as 'partner.example', or pass the cluster (identity-probe)
error [demo/shop/web] probe.dial 'db:5432' is not an object; write { address: 'db.shop.svc:5432', expect: 'spiffe://…' } (identity-probe)
error [demo/shop/web] probe.dial.expect is missing; write { address: 'db.shop.svc:5432', expect: 'spiffe://…' } (identity-probe)
error [demo/shop/web] probe.dial.address is missing; write { address: 'db.shop.svc:5432', expect: 'spiffe://…' } (identity-probe)
error [demo/shop/web] probe.dial.port is not a property; write one of address, expect (identity-probe)
error [demo/shop/web] probe.dial.expect 'demo.example.com/db' is not a SPIFFE ID; write one such as 'spiffe://demo.example.com/ns/shop/sa/payments' (identity-probe)
error [demo/shop/web] probe.dial.address 'db' is not an address; write host and port, such as 'db.shop.svc:5432' (identity-probe)
error [demo/shop/web] probe.dial.expect 'spiffe://partner.example/db' is of a trust domain that the identity gets no bundle of, so that the probe could never succeed; add it to federatesWith (identity-probe)
error [demo/shop/web] probe.dial.address 'db:0' is not an address; write host and port, such as 'db.shop.svc:5432' (identity-probe)
error [demo/shop/web] probe.dial.address is known only at deployment (a Pulumi Output); write plain text (identity-probe)"
`);
});

describe('how long the SVID has to be valid still', () => {
  const finding = (minRemaining: string, ttl?: string) =>
    said({ image: IMAGE, probe: { minRemaining }, ...(ttl !== undefined && { ttl }) });

  test.each([
    ['15m', '30m'],
    ['20m', undefined],
    ['30h', '48h'],
  ])('%s of a ttl of %s', (minRemaining, ttl) => {
    expect(finding(minRemaining, ttl)).toBe('');
  });

  test('is no longer than until it is renewed', () => {
    expect(finding('20m', '30m')).toMatchInlineSnapshot(
      `"error [demo/shop/web] probe.minRemaining '20m' is longer than half of the ttl, 30m, after which an SVID is renewed, so that pods would not stay ready; write a shorter time, or a longer ttl (identity-probe)"`,
    );
  });
});

test('a startup probe beside the one that cdk8s-plus adds by itself', () => {
  const container = {
    name: 'main',
    image: IMAGE.image,
    startupProbe: { tcpSocket: { port: 8443 }, failureThreshold: 3 },
  };
  expect(said({ image: IMAGE, probe: { startup: {} } }, { containers: [container] })).toMatchInlineSnapshot(
    `"error [demo/shop/web] containers.main.startupProbe is there already, and a container has no second one; leave it out, or probe.startup (cdk8s-plus adds one to a container with portNumber, and none to one with ports) (identity-probe)"`,
  );
});
