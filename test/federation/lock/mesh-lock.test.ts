import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  type LockError,
  MeshLock,
  UpstreamAuthority,
} from '../../../lib';
import { type MeshData, meshFrom, readLock } from '../../../lib/federation';
import { DEMO_ROOT } from '../../core/fixtures-certificates';
import { findings, untyped } from '../../spire/installation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { type Draft, dataOf, draft, NOW } from '../fixtures';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';

afterEach(removeFolders);

const lockOf = (data: MeshData, name = 'mesh') => MeshLock.of(new Map([[name, meshFrom(data)]]));

/** The lock of the good mesh after a change. */
function lockAfter(change: (mesh: Draft) => void): MeshLock {
  const mesh = draft();
  change(mesh);
  return lockOf(dataOf(mesh));
}

test('it is written for people who compare lines: one for each edge, relationship, identity and key', () => {
  expect(lockOf(dataOf(draft())).toString()).toMatchInlineSnapshot(`
"{
  "schema": "spirekit/mesh-lock/v1",
  "digest": "sha256:427b90bb67ee75ce0048fa93332dd9602849f1dda167a21cd8d33f0e51023550",
  "bundles": {
    "sha256:ecc82cf306804c9c4b84db9fdef9e9481fdbe2e15e46dc3be7a386525f386a9b": {
      "trustDomains": ["east.example.org"],
      "notAfter": "2125-01-01T00:00:00Z",
      "keys": [
        { "use": "x509-svid", "fingerprint": "4C:FB:48:AE:E1:EF:F0:A0:B6:5E:C0:43:EB:53:42:F9:A9:C4:C9:BE:3D:70:C1:21:93:E0:5B:E9:DA:1D:A9:72", "notAfter": "2125-01-01T00:00:00Z" }
      ]
    }
  },
  "roots": {
    "sha256:691487742891c00fcd40c6b75840234b00ac95012f749b8392bc835016f5522a": [
      { "subject": "O=Demo, CN=East Root", "fingerprint": "4C:FB:48:AE:E1:EF:F0:A0:B6:5E:C0:43:EB:53:42:F9:A9:C4:C9:BE:3D:70:C1:21:93:E0:5B:E9:DA:1D:A9:72", "notAfter": "2125-01-01T00:00:00Z" }
    ]
  },
  "meshes": {
    "mesh": {
      "members": [
        {
          "name": "partner",
          "platform": "external",
          "trustDomain": "partner.example",
          "endpoint": {
            "url": "https://bundle.partner.example/spiffe.json",
            "profile": "https_web",
            "servedBySpire": false,
            "exposure": "object-store",
            "termination": "passthrough",
            "certificate": {
              "source": "secret",
              "trust": {
                "type": "public"
              }
            },
            "refreshHint": 300
          }
        },
        {
          "name": "prod/east",
          "platform": "kubernetes",
          "trustDomain": "east.example.org",
          "className": "spire",
          "caTtl": 86400,
          "upstream": {
            "roots": "sha256:691487742891c00fcd40c6b75840234b00ac95012f749b8392bc835016f5522a"
          },
          "endpoint": {
            "url": "https://federation.east.example.org:8443/",
            "profile": "https_spiffe",
            "spiffeId": "spiffe://east.example.org/spire/server",
            "servedBySpire": true,
            "exposure": "load-balancer",
            "termination": "passthrough",
            "host": "federation.east.example.org",
            "ports": [8443],
            "refreshHint": 300
          },
          "seed": {
            "bundle": "sha256:ecc82cf306804c9c4b84db9fdef9e9481fdbe2e15e46dc3be7a386525f386a9b"
          },
          "relationships": [
            { "trustDomain": "apps.west.example.org", "url": "https://federation.apps.west.example.org/", "profile": "https_web", "className": "spire", "wave": 50 },
            { "trustDomain": "partner.example", "url": "https://bundle.partner.example/spiffe.json", "profile": "https_web", "className": "spire", "wave": 50 }
          ],
          "identities": [
            { "name": "shop", "federatesWith": ["apps.west.example.org"], "wave": 60 }
          ]
        },
        {
          "name": "prod/west",
          "platform": "openshift",
          "trustDomain": "apps.west.example.org",
          "className": "ztwim",
          "caTtl": 86400,
          "endpoint": {
            "url": "https://federation.apps.west.example.org/",
            "profile": "https_web",
            "servedBySpire": true,
            "exposure": "managed-route",
            "termination": "reencrypt",
            "host": "federation.apps.west.example.org",
            "ports": [443],
            "certificate": {
              "source": "router",
              "dnsNames": ["*.apps.west.example.org"],
              "trust": {
                "type": "public"
              }
            },
            "refreshHint": 300,
            "appsDomain": "apps.west.example.org"
          },
          "relationships": [
            { "trustDomain": "east.example.org", "url": "https://federation.east.example.org:8443", "profile": "https_spiffe", "endpointSpiffeId": "spiffe://east.example.org/spire/server", "className": "ztwim", "bundle": "sha256:ecc82cf306804c9c4b84db9fdef9e9481fdbe2e15e46dc3be7a386525f386a9b", "wave": 50 }
          ],
          "identities": [
            { "name": "billing", "federatesWith": ["east.example.org"], "wave": 60 }
          ]
        }
      ],
      "edges": [
        { "consumer": "prod/east", "provider": "partner", "oneWay": true },
        { "consumer": "prod/east", "provider": "prod/west" },
        { "consumer": "prod/west", "provider": "prod/east" }
      ],
      "seedShelfLife": 2592000
    }
  }
}
"
`);
});

describe('what is written', () => {
  test('holds no certificate, no bundle and no key', () => {
    const text = lockAfter((mesh) => {
      mesh.east.webRoots = [WEST_ROOT];
      mesh.partner.endpoint.certificate = { source: 'secret', trust: { type: 'private', roots: WEST_ROOT } };
    }).toString();
    expect(text).not.toMatch(/BEGIN|x5c|MII/);
    expect(text.match(/[A-Za-z0-9+/=_-]{70,}/g) ?? []).toEqual([]);
  });

  test('does not depend on the order of members, edges, relationships, peers and properties', () => {
    const mixed = draft();
    mixed.east.relationships.reverse();
    mixed.edges.reverse();
    const peers = ['partner.example', 'apps.west.example.org'];
    const both = draft();
    Object.assign(both.east, { identities: [{ name: 'shop', federatesWith: peers, accepts: peers }] });
    const turnedPeers = [...peers].reverse();
    Object.assign(mixed.east, { identities: [{ name: 'shop', federatesWith: turnedPeers, accepts: turnedPeers }] });
    const { members, edges } = dataOf(mixed);
    const turned = members.map((member) => Object.fromEntries(Object.entries(member).reverse())).reverse();
    expect(lockOf({ members: untyped(turned), edges }).toString()).toBe(lockOf(dataOf(both)).toString());
  });

  test('of two relationships with one trust domain, the first stays the first', () => {
    const lock = lockAfter(({ east }) => {
      const [west] = east.relationships;
      if (west)
        east.relationships = [{ ...west, url: 'https://b/' }, ...east.relationships, { ...west, url: 'https://a/' }];
    });
    const east = lock.mesh('mesh')?.member('prod/east');
    expect(east?.relationships?.map(({ url }) => url)).toEqual([
      'https://b/',
      'https://federation.apps.west.example.org/',
      'https://a/',
      'https://bundle.partner.example/spiffe.json',
    ]);
  });

  test('does not depend on how a bundle or a root is written down', () => {
    const original = lockOf(dataOf(draft())).toString();
    const written = lockAfter(({ east, west }) => {
      const seed = JSON.parse(east.seed?.bundle ?? '');
      const text = JSON.stringify({ spiffe_sequence: 7, ...seed, spiffe_refresh_hint: 60 }, null, 4);
      east.seed = { bundle: text };
      if (west.relationships[0]) west.relationships[0].bundle = text;
      east.upstream = { roots: `\r\n  ${EAST_ROOT.replace(/\n/g, '\r\n  ')}` };
    });
    expect(written.toString()).toBe(original);
  });

  test('says of a bundle that cannot be read that it was one, and nothing of its text', () => {
    const text = lockAfter(({ east }) => {
      east.seed = { bundle: 'not a bundle: hunter2' };
    }).toString();
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"trustDomains": ["east.example.org"]');
  });

  test('holds keys of JWT-SVIDs by their names, and the first end of a bundle', () => {
    const bundle = JSON.stringify({
      keys: [
        { use: 'jwt-svid', kty: 'EC', crv: 'P-256', kid: 'authority-b', x: 'x', y: 'y' },
        { use: 'jwt-svid', kty: 'EC', crv: 'P-256', kid: 'authority-a', x: 'x', y: 'y' },
        { use: 'x509-svid', x5c: ['AAAA'] },
        ...[EAST_ROOT, WEST_ROOT].map((pem) => ({ use: 'x509-svid', x5c: [pem.replace(/-----.*-----|\s/g, '')] })),
      ],
    });
    const lock = lockAfter(({ east }) => {
      east.seed = { bundle };
    });
    const { bundles } = JSON.parse(lock.toString());
    expect(bundles[lock.mesh('mesh')?.member('prod/east')?.seed?.bundle ?? '']).toMatchInlineSnapshot(`
{
  "keys": [
    {
      "kid": "authority-a",
      "use": "jwt-svid",
    },
    {
      "kid": "authority-b",
      "use": "jwt-svid",
    },
    {
      "fingerprint": "3A:83:D3:C2:D6:D4:AD:DC:E9:24:64:B6:4A:FE:47:93:91:D3:25:01:3E:B3:68:79:24:06:E2:74:C5:EE:17:57",
      "notAfter": "2125-01-01T00:00:00Z",
      "use": "x509-svid",
    },
    {
      "fingerprint": "4C:FB:48:AE:E1:EF:F0:A0:B6:5E:C0:43:EB:53:42:F9:A9:C4:C9:BE:3D:70:C1:21:93:E0:5B:E9:DA:1D:A9:72",
      "notAfter": "2125-01-01T00:00:00Z",
      "use": "x509-svid",
    },
    {
      "use": "x509-svid",
    },
  ],
  "notAfter": "2125-01-01T00:00:00Z",
  "trustDomains": [
    "east.example.org",
  ],
}
`);
  });

  test('leaves approvals out, which were of the way to it', () => {
    const approved = [{ change: 'edge-added-1f3a9c2e', reason: 'wanted' }];
    const accepted = [{ rule: 'E13', reason: 'changes with the next release' }];
    const lock = lockOf({ ...dataOf(draft()), approved, accepted, budgets: { outage: 60 } });
    expect(lock.toString()).toBe(lockOf({ ...dataOf(draft()), accepted, budgets: { outage: 60 } }).toString());
    expect(lock.mesh('mesh')?.data()).toMatchObject({ accepted, budgets: { outage: 60 } });
  });
});

test('meshes of any name are told apart', () => {
  const names = ['10', '9', 'prod/mesh', '__proto__', 'constructor', '', 'Ä "\n'];
  const lock = MeshLock.of(new Map(names.map((name) => [name, meshFrom(dataOf(draft()))])));
  const read = readLock(lock.toString());
  expect([...read.names].sort()).toEqual([...names].sort());
  expect(names.map((name) => read.mesh(name)?.members.length)).toEqual(names.map(() => 3));
  expect(['toString', 'mesh'].map((name) => read.mesh(name))).toEqual([undefined, undefined]);
  expect(read.toString()).toBe(lock.toString());
});

test('a lock is known as one, also that of another copy of the library', () => {
  const lock = lockOf(dataOf(draft()));
  jest.isolateModules(() => {
    const other = (require('../../../lib/federation') as typeof import('../../../lib/federation')).MeshLock;
    expect(other).not.toBe(MeshLock);
    expect([lock, other.of(new Map())].map((value) => other.is(value) && MeshLock.is(value))).toEqual([true, true]);
  });
  expect([undefined, null, {}, lock.mesh('mesh')?.data()].map((value) => MeshLock.is(value))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

/** Two clusters; east is moved where it is asked for. */
function program(props: Partial<FederationMeshProps>, east = 'east.example.com', id = 'mesh') {
  const app = Testing.app();
  const cluster = (name: string, trustDomain: string, roots: string) =>
    new KubernetesCluster(app, name, {
      trustDomain,
      server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) },
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    });
  const members = [cluster('east', east, DEMO_ROOT), cluster('west', 'west.example.com', WEST_ROOT)];
  const mesh = new FederationMesh(app, id, { now: NOW, members, ...props });
  return { mesh, findings: () => findings(app) };
}

/** A lock file of the two clusters. */
function lockFile(names: readonly string[] = ['mesh']): string {
  const file = join(newFolder(), 'mesh.lock.json');
  writeFileSync(file, MeshLock.of(new Map(names.map((name) => [name, program({}).mesh.model()]))).toString());
  return relative(process.cwd(), file);
}

describe('a program with a lock', () => {
  test('is held to it', () => {
    const previous = MeshLock.fromFile(lockFile());
    expect(program({ previous }).findings()).toEqual([]);
    expect(program({ previous }, 'new.example.com').findings()).toEqual([
      "error [east] trustDomain 'new.example.com' was 'east.example.com': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'east.example.com', or add a member beside it, move the workloads there, and remove this one (E20)",
    ]);
  });

  test('is held to nothing as long as there is no file', () => {
    const previous = MeshLock.fromFile(join(newFolder(), 'mesh.lock.json'));
    expect([previous.isAbsent, previous.names, previous.problem]).toEqual([true, [], undefined]);
    expect(program({ previous }).findings()).toEqual([]);
  });

  test('is told to read the file by what looks at its digest', () => {
    const content = JSON.parse(MeshLock.fromFile(lockFile()).toString());
    const what = (previous: unknown) => program({ previous: untyped(previous) }).findings();
    expect([what(content), what('mesh.lock.json')]).toEqual([
      [
        "error [mesh] previous is what a lock file holds, of which the digest is not looked at then; write MeshLock.fromFile('mesh.lock.json') (mesh-previous)",
      ],
      [
        "error [mesh] previous 'mesh.lock.json' is neither a lock nor the data of a mesh; write MeshLock.fromFile('mesh.lock.json') (property-kind)",
      ],
    ]);
  });

  test('calls the file as it lies below the folder of the process', () => {
    const names = ['lib/mesh.lock.json', '../x/mesh.lock.json', '/x/mesh.lock.json'];
    expect(names.map((name) => MeshLock.fromFile(name).file)).toEqual(names);
    expect(MeshLock.fromFile(join(process.cwd(), 'lib', 'mesh.lock.json')).file).toBe('lib/mesh.lock.json');
  });

  test('is told when its mesh has another name than before', () => {
    const file = lockFile(['mesh', 'other']);
    expect(program({ previous: MeshLock.fromFile(file) }, 'new.example.com', 'federation').findings()).toEqual([
      `warning [federation] previous '${file}' knows no mesh 'federation', whose changes are not looked at then; it knows 'mesh', 'other'; let a mesh that was there keep its name; of a new one 'spirekit lock' writes it, once it is deployed (mesh-previous)`,
    ]);
  });

  test('is told what is wrong with the file, and everything else too', () => {
    const file = lockFile();
    writeFileSync(file, MeshLock.fromFile(file).toString().replace('west.example.com', 'best.example.com'));
    expect(program({ previous: MeshLock.fromFile(file), staticRelationships: untyped('yes') }).findings()).toEqual([
      "error [mesh] staticRelationships 'yes' is not a boolean; write true or false, without quotes (property-kind)",
      `error [mesh] previous '${file}' was changed by hand, or by a program: its digest is of another content; restore it from version control, as it says what is deployed (mesh-previous)`,
    ]);
  });
});

describe('a file that cannot be read', () => {
  const problemOf = (path: unknown): Pick<LockError, 'problem' | 'remedy'> | undefined =>
    MeshLock.fromFile(untyped(path)).problem;

  test.each([
    ['a folder', (folder: string) => folder, 'is a folder', 'name the file in it'],
    ['a device', () => '/dev/zero', 'is no file', 'name a file'],
    ['a folder in a file', lockIn, 'cannot be read (ENOTDIR)', 'make it readable, or name another file'],
    ['no path', () => '', 'has no path', "write MeshLock.fromFile('mesh.lock.json')"],
    ['another kind', () => 7, 'has no path', "write MeshLock.fromFile('mesh.lock.json')"],
    ['an impossible path', () => 'a\0b', 'has no path', "write MeshLock.fromFile('mesh.lock.json')"],
  ])('%s', (_, pathIn, problem, remedy) => {
    expect(problemOf(pathIn(newFolder()))).toMatchObject({ problem, remedy });
  });

  function lockIn(folder: string): string {
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'x', 'file'), '');
    return join(folder, 'x', 'file', 'mesh.lock.json');
  }
});
