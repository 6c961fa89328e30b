import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESTABLISHED } from '../../../lib/synth/plan';
import { mustBeside, runBeside } from './beside';
import { freePort, LiveProcess, sleep } from './process';
import { type RelayLine, startRelay } from './relay';
import type { Outcome } from './run';
import type { Written } from './synthesized';

const CONTROLLERS = 'system:kube-controller-manager';
const ACCOUNTS_KEY = 'accounts.key';
/** Made by the API server itself, with its authority. */
const CERTIFICATE = 'certificates/apiserver.crt';
const AUDIT = 'audit.log';

/** What is written down: the requests of service accounts that are not the control plane's own. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', userGroups: ['system:serviceaccounts:kube-system'] },
    { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
  ],
};

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly apiGroup?: string; readonly resource?: string; readonly subresource?: string };
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number };
}

/**
 * A control plane without nodes, empty and of its own: etcd, kube-apiserver and kube-controller-manager on loopback, on
 * free ports, in a temporary folder. It stores, validates, authorizes and collects garbage; no pod ever runs.
 */
export class ApiServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-api-'));
  private readonly processes: LiveProcess[] = [];
  private readonly relays: LiveProcess[] = [];
  /** Where it listens, on loopback. */
  port = 0;

  private constructor() {}

  /** Starts one, and waits until it makes service accounts. */
  static async start(): Promise<ApiServer> {
    for (let attempt = 1; ; attempt += 1) {
      const server = new ApiServer();
      try {
        await server.run();
        return server;
      } catch (error) {
        await server.end();
        // Someone else was faster: a free port is only free at the moment of the question.
        if (attempt === 3 || !/address already in use/.test(String(error))) throw error;
      }
    }
  }

  /** What a program needs to reach it as an administrator. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: join(this.folder, 'admin.conf'), NO_PROXY: '*' };
  }

  /** What service accounts asked for and may not do, once each: `ACCOUNT may not VERB RESOURCE`. */
  get forbidden(): string[] {
    const refused = this.requests.filter(({ responseStatus }) => responseStatus?.code === 403);
    const texts = refused.map(({ user, verb, objectRef = {}, requestURI }) => {
      const { resource, subresource, apiGroup } = objectRef;
      const type = [resource, subresource].filter(Boolean).join('/') || requestURI;
      return `${accountOf(user)} may not ${verb} ${apiGroup === undefined ? type : `${type}.${apiGroup}`}`;
    });
    return [...new Set(texts)].sort();
  }

  /** Service accounts that have asked for something, as `NAMESPACE:NAME`. */
  get accounts(): string[] {
    return [...new Set(this.requests.map(({ user }) => accountOf(user)))].sort();
  }

  private get requests(): AuditEvent[] {
    const lines = readFileSync(join(this.folder, AUDIT), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as AuditEvent);
  }

  /** kubectl that must succeed. */
  kubectl(...args: string[]): Promise<string> {
    return mustBeside('kubectl', args, { env: this.env });
  }

  /** kubectl that may fail, with a text on standard input. */
  tryKubectl(args: readonly string[], input?: string): Promise<Outcome> {
    return runBeside('kubectl', args, { env: this.env, input });
  }

  /** Shows objects to the API server, strictly; it makes them unless told otherwise. */
  apply(text: string, ...args: string[]): Promise<Outcome> {
    return this.tryKubectl(['apply', '--server-side', '--validate=strict', '-f', '-', ...args], text);
  }

  /** File in which connections to it arrive from other networks, once open() was called. */
  get socket(): { readonly path: string } {
    return { path: join(this.folder, 'api.sock') };
  }

  /** Lets connections in by its file. */
  open(): Promise<void> {
    return this.relay([[this.socket, { host: '127.0.0.1', port: this.port }]]);
  }

  /** Passes connections on where it stands, such as those that it makes to Services. */
  async relay(lines: readonly RelayLine[]): Promise<void> {
    if (lines.length === 0) return;
    this.relays.push(await startRelay(lines));
  }

  /** Makes objects that someone else would have made, and waits until their types are served. */
  async make(objects: readonly object[]): Promise<void> {
    if (objects.length === 0) return;
    const outcome = await this.apply(documentsOf(objects));
    if (outcome.status !== 0) throw new Error(outcome.text);
    await this.untilServed(objects as readonly Written[]);
  }

  /** Waits until the types are served that objects define. */
  async untilServed(objects: readonly Written[]): Promise<void> {
    const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(({ metadata }) => metadata.name);
    if (crds.length === 0) return;
    for (const it of ESTABLISHED)
      await this.kubectl('wait', `--for=${it}`, '--timeout=60s', ...crds.map((name) => `crd/${name}`));
  }

  /** API groups that are served; that of the oldest kinds has no name. */
  async groups(): Promise<ReadonlySet<string>> {
    const { groups } = JSON.parse(await this.kubectl('get', '--raw', '/apis')) as { groups: { name: string }[] };
    return new Set(['', ...groups.map(({ name }) => name)]);
  }

  /** The garbage collector learns of new types every 30 seconds, and at its start; without it, foreground deletion waits. */
  async restartControllers(): Promise<void> {
    await this.processes.pop()?.end();
    this.startControllers();
  }

  /** Ends the programs, the last one first, and removes what they kept. */
  async end(): Promise<void> {
    for (const process of [...this.processes.splice(0), ...this.relays.splice(0)].reverse()) await process.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
    this.port = port;
    const etcd = `http://127.0.0.1:${client}`;
    const tokens = { admin: randomUUID(), controllers: randomUUID() };
    const certificate = join(this.folder, CERTIFICATE);
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = this.file(ACCOUNTS_KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const verifier = this.file('accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }));
    const users = [`${tokens.admin},admin,1,system:masters`, `${tokens.controllers},${CONTROLLERS},2`];
    for (const [name, token] of Object.entries(tokens)) {
      this.file(`${name}.conf`, JSON.stringify(kubeconfig(`https://127.0.0.1:${port}`, certificate, token)));
    }

    this.start('etcd', [
      ...[`--data-dir=${join(this.folder, 'etcd')}`, '--unsafe-no-fsync', '--log-level=warn'],
      ...[`--listen-client-urls=${etcd}`, `--advertise-client-urls=${etcd}`],
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
    ]);
    this.start('kube-apiserver', [
      ...[`--etcd-servers=${etcd}`, `--cert-dir=${dirname(certificate)}`],
      ...['--bind-address=127.0.0.1', `--secure-port=${port}`],
      // The Service 'kubernetes' cannot lead to loopback.
      ...['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
      `--service-cluster-ip-range=${serviceRange(port)}`,
      ...['--authorization-mode=RBAC', `--token-auth-file=${this.file('tokens.csv', users.join('\n'))}`],
      ...['--service-account-issuer=https://kubernetes.default.svc', `--service-account-key-file=${verifier}`],
      ...[`--service-account-signing-key-file=${key}`, '--allow-privileged=true'],
      // Without it clients list what they watch, as with API servers of old, and need both rights.
      '--feature-gates=WatchList=false',
      `--audit-policy-file=${this.file('audit-policy.json', JSON.stringify(AUDIT_POLICY))}`,
      `--audit-log-path=${this.file(AUDIT, '')}`,
    ]);
    await this.until(() => existsSync(certificate));
    await this.until(async () => (await this.tryKubectl(['get', '--raw', '/readyz'])).stdout === 'ok');
    this.startControllers();
    const made = ['-n', 'default', 'get', 'serviceaccount/default', 'configmap/kube-root-ca.crt'];
    await this.until(async () => (await this.tryKubectl(made)).status === 0);
  }

  private startControllers(): void {
    const path = (name: string) => join(this.folder, name);
    this.start('kube-controller-manager', [
      ...[`--kubeconfig=${path('controllers.conf')}`, '--leader-elect=false', '--secure-port=0'],
      ...['--use-service-account-credentials=true', `--service-account-private-key-file=${path(ACCOUNTS_KEY)}`],
      ...[`--root-ca-file=${path(CERTIFICATE)}`, '--kube-api-qps=300', '--kube-api-burst=600'],
      // No kubelet says that a Node is alive; the pods on it would be evicted.
      '--controllers=*,-node-lifecycle-controller',
    ]);
  }

  private file(name: string, text: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** No proxy of the machine: what cannot be reached must not be answered by someone else. */
  private start(program: string, args: readonly string[]): void {
    this.processes.push(new LiveProcess(program, args, { env: { NO_PROXY: '*' } }));
  }

  /** Waits for a condition for as long as all programs run. */
  private async until(isMet: () => boolean | Promise<boolean>, seconds = 120): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await isMet())) {
      const ended = this.processes.find(({ status }) => status !== null);
      if (ended) throw new Error(`ended with ${ended.status}:\n${ended.text}`);
      if (Date.now() > end) throw new Error(`not up within ${seconds} s:\n${this.processes.at(-1)?.text}`);
      await sleep(100);
    }
  }
}

/**
 * Objects as documents of one text. Not as a List: kubectl would validate that by itself, with less knowledge than the server
 * has.
 */
export const documentsOf = (objects: readonly object[]): string =>
  objects.map((it) => JSON.stringify(it)).join('\n---\n');

const accountOf = ({ username }: AuditEvent['user']): string => username.replace('system:serviceaccount:', '');

/**
 * ClusterIPs are addresses of loopback, so that a test can answer at them as kube-proxy would. The range is that of
 * the server's port, which is one of the system's ephemeral ones, so that servers side by side share none.
 */
function serviceRange(port: number): string {
  const index = port & 0x7fff;
  return `127.${128 + (index >> 8)}.${index & 255}.0/24`;
}

function kubeconfig(server: string, certificate: string, token: string): object {
  const name = 'apiserver';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
}
