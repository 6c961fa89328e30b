import { Duration as Cdk8sDuration } from 'cdk8s';
import { WebTrust } from '../../lib/cert-manager';
import {
  BundleEndpoint,
  Exposure,
  federationHost,
  type KubernetesExposure,
  type OpenShiftExposure,
  readEndpoint,
  urlOf,
} from '../../lib/cluster';
import { Duration, describe as describeFinding } from '../../lib/core';
import { fakeOutput } from '../core/fixtures';
import { untyped } from '../spire/installation';

const HOST = federationHost('demo.example.com');

/** What is used of an endpoint, and what is said of it. */
function read(options: object, host = HOST): string[] {
  const { host: used, refreshHint, findings } = readEndpoint(BundleEndpoint.httpsSpiffe(untyped(options)), host);
  return [`${used} ${refreshHint}`, ...findings.map((finding) => `${describeFinding(finding)} (${finding.rule})`)];
}

test('defaults', () => {
  expect(read({})).toEqual(['federation.demo.example.com 5m']);
  expect(read({ host: undefined, refreshHint: null, seed: null, dnsRecord: undefined })).toEqual([
    'federation.demo.example.com 5m',
  ]);
});

test.each(['1m', '60s', '1h', '3600000ms', '1.5m', Cdk8sDuration.minutes(10)])(
  'a refresh hint of %s is taken',
  (hint) => {
    expect(read({ refreshHint: hint })).toHaveLength(1);
  },
);

test('a platform may take longer hints', () => {
  const day = (hint: string): string[] => {
    const endpoint = BundleEndpoint.httpsSpiffe({ refreshHint: hint });
    const { refreshHint, findings } = readEndpoint(endpoint, HOST, Duration.hours(24));
    return [`${refreshHint}`, ...findings.map(describeFinding)];
  };
  expect(day('6h')).toEqual(['6h']);
  expect(day('24h')).toEqual(['24h']);
  expect(day('25h')).toEqual([
    '5m',
    "bundleEndpoint.refreshHint '25h' is not a whole number of seconds from a minute to 24h; write a time such as '5m'",
  ]);
});

describe('an IP address as host', () => {
  const host = '203.0.113.7';
  const said = (endpoint: BundleEndpoint<KubernetesExposure | OpenShiftExposure>): string[] => {
    const { host: used, findings } = readEndpoint(endpoint, HOST);
    return [used, ...findings.map((finding) => `${describeFinding(finding)} (${finding.rule})`)];
  };

  test('goes where nothing looks at the name', () => {
    for (const exposure of [undefined, Exposure.loadBalancer(), Exposure.other({ port: 443 })]) {
      expect(said(BundleEndpoint.httpsSpiffe({ host, ...(exposure && { exposure }) }))).toEqual([host]);
    }
  });

  test.each([
    Exposure.ingress({ annotations: { a: 'b' } }),
    Exposure.tlsRoute({ gateway: { name: 'edge' } }),
    Exposure.route(),
    Exposure.managedRoute(),
  ])('does not go with SNI: %j', (exposure) => {
    const found = [
      'federation.invalid',
      `bundleEndpoint.host '203.0.113.7' is an IP address, and an exposure of type '${exposure.type}' finds the server by a ` +
        "DNS name (SNI); write a DNS name such as 'federation.example.com' (bundle-endpoint-host)",
    ];
    expect(said(BundleEndpoint.httpsSpiffe({ host, exposure }))).toEqual(found);
    expect(said(BundleEndpoint.httpsWeb({ host, exposure, secretName: 'tls', trust: WebTrust.public() }))).toEqual(
      found,
    );
  });

  test('does not go with certificates of the web', () => {
    expect(said(BundleEndpoint.httpsWeb({ host, secretName: 'tls', trust: WebTrust.public() }))).toEqual([
      'federation.invalid',
      "bundleEndpoint.host '203.0.113.7' is an IP address, and a certificate of https_web is for a DNS name; write a DNS " +
        "name such as 'federation.example.com', or make it with BundleEndpoint.httpsSpiffe() (bundle-endpoint-host)",
    ]);
  });
});

describe('one mistake, one finding, and a stand-in', () => {
  /** The one finding about each of several mistakes. */
  const findingsOf = (mistakes: readonly object[], used: string): string =>
    mistakes
      .map((options) => {
        const [first, ...findings] = read(options);
        expect([first, findings.length]).toEqual([used, 1]);
        return findings[0];
      })
      .join('\n');

  test('the host', () => {
    const hosts = [
      7,
      '',
      'federation',
      'https://federation.example.com',
      'federation.example.com:8443',
      'federation.my_domain.example',
      '10.0.0',
      `${'a'.repeat(64)}.example.com`,
      fakeOutput(),
    ];
    const mistakes = hosts.map((host) => ({ host }));
    expect(findingsOf(mistakes, 'federation.invalid 5m')).toMatchInlineSnapshot(`
"bundleEndpoint.host 7 is not text; write a host name such as 'federation.example.com' (bundle-endpoint-host)
bundleEndpoint.host '' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host 'federation' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host 'https://federation.example.com' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host 'federation.example.com:8443' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host 'federation.my_domain.example' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host '10.0.0' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
bundleEndpoint.host is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-host)"
`);
  });

  test('the refresh hint', () => {
    const hints = ['59s', '2h', '90500ms', '1 day', '1d', 300, fakeOutput()];
    const mistakes = hints.map((refreshHint) => ({ refreshHint }));
    expect(findingsOf(mistakes, 'federation.demo.example.com 5m')).toMatchInlineSnapshot(`
"bundleEndpoint.refreshHint '59s' is not a whole number of seconds from a minute to an hour; write a time such as '5m' (refresh-hint)
bundleEndpoint.refreshHint '2h' is not a whole number of seconds from a minute to an hour; write a time such as '5m' (refresh-hint)
bundleEndpoint.refreshHint '90500ms' is not a whole number of seconds from a minute to an hour; write a time such as '5m' (refresh-hint)
bundleEndpoint.refreshHint '1 day' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (refresh-hint)
bundleEndpoint.refreshHint '1d' has the unit 'd', which Go does not know; write hours (refresh-hint)
bundleEndpoint.refreshHint 300 is not text; write a number with a unit, such as '1h30m' (refresh-hint)
bundleEndpoint.refreshHint is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (refresh-hint)"
`);
  });

  test('seed, DNS record, and what is no property', () => {
    const mistakes = [
      { seed: { keys: [] } },
      { seed: fakeOutput() },
      { dnsRecord: 'yes' },
      { dnsRecord: fakeOutput() },
      { hots: 'federation.example.com' },
      { certificate: { secretName: 'tls' } },
      { issuer: {} },
    ];
    expect(findingsOf(mistakes, 'federation.demo.example.com 5m')).toMatchInlineSnapshot(`
"bundleEndpoint.seed {"keys":[]} is not text; write the JSON of the bundle as one text (property-kind)
bundleEndpoint.seed is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (property-kind)
bundleEndpoint.dnsRecord 'yes' is not a boolean; write true or false, without quotes (property-kind)
bundleEndpoint.dnsRecord is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (property-kind)
bundleEndpoint.hots is not a property; write one of host, refreshHint, exposure, seed, dnsRecord (property-unknown)
bundleEndpoint.certificate is not a property; write one of host, refreshHint, exposure, seed, dnsRecord (property-unknown)
bundleEndpoint.issuer is not a property; write one of host, refreshHint, exposure, seed, dnsRecord (property-unknown)"
`);
  });
});

test('a trust domain with an underscore has no default host', () => {
  expect(read({}, federationHost('my_domain.example'))).toEqual([
    'federation.invalid 5m',
    "bundleEndpoint.host 'federation.my_domain.example' is the default, by the trust domain's name, and no host name has an " +
      "underscore; write host, such as 'federation.my-domain.example' (bundle-endpoint-host)",
  ]);
  const [used] = read({ host: 'federation.example.com' }, federationHost('my_domain.example'));
  expect(used).toBe('federation.example.com 5m');
});

test('https_web: the properties of the certificate are known', () => {
  const endpoint = BundleEndpoint.httpsWeb(untyped({ secretName: 'tls', trust: {}, hots: 'x' }));
  expect(readEndpoint(endpoint, HOST).findings.map(describeFinding)).toEqual([
    'bundleEndpoint.hots is not a property; write one of host, refreshHint, exposure, seed, dnsRecord, issuer, duration, ' +
      'renewBefore, acme, secretName, trust, router',
  ]);
});

test.each([
  [443, 'https://federation.demo.example.com'],
  [8443, 'https://federation.demo.example.com:8443'],
])('the URL at port %i is %s', (port, url) => {
  expect(urlOf({ host: HOST, port })).toBe(url);
});
