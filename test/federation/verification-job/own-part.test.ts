import { type Member, meshFrom } from '../../../lib/federation';
import { ownPart } from '../../../lib/federation/verification-job/own-part';

const endpoint = (name: string): Member['endpoint'] => ({
  url: `https://${name}.example.com/`,
  profile: 'https_web',
  servedBySpire: true,
  exposure: 'other',
  termination: 'passthrough',
});

const mesh = meshFrom({
  members: [
    {
      name: 'east',
      platform: 'kubernetes',
      trustDomain: 'east.example.com',
      className: 'spire',
      upstream: { roots: 'PEM' },
      webRoots: ['PEM'],
      seed: { bundle: '{}' },
      endpoint: endpoint('east'),
      relationships: [
        {
          path: 'east/federation/west.example.com',
          trustDomain: 'west.example.com',
          url: 'https://west.example.com/',
          profile: 'https_web',
          bundle: '{}',
        },
      ],
      identities: [{ name: 'web', federatesWith: ['west.example.com'] }],
    },
    {
      name: 'west',
      platform: 'kubernetes',
      trustDomain: 'west.example.com',
      endpoint: endpoint('west'),
      seed: { bundle: '{}' },
      identities: [{ name: 'payments', federatesWith: [] }],
    },
    { name: 'lab', platform: 'kubernetes', trustDomain: 'lab.example.com', endpoint: endpoint('lab') },
  ],
  edges: [
    { consumer: 'east', provider: 'west' },
    { consumer: 'west', provider: 'east' },
    { consumer: 'lab', provider: 'east' },
  ],
});

test('a member knows itself, and where the bundles of those lie whom it believes', () => {
  expect(ownPart(mesh, 'east')).toEqual({
    members: [
      {
        name: 'east',
        platform: 'kubernetes',
        trustDomain: 'east.example.com',
        className: 'spire',
        endpoint: endpoint('east'),
        relationships: [{ trustDomain: 'west.example.com', url: 'https://west.example.com/', profile: 'https_web' }],
        identities: [{ name: 'web', federatesWith: ['west.example.com'] }],
      },
      { name: 'west', platform: 'external', trustDomain: 'west.example.com', endpoint: endpoint('west') },
    ],
    edges: [{ consumer: 'east', provider: 'west', oneWay: true }],
  });
});

test('who believes nobody is alone', () => {
  const { members, edges } = ownPart(meshFrom({ ...mesh.data(), edges: [] }), 'lab');
  expect([members.map(({ name }) => name), edges]).toEqual([['lab'], []]);
});

test('the part is a mesh that the command reads', () => {
  expect(() => meshFrom(ownPart(mesh, 'east'))).not.toThrow();
});
