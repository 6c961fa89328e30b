import { type Draft, tableOf } from '../fixtures';

const HOUR = 3600;

const west = (caTtl: number, replicas?: number) => (mesh: Draft) => {
  mesh.west.caTtl = caTtl;
  mesh.west.endpoint.refreshHint = 60;
  if (replicas !== undefined) mesh.west.replicas = replicas;
};

test('a server that is alone', () => {
  expect(
    tableOf({
      'whose CA is published for an hour': west(3 * HOUR),
      'whose CA is published for less than an hour': west(3 * HOUR - 60),
      'of which nothing is said': west(2 * HOUR),
      'of which it is said': west(2 * HOUR, 1),
      'below an upstream authority, on plain Kubernetes': ({ east }) => {
        east.caTtl = 2 * HOUR;
      },
      'that signs itself, on plain Kubernetes': (mesh) => {
        west(2 * HOUR)(mesh);
        mesh.west.platform = 'kubernetes';
      },
      'beside others': ({ east }) => {
        Object.assign(east, { caTtl: 2 * HOUR, replicas: 3 });
      },
      'that loses its keys anyway': (mesh) => {
        west(2 * HOUR)(mesh);
        mesh.west.keysInMemory = true;
      },
      'whose lifetime is not known': (mesh) => {
        Object.assign(mesh.west, { caTtl: undefined });
      },
      'of a foreign system': ({ partner }) => {
        partner.caTtl = HOUR;
        partner.endpoint.refreshHint = 60;
      },
      'that nobody believes': (mesh) => {
        west(2 * HOUR)(mesh);
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
      },
    }),
  ).toMatchInlineSnapshot(`
"# whose CA is published for an hour
# whose CA is published for less than an hour
warning W27 [prod/west] caTtl is 2h59m with one server: a CA of 2h59m is published min(2h59m/2, 720h) - min(2h59m/6, 168h) = 59m40s before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen server.caValidity to 3h at least
# of which nothing is said
warning W27 [prod/west] caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen server.caValidity to 3h at least
# of which it is said
warning W27 [prod/west] caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen server.caValidity to 3h at least
# below an upstream authority, on plain Kubernetes
warning W27 [prod/east] caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with JWT keys that 'prod/west' has not seen; lengthen caTtl to 3h at least, or run several servers on one datastore
# that signs itself, on plain Kubernetes
warning W27 [prod/west] caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority
# beside others
# that loses its keys anyway
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' for up to 15s between two fetches + 5s between two questions of an agent = 20s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# whose lifetime is not known
# of a foreign system
# that nobody believes"
`);
});
