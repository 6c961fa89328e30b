import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { NAMES, type Name } from '../cluster/federated-clusters';
import { eventuallyBeside } from '../support/beside';
import { freePort, LiveProcess } from '../support/process';
import { progress } from '../support/progress';
import { type Fault, OF_CLUSTERS, OF_TRUST } from './planted-faults';
import { at, TwoProfiles } from './two-profiles';
import { VerifyAccount } from './verify-account';
import { short, troubles, VERIFY, type Verified, type VerifyReport, verify, verifyJson } from './verify-command';

// What is wrong is named as what it is, and nothing else: faults that are planted in a healthy federation, and whatever keeps the
// command from seeing it.

let world: TwoProfiles;
/** File with the mesh as the program has it. */
let mesh: string;
/** A run before there is any server. */
let halfInstalled: VerifyReport;

const bad = ({ verdicts }: VerifyReport): string[] => verdicts.filter(({ state }) => state !== 'ok').map(short);

const healthy = (seconds: number) =>
  eventuallyBeside(seconds, 'a federation without findings', async () => {
    const { code, report } = await verifyJson([mesh], world.env);
    if (bad(report).length > 0) throw new Error(troubles(report).join('\n'));
    expect(code).toBe(0);
    return report;
  });

beforeAll(async () => {
  world = new TwoProfiles();
  await world.installDefinitions();
  mesh = await world.prove();
  halfInstalled = (await verifyJson([mesh], world.env)).report;
  await world.install();
  await healthy(180);
});

afterAll(async () => {
  for (const [name, cluster] of world?.clusters.all ?? []) cluster.keepLogs(name, 'spire-server', 'spire-system');
  await world?.run('sh dist/remove.sh');
  await world?.end();
});

test('of what is installed by half, the missing server is told, and all else is not seen', () => {
  const wrong = halfInstalled.verdicts.filter(({ state }) => state === 'error');
  expect(wrong.map((verdict) => `${short(verdict)}: ${verdict.evidence}`)).toEqual(
    NAMES.map((name) => `V02 ${name}: error: there is no SPIRE server at all`),
  );
  const others = halfInstalled.verdicts.filter(({ check }) => check !== 'V01' && check !== 'V02');
  expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['unseen']));
  expect(troubles(halfInstalled).join('\n')).not.toContain('broke off');
});

describe('what cannot be seen', () => {
  /** Accepts connections, and says nothing. */
  let silent: Server;
  let blind: Verified & { report: VerifyReport };
  let barred: Verified & { report: VerifyReport };
  let other: Verified & { report: VerifyReport };
  let none: Verified;
  let account: VerifyAccount | undefined;

  const run = async (...args: string[]) => {
    const verified = await verify([...args, '--json'], world.env);
    return { ...verified, report: JSON.parse(verified.stdout || 'null') as VerifyReport };
  };

  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    const mute = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port));
    });
    const closed = await freePort();
    const server = (port: number) => ({ server: `https://127.0.0.1:${port}` });
    const unreachable = world.kubeconfigWith('unreachable.json', ({ clusters }) => {
      at(clusters, 'east').cluster = server(closed);
      at(clusters, 'west').cluster = server(mute);
    });
    const gone = world.kubeconfigWith('gone.json', ({ clusters }) => {
      for (const each of clusters) each.cluster = server(closed);
    });
    const tokens = { east: await limitedToken(), west: await endedToken() };
    const limited = world.kubeconfigWith('limited.json', (config) => {
      for (const name of ['east', 'west'] as const) at(config.users, name).user = { token: tokens[name] };
      config.contexts = config.contexts.filter(({ name }) => name !== 'lab');
    });
    const another = world.meshWith('another.json', ({ members }) => {
      at(members, 'east').trustDomain = 'other.example.com';
    });
    [blind, barred] = await Promise.all([
      run(mesh, '--kubeconfig', unreachable, '--wait', '20s'),
      run(mesh, '--kubeconfig', limited),
    ]);
    [other, none] = await Promise.all([run(another), verify([mesh, '--kubeconfig', gone], world.env)]);
  });

  afterAll(async () => {
    silent?.close();
    await account?.remove();
  });

  /** Of an account with all that `--print-rbac` prints, but for commands in pods. */
  async function limitedToken(): Promise<string> {
    account = await VerifyAccount.of(world, [mesh], (manifests) => {
      const fewer = manifests.replaceAll('      - pods/exec\n', '');
      expect(fewer).not.toBe(manifests);
      return fewer;
    });
    return account.token('east');
  }

  /** Of an account that is not there any more. */
  async function endedToken(): Promise<string> {
    const west = world.clusters.of('west');
    await west.kubectlBeside('create', 'serviceaccount', 'ended');
    const token = (await west.kubectlBeside('create', 'token', 'ended')).trim();
    await west.kubectlBeside('delete', 'serviceaccount', 'ended');
    return token;
  }

  const of = ({ verdicts }: VerifyReport, name: Name) => verdicts.filter(({ member }) => member === name);
  const first = (report: VerifyReport, name: Name) => of(report, name).find(({ check }) => check === 'V01');

  test('clusters that nobody reaches: each says why, within its time, and the others are looked at', () => {
    const { code, report } = blind;
    expect(code).toBe(1);
    expect(first(report, 'east')?.what).toMatch(/is not reachable: nothing listens there \(ECONNREFUSED\)$/);
    expect(first(report, 'west')?.what).toMatch(/within 20 s/);
    for (const name of ['east', 'west'] as const) {
      expect(new Set(of(report, name).map(({ state }) => state))).toEqual(new Set(['unseen']));
    }
    // What the peers have themselves is to be compared with.
    expect(
      of(report, 'lab')
        .filter(({ state }) => state !== 'ok')
        .map(short),
    ).toEqual(['V24 lab believes east: unseen', 'V24 lab believes west: unseen']);
  });

  test('no cluster at all: it could not be done', () => {
    expect(none.code).toBe(2);
    expect(none.stdout).toContain('nothing listens there (ECONNREFUSED)');
  });

  test('without the right to run commands in pods, exactly the documented checks are not seen', () => {
    const missed = of(barred.report, 'east').filter(({ state }) => state !== 'ok');
    expect(new Set(missed.map(({ state }) => state))).toEqual(new Set(['unseen']));
    expect([...new Set(missed.map(({ check }) => check))]).toEqual([
      ...['V13', 'V14', 'V15', 'V17', 'V18', 'V19', 'V23', 'V24'],
    ]);
    for (const { what, causes } of missed) {
      expect(what).toContain('pods/exec');
      expect(causes.join()).toMatch(/--print-rbac|^$/);
    }
  });

  test('credentials that are not accepted any more, and a member without a context', () => {
    const { code, report } = barred;
    expect(code).toBe(1);
    expect(first(report, 'west')?.what).toMatch(/does not accept the credentials .*; they may have expired$/);
    expect(first(report, 'lab')?.what).toMatch(
      /^there is no context 'lab' in .*; name one by --context lab=CONTEXT, of /,
    );
    for (const name of ['west', 'lab'] as const) {
      expect(new Set(of(report, name).map(({ state }) => state))).toEqual(new Set(['unseen']));
    }
  });

  test('a mesh that is not that of the clusters: the server of another trust domain is named', () => {
    const { code, report } = other;
    expect(code).toBe(1);
    const [found, ...more] = of(report, 'east').filter(({ state, peer }) => state === 'error' && peer === undefined);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      check: 'V02',
      what: 'no SPIRE server of trust domain other.example.com runs there',
      evidence: 'StatefulSet spire-server/spire-server: east.example.com',
    });
    expect(troubles(report).join('\n')).not.toContain('broke off');
  });
});

/** What belongs to a fault and is not found, or not as what it is. */
function lacking({ verdicts }: VerifyReport, { found }: Fault): string[] {
  return Object.entries(found).flatMap(([name, patterns]) => {
    const whats = verdicts.filter((verdict) => short(verdict) === name).map(({ what }) => what);
    const isFound =
      whats.length === patterns.length && patterns.every((pattern, index) => pattern.test(whats[index] ?? ''));
    return isFound ? [] : [`${name}: ${whats.join(' | ')}`];
  });
}

/** What is found and belongs to no fault. */
const surplus = (report: VerifyReport, faults: readonly Fault[]): string[] =>
  bad(report).filter((each) => !faults.some(({ found }) => each in found));

/** What else is looked at, when one fault is planted, and when all are. */
interface Looks {
  readonly afterFirst?: () => Promise<void>;
  readonly whilePlanted?: () => Promise<void>;
}

/** Plants faults at the same time; what is found then is exactly what belongs to each. */
function planted(faults: readonly Fault[], { afterFirst, whilePlanted }: Looks = {}): void {
  let report: VerifyReport;
  let code: number | null;

  beforeAll(async () => {
    try {
      for (const [index, fault] of faults.entries()) {
        progress(`planted: ${fault.what}`);
        await fault.plant(world);
        if (index === 0) await afterFirst?.();
      }
      await eventuallyBeside(120, 'the findings', async () => {
        ({ report, code } = await verifyJson([mesh], world.env));
        const wrongs = [...faults.flatMap((fault) => lacking(report, fault)), ...surplus(report, faults)];
        if (wrongs.length > 0) throw new Error(wrongs.join('\n'));
      }).catch((error) => progress(String(error))); // which test fails says what is missing
      await whilePlanted?.();
    } finally {
      progress('mended');
      await Promise.all([...faults].reverse().map((fault) => fault.mend(world)));
    }
  });

  test.each(faults.map((fault) => [fault.what, fault] as const))('%s', (_, fault) => {
    expect(lacking(report, fault)).toEqual([]);
    for (const { causes, next } of report.verdicts.filter((verdict) => short(verdict) in fault.found)) {
      expect(causes.length).toBeGreaterThan(0);
      expect(next).toMatch(/^(?:kubectl|curl) [^{}]+$/);
    }
  });

  test('nothing else is found', () => {
    expect(code).toBe(1);
    expect(surplus(report, faults)).toEqual([]);
  });

  test('all is well again when they are mended', async () => {
    await healthy(180);
  });
}

/** What is the same in every run. */
const stable = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/\d+ fetches were good, and \d+ failed/g, 'COUNTS');

describe('trust', () => {
  let watching: LiveProcess;
  let said = '';

  beforeAll(async () => {
    watching = new LiveProcess(process.execPath, [...VERIFY, mesh, '--watch', '10s'], {
      env: { KUBECONFIG: world.clusters.kubeconfig },
    });
    await watching.says(/ {2}none, \d+ ok; looking again every 10 s\n/, 60);
  });

  planted(OF_TRUST, {
    async afterFirst() {
      await eventuallyBeside(60, 'the findings of the first', async () => {
        ({ stdout: said } = await verify([mesh], world.env));
        if (!said.includes('\nFindings: 4 errors,')) throw new Error(said);
      }).catch((error) => progress(String(error)));
    },
    async whilePlanted() {
      // The same clusters, held to a mesh in which the deleted relationship is none: the bundle stays, and is found.
      const without = world.meshWith('without.json', (data) => {
        data.edges = data.edges.filter(({ consumer, provider }) => consumer !== 'west' || provider !== 'lab');
        const west = at(data.members, 'west');
        west.relationships = west.relationships.filter(({ trustDomain }) => trustDomain !== 'lab.example.com');
      });
      const { report } = await verifyJson([without], world.env);
      const [left, ...more] = report.verdicts.filter((verdict) => /^V\d+ west: (?!ok)/.test(short(verdict)));
      expect(more).toEqual([]);
      expect(left).toMatchObject({
        check: 'V18',
        what: 'still holds the bundle of lab.example.com, with which it has no relationship',
        next: expect.stringMatching(/ bundle delete -id spiffe:\/\/lab\.example\.com -mode restrict$/),
      });
      await watching.says(/ {2}error {4}V18 {2}west: \S+ spire-server\/spire-server: holds the bundle of lab/, 60);
    },
  });

  test('docs/verify.md shows what is said of the first', () => {
    const [, documented] =
      /^\$ spirekit verify mesh\.json\n(.*?)^```$/ms.exec(readFileSync('docs/verify.md', 'utf8')) ?? [];
    expect(stable(said)).toBe(stable(documented ?? ''));
  });

  test('--watch has told of each as it came, and as it went', async () => {
    const came =
      /^\S+Z {2}error {4}V21 {2}west believes lab: .*no ClusterFederatedTrustDomain names lab\.example\.com$/m;
    expect(watching.text).toMatch(came);
    await watching.says(/^\S+Z {2}(?:ok {5}|gone {3}) {2}V21 {2}west believes lab: /m, 60);
    await watching.says(/^\S+Z {2}(?:ok {5}|gone {3}) {2}V18 {2}west: /m, 60);
    process.kill(watching.pid, 'SIGINT');
    expect(await watching.exit(30)).toBe(130);
  });
});

describe('clusters', () => {
  planted(OF_CLUSTERS);
});
