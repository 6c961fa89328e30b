import fc from 'fast-check';
import { LockError, type Member, type MeshData, MeshLock, meshFrom, readLock } from '../../../lib/federation';
import { draft } from '../fixtures';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';

const name = fc.oneof(fc.constantFrom('east', 'west', 'prod/east', '__proto__', '7'), fc.string({ maxLength: 8 }));
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const seconds = fc.integer({ min: 1, max: 1e9 });
const pem = fc.constantFrom(EAST_ROOT, WEST_ROOT, `${WEST_ROOT}${EAST_ROOT}`, 'no certificate');
const bundle = fc.oneof(
  fc.constantFrom(draft().east.seed?.bundle ?? '', '{"keys":[]}', '{"keys":[null,7]}', '[]', ''),
  fc.json({ maxDepth: 2 }),
  fc.string({ maxLength: 20 }),
);
const profile = fc.constantFrom('https_web' as const, 'https_spiffe' as const);

const relationship = fc.record(
  {
    trustDomain: name,
    url: name,
    profile,
    endpointSpiffeId: name,
    className: name,
    bundle,
    wave: fc.integer(),
    path: name,
  },
  { requiredKeys: ['trustDomain', 'url', 'profile'] },
);
const identity = fc.record(
  {
    name,
    federatesWith: fc.array(name, { maxLength: 3 }),
    accepts: fc.oneof(fc.constant('any' as const), fc.array(name, { maxLength: 2 })),
    catchAll: fc.boolean(),
  },
  { requiredKeys: ['name', 'federatesWith'] },
);
const member: fc.Arbitrary<Member> = fc.record(
  {
    name,
    platform: fc.constantFrom('kubernetes' as const, 'openshift' as const, 'external' as const),
    trustDomain: name,
    caTtl: seconds,
    replicas: fc.nat(),
    upstream: fc.record({ roots: pem, notAfter: fc.integer() }, { requiredKeys: [] }),
    seed: fc.record({ bundle, notAfter: fc.integer() }, { requiredKeys: ['bundle'] }),
    webRoots: fc.array(pem, { maxLength: 3 }),
    relationships: fc.array(relationship, { maxLength: 4 }),
    identities: fc.array(identity, { maxLength: 3 }),
  },
  { requiredKeys: ['name', 'platform', 'trustDomain'] },
);
const meshData: fc.Arbitrary<MeshData> = fc.record(
  {
    members: fc.array(member, { maxLength: 4 }),
    edges: fc.array(fc.record({ consumer: name, provider: name, oneWay: some(fc.boolean()) }), { maxLength: 5 }),
    seedShelfLife: seconds,
    sharedRoots: fc.constant('accepted' as const),
    budgets: fc.record({ blastRadius: fc.nat(), outage: seconds }, { requiredKeys: [] }),
  },
  { requiredKeys: ['members', 'edges'] },
);
const lock = fc
  .array(fc.tuple(name, meshData), { maxLength: 3 })
  .map((meshes) => MeshLock.of(new Map(meshes.map(([path, data]) => [path, meshFrom(data)]))));

test('whatever is written is read again as the same', () => {
  fc.assert(
    fc.property(lock, (written) => {
      const text = written.toString();
      const read = readLock(text);
      expect(read.toString()).toBe(text);
      expect(read.digest).toBe(written.digest);
      const meshes = (of: MeshLock) => of.names.map((path) => [path, of.mesh(path)?.data()]);
      expect(meshes(read)).toEqual(meshes(written));
    }),
  );
});

test('a lock of what a lock holds is the same', () => {
  fc.assert(
    fc.property(lock, (written) => {
      const again = MeshLock.of(
        new Map(
          written.names.map((path) => [path, meshFrom(written.mesh(path)?.data() ?? { members: [], edges: [] })]),
        ),
      );
      const meshesIn = (text: string): unknown => JSON.parse(text).meshes;
      expect(meshesIn(again.toString())).toEqual(meshesIn(written.toString()));
    }),
  );
});

/** A mesh without what a digest stands for, and without order. */
function withoutTexts(value: unknown, name = ''): unknown {
  if (['bundle', 'roots'].includes(name)) return '…';
  if (name === 'webRoots') return (value as unknown[]).length;
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(withoutTexts(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, withoutTexts(item, key)]);
}

test('nothing is lost but bundles, roots and the order', () => {
  fc.assert(
    fc.property(meshData, (data) => {
      const mesh = meshFrom(data);
      expect(mesh.misfits).toEqual([]);
      const read = readLock(MeshLock.of(new Map([['mesh', mesh]])).toString()).mesh('mesh');
      expect(withoutTexts(read?.data())).toEqual(withoutTexts(mesh.data()));
    }),
  );
});

test('cut anywhere it is no lock', () => {
  fc.assert(
    fc.property(lock, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, part) => {
      const text = written.toString();
      const cut = text.slice(0, Math.floor(part * (text.length - 1)));
      expect(() => readLock(cut)).toThrow(LockError);
    }),
  );
});

test('with another character anywhere it is no lock, or the same', () => {
  fc.assert(
    fc.property(lock, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (written, at, character) => {
      const text = written.toString();
      const index = at % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      try {
        // White space more or less is all that it may be.
        expect(readLock(changed).toString()).toBe(text);
      } catch (error) {
        if (!(error instanceof LockError)) throw error;
      }
    }),
  );
});

test('any text at all is a lock or none, and nothing else happens', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"schema":"spirekit/mesh-lock/v1","meshes":${json}}`),
      ),
      (text) => {
        expect(() => readLock(text)).toThrow(LockError);
      },
    ),
  );
});
