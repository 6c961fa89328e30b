import { X509Bundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { type FoundWay, type GivenWay, wayTo } from '../../../lib/cli/bundle/ways';
import { BundleFolder, type Endpoint, type Member, meshFrom } from '../../../lib/federation';
import { authorityOf, published } from '../../federation/bundles/fixtures';
import { WEB_ROOT } from '../../federation/fixtures-certificates';
import { DataAccess } from '../../verify/data-access';

const WEST = TrustDomain.parse('west.example.com');
const HUB = 'hub.example.com';
const URL = 'https://federation.west.example.com/';
const authority = authorityOf(WEST);

const member = (endpoint: Partial<Endpoint>, rest: Partial<Member> = {}): Member => ({
  name: 'west',
  platform: 'kubernetes',
  trustDomain: WEST.name,
  endpoint: {
    url: URL,
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'other',
    termination: 'passthrough',
    ...endpoint,
  },
  ...rest,
});
const folder = BundleFolder.at('test/nowhere');
const way = (west: Member | undefined, given: GivenWay = {}, ...others: readonly Member[]): FoundWay =>
  wayTo(WEST, west, given, { folder, mesh: meshFrom({ members: [...(west ? [west] : []), ...others], edges: [] }) });

describe('what the federation declares', () => {
  test('the Web PKI, and a private one', () => {
    expect(way(member({}))).toEqual({ way: { by: 'web', url: URL } });
    const trust = { type: 'private', roots: WEB_ROOT } as const;
    expect(way(member({ certificate: { source: 'secret', trust } }))).toEqual({
      way: { by: 'web', url: URL, roots: WEB_ROOT },
    });
    // Nobody believes it, and no option changes that.
    expect(way(member({ certificate: { source: 'acme', trust: { type: 'staging' } } }))).toEqual({
      way: { by: 'web', url: URL },
    });
  });

  test('a SPIFFE ID, by the bundle of the program', () => {
    const endpoint = { profile: 'https_spiffe', spiffeId: 'spiffe://west.example.com/other' } as const;
    const seed = { bundle: published(authority).toString() };
    expect(way(member(endpoint, { seed }))).toEqual({
      way: { by: 'spiffe', url: URL, endpointId: endpoint.spiffeId, bundle: authority.x509Bundle() },
    });
    expect(way(member(endpoint))).toEqual({
      message: "proves itself by the bundle of 'west.example.com', of which none is known here yet",
      remedy:
        'name its cluster by --context, pin it by --sha256, or give a bundle of it that is known by --bundle FILE',
    });
  });

  test('of another trust domain, whose bundle it takes', () => {
    const endpoint = { profile: 'https_spiffe', spiffeId: `spiffe://${HUB}/server` } as const;
    const hub = authorityOf(HUB);
    const found = way(
      member(endpoint),
      {},
      { name: 'hub', platform: 'external', trustDomain: HUB, seed: { bundle: hub.bundle().toString() } },
    );
    expect(found).toEqual({ way: { by: 'spiffe', url: URL, endpointId: endpoint.spiffeId, bundle: hub.x509Bundle() } });
    expect(way(member(endpoint, { seed: { bundle: published(authority).toString() } }))).toMatchObject({
      message: "proves itself by the bundle of 'hub.example.com', of which none is known here yet",
    });
  });

  test('no endpoint', () => {
    expect(way({ name: 'west', platform: 'external', trustDomain: WEST.name })).toMatchObject({
      message: 'has no bundle endpoint in the federation',
    });
    expect(way(undefined)).toMatchObject({ message: 'is fetched from nowhere' });
  });
});

describe('what is given goes before', () => {
  const spiffe = member({ profile: 'https_spiffe', spiffeId: 'spiffe://west.example.com/spire/server' });
  const sha256 = 'ab'.repeat(32);

  test('another URL, of which nothing else that is declared holds', () => {
    const url = 'https://other.example.com';
    expect(way(spiffe, { url })).toEqual({ way: { by: 'web', url } });
    expect(
      way(member({ certificate: { source: 'secret', trust: { type: 'private', roots: WEB_ROOT } } }), { url }),
    ).toEqual({ way: { by: 'web', url } });
  });

  test('authorities, for an endpoint that is declared otherwise', () => {
    expect(way(spiffe, { roots: WEB_ROOT })).toEqual({ way: { by: 'web', url: URL, roots: WEB_ROOT } });
  });

  test('a pin, at the endpoint with its ID', () => {
    expect(way(spiffe, { sha256 })).toEqual({
      way: { by: 'pin', url: URL, sha256, endpointId: 'spiffe://west.example.com/spire/server' },
    });
    expect(way(undefined, { url: URL, sha256 })).toEqual({ way: { by: 'pin', url: URL, sha256 } });
  });

  test('a bundle in either form, and the ID that SPIRE has', () => {
    const bundle = authority.x509Bundle();
    for (const bytes of [Buffer.from(bundle.toPem()), Buffer.from(published(authority).toString())]) {
      const found = way(undefined, { url: URL, bundle: bytes });
      expect(found).toEqual({
        way: {
          by: 'spiffe',
          url: URL,
          endpointId: 'spiffe://west.example.com/spire/server',
          bundle: X509Bundle.of(WEST, bundle.authorities),
        },
      });
    }
    expect(way(undefined, { url: URL, bundle: Buffer.from('<html>') })).toEqual({
      message: 'is verified by a bundle that is a web page (HTML or XML), no bundle',
      remedy: 'look whether the URL is that of the bundle, and whether a login or an error page answers',
    });
  });

  test('an ID that is none', () => {
    expect(way(undefined, { url: URL, endpointId: 'west' })).toMatchObject({
      message: expect.stringContaining("has an endpoint with 'west', which is no SPIFFE ID: "),
      remedy: 'write one by --spiffe-id',
    });
  });

  test('its cluster', () => {
    const access = new DataAccess('west', {});
    const place = { namespace: 'spire', configMap: 'spire-bundle' };
    expect(wayTo(WEST, spiffe, {}, { folder, access })).toEqual({ way: { by: 'cluster', access } });
    expect(wayTo(WEST, undefined, { place }, { folder, access })).toEqual({ way: { by: 'cluster', access, place } });
  });
});
