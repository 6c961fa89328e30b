import { execFileSync } from 'node:child_process';
import { meshFrom, type PlanTask, ShellWords } from '../../../lib/federation';
import { clusterOf, problemOf } from './fixtures';

const mesh = meshFrom({
  members: [
    clusterOf('east', ['west']),
    clusterOf('prod/west', [], { platform: 'openshift' }),
    clusterOf('odd', [], {
      server: { namespace: 'two-server', workload: 'statefulset/two-server', container: 'spire-server' },
    }),
  ],
  edges: [],
});

const said = (task: PlanTask, options = {}) => new ShellWords(mesh, options).commandOf(task);

const SERVER = {
  east: 'kubectl --context east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server',
  west: 'kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server',
};

test.each([
  [{ type: 'server', member: 'east', args: ['bundle', 'list'] }, `${SERVER.east} bundle list`],
  [{ type: 'server', member: 'prod/west', args: ['bundle', 'list'] }, `${SERVER.west} bundle list`],
  [
    { type: 'server', member: 'odd', args: ['healthcheck'], server: 1 },
    'kubectl --context odd -n two-server exec two-server-1 -c spire-server -- /opt/spire/bin/spire-server healthcheck',
  ],
  [
    {
      type: 'server',
      member: 'east',
      args: ['bundle', 'set', '-id', 'spiffe://a', '-format', 'spiffe'],
      input: 'BUNDLE',
    },
    `printf '%s\\n' "$BUNDLE" | ${SERVER.east.replace('exec', 'exec -i')} bundle set -id spiffe://a -format spiffe`,
  ],
  [
    { type: 'server', member: 'east', args: ['x', '$KEPT'], keeps: { name: 'NEXT' } },
    `NEXT=$(${SERVER.east} x "$KEPT")`,
  ],
  [
    { type: 'kubectl', member: 'east', args: ['get', 'pods', '-o', "jsonpath={.items[?(@.a=='b')]}"] },
    "kubectl --context east get pods -o 'jsonpath={.items[?(@.a=='\\''b'\\'')]}'",
  ],
  [{ type: 'install', member: 'prod/west', waves: [50] }, 'WAVES=50 sh dist/prod-west/install.sh --context prod/west'],
  [{ type: 'install', member: 'east', waves: [60, 70] }, "WAVES='60 70' sh dist/east/install.sh --context east"],
  [{ type: 'command', words: ['spirekit', 'verify', '--image', '$IMAGE'] }, 'npx spirekit verify --image "$IMAGE"'],
  [{ type: 'command', words: ['dig', 'east.example'] }, 'dig east.example'],
  [{ type: 'program', text: 'change it' }, undefined],
  [{ type: 'tell', member: 'east', text: 'do it' }, undefined],
] as const satisfies readonly (readonly [PlanTask, string | undefined])[])('%j', (task, command) => {
  expect(said(task)).toBe(command);
});

test('contexts and the folder of manifests may have other names', () => {
  const options = { contexts: new Map([['east', "admin's east"]]), folder: 'out put' };
  expect(said({ type: 'kubectl', member: 'east', args: ['get', 'pods'] }, options)).toBe(
    "kubectl --context 'admin'\\''s east' get pods",
  );
  expect(said({ type: 'install', member: 'east', waves: [50] }, options)).toBe(
    "WAVES=50 sh 'out put/east/install.sh' --context 'admin'\\''s east'",
  );
  expect(said({ type: 'kubectl', member: 'odd', args: ['version'] }, options)).toBe('kubectl --context odd version');
});

describe('commands of spirekit', () => {
  const options = {
    contexts: new Map([
      ['east', 'admin@east'],
      ['odd', 'odd'],
    ]),
    app: 'npx tsx main.ts',
    lock: 'deployed/mesh.lock.json',
  };

  test.each([
    ['verify --check V18', "verify --check V18 --app 'npx tsx main.ts' --context east=admin@east"],
    ['lock', "lock --app 'npx tsx main.ts' --lock deployed/mesh.lock.json"],
    ['bundle check', "bundle check --app 'npx tsx main.ts'"],
    ['bundle fetch a.example --sha256 $DIGEST', `bundle fetch a.example --sha256 "$DIGEST" --app 'npx tsx main.ts'`],
    ['bundle fetch a.example --context east --replace', 'bundle fetch a.example --context admin@east --replace'],
    ['bundle fetch a.example --context prod/west', 'bundle fetch a.example --context prod/west'],
    ['image build', 'image build'],
  ])('%s', (words, command) => {
    expect(said({ type: 'command', words: ['spirekit', ...words.split(' ')] }, options)).toBe(
      `npx spirekit ${command}`,
    );
  });
});

test('a name that looks like something kept is a name', () => {
  const options = { contexts: new Map([['east', '$HOME']]) };
  expect(said({ type: 'kubectl', member: 'east', args: ['get', '$KEPT'] }, options)).toBe(
    `kubectl --context '$HOME' get "$KEPT"`,
  );
  expect(said({ type: 'install', member: 'east', waves: [50] }, options)).toBe(
    "WAVES=50 sh dist/east/install.sh --context '$HOME'",
  );
});

test('a context of nobody', () => {
  expect(problemOf(() => new ShellWords(mesh, { contexts: new Map([['esat', 'x']]) }))).toBe(
    "there is no member 'esat' that a context could be of; did you mean 'east'?",
  );
});

describe('what is kept of what SPIRE prints', () => {
  // As SPIRE 1.15.3 prints it, with other keys.
  const SHOWN =
    '{"active":{"authority_id":"a1","expires_at":"1","upstream_authority_subject_key_id":"u1"},"old":{"authority_id":"o1","expires_at":"1","upstream_authority_subject_key_id":""},"prepared":null}';
  const PREPARED =
    '{"prepared_authority":{"authority_id":"p1","expires_at":"1","upstream_authority_subject_key_id":""}}';
  const BUNDLE =
    '{"jwt_authorities":[{"expires_at":"1","key_id":"j1","public_key":"x","tainted":true},{"expires_at":"2","key_id":"j2","public_key":"y","tainted":false}],"refresh_hint":"300","sequence_number":"4","trust_domain":"east.example","wit_authorities":[{"expires_at":"1","key_id":"w1","public_key":"x","tainted":false}],"x509_authorities":[{"asn1":"MII+a/=","tainted":false},{"asn1":"MIIb","tainted":true},{"asn1":"MIIc","tainted":false}]}';

  /** What a shell has in the variable, when the command prints the text. */
  function kept(path: string, printed: string): string {
    const command = said({ type: 'server', member: 'east', args: [], keeps: { name: 'KEPT', path } }) ?? '';
    const script = `kubectl() { printf '%s\\n' "$PRINTED"; }\n${command}\nprintf %s "$KEPT"`;
    return execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { ...process.env, PRINTED: printed } });
  }

  test.each([
    ['active.authority_id', SHOWN, 'a1'],
    ['old.authority_id', SHOWN, 'o1'],
    ['active.upstream_authority_subject_key_id', SHOWN, 'u1'],
    ['prepared_authority.authority_id', PREPARED, 'p1'],
    ['x509_authorities.-1.asn1', BUNDLE, 'MIIc'],
    ['x509_authorities.tainted=true.asn1', BUNDLE, 'MIIb'],
    ['jwt_authorities.-1.key_id', BUNDLE, 'j2'],
    ['jwt_authorities.tainted=true.key_id', BUNDLE, 'j1'],
    ['jwt_authorities.key_id=j2.public_key', BUNDLE, 'y'],
    ['trust_domain', BUNDLE, 'east.example'],
  ])('%s', (path, printed, value) => {
    expect(kept(path, printed)).toBe(value);
  });

  test.each([
    ['prepared.authority_id', SHOWN],
    ['prepared_authority.authority_id', SHOWN],
    ['x509_authorities.-1.asn1', '{"x509_authorities":[]}'],
  ])('%s is empty where it is not there', (path, printed) => {
    expect(kept(path, printed)).toBe('');
  });
});
