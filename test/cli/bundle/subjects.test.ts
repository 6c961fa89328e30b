import { membersInNeed, membersNamed, namedSubjects, needsSeed } from '../../../lib/cli/bundle/subjects';
import { type Endpoint, type Member, type MeshData, meshFrom } from '../../../lib/federation';
import { missingBundle } from '../../../lib/registration';
import { authorityOf, published } from '../../federation/bundles/fixtures';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file } from '../fixtures';

afterEach(removeFolders);

const endpoint = (name: string, profile: Endpoint['profile']): Endpoint => ({
  url: `https://federation.${name}.example.com/`,
  profile,
  servedBySpire: true,
  exposure: 'other',
  termination: 'passthrough',
});
const member = (name: string, rest: Partial<Member> = {}): Member => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example.com`,
  endpoint: endpoint(name, 'https_spiffe'),
  ...rest,
});
const believing = (providers: readonly string[]): MeshData['edges'] =>
  providers.map((provider) => ({ consumer: 'east', provider, oneWay: true }));
const seed = { bundle: published(authorityOf('roots.example.com')).toString() };

const mesh = meshFrom({
  members: [
    member('east'),
    member('bare'),
    member('broken', { seed: { bundle: missingBundle({ message: 'is not there', remedy: 'fetch it' }) } }),
    member('roots', { seed }),
    member('web', { endpoint: endpoint('web', 'https_web') }),
    { name: 'deaf', platform: 'external', trustDomain: 'deaf.example.com' },
    member('invalid', { trustDomain: 'Not a name' }),
  ],
  edges: believing(['bare', 'broken', 'roots', 'web', 'deaf', 'invalid']),
});

const namesOf = (folder: string) => membersInNeed(mesh, folder).map(({ trustDomain }) => trustDomain.name);

test('who begins with nothing, and whom the folder has already', () => {
  const folder = newFolder();
  expect(namesOf(folder)).toEqual(['bare.example.com', 'broken.example.com']);
  file(folder, 'web.example.com.0123456789abcdef.json', '');
  file(folder, 'east.example.com.0123456789abcdef.json', '');
  file(folder, 'deaf.example.com.0123456789abcdef.json', '');
  expect(namesOf(folder)).toEqual(['east.example.com', 'bare.example.com', 'broken.example.com', 'web.example.com']);
  expect(namesOf('/nowhere')).toEqual(['bare.example.com', 'broken.example.com']);
});

test('a Job that fetches it needs none in the program, unless others begin with one', () => {
  const bare = member('bare');
  const relationship = { trustDomain: bare.trustDomain, url: 'https://x', profile: 'https_spiffe' } as const;
  const east = (...relationships: NonNullable<Member['relationships']>) => member('east', { relationships });
  const needs = (...members: readonly Member[]) =>
    needsSeed(
      meshFrom({ members, edges: members.slice(1).map(({ name }) => ({ consumer: name, provider: 'bare' })) }),
      bare,
    );
  expect(needs(bare, east({ ...relationship, firstBundle: 'web' }))).toBe(false);
  expect(needs(bare, east(relationship))).toBe(true);
  expect(needs(bare, east({ ...relationship, firstBundle: 'web' }), { ...east(relationship), name: 'west' })).toBe(
    true,
  );
});

test('by name or by trust domain, each once', () => {
  expect(
    membersNamed(mesh, ['web', 'bare.example.com', 'web.example.com', 'web']).map(({ member: it }) => it?.name),
  ).toEqual(['web', 'bare']);
  expect(() => membersNamed(mesh, ['wep'])).toThrow("'wep' is no member of the federation; did you mean 'web'?");
  expect(() => membersNamed(mesh, ['invalid'])).toThrow(/^'Not a name' is no trust domain: /);
});

test('without a federation', () => {
  expect(namedSubjects(['a', 'b', 'a']).map(({ trustDomain }) => trustDomain.name)).toEqual(['a', 'b']);
  expect(() => namedSubjects(['A'])).toThrow(/^'A' is no trust domain: /);
});
