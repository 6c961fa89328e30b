import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import { addCheck, addSummary, clusterOf, type FindingInput, readCertificates, setWave, Waves } from '../core';
import { KubeObject } from '../kube';
import { ZTWIM_NAMESPACE } from './names';

/** Where the CAs come from that the operands believe. */
export type TrustedCaSource = 'own' | 'cluster';

/** ConfigMap that the operator mounts into all operands in place of the system's roots. */
const TRUSTED_CA = 'spire-trusted-ca';

/** By this label OpenShift fills in the roots of the system and those that the cluster's Proxy names. */
const INJECT = 'config.openshift.io/inject-trusted-cabundle';

/** What a TrustedCa is made of. */
export interface TrustedCaParts {
  readonly source: TrustedCaSource;
  /** Told once that there is a ConfigMap. Its name is final when the tree is complete. */
  readonly announce: (configMap: () => string) => void;
  /** Trust domains whose bundles are fetched by `https_web`, of whose certificates nothing is known. */
  readonly strangers: () => readonly string[];
}

/**
 * The CAs that the SPIRE server believes when it fetches bundles by `https_web`. It knows no CA per peer: what is mounted
 * here takes the place of the system's roots, so that private and public authorities do not mix, unless OpenShift fills in
 * both (`cluster`).
 *
 * A program in Go reads its roots once. The ConfigMap with `own` roots therefore has a checksum of them in its name: other
 * roots are another name, and so a change of the operands' pods, which starts them anew. What OpenShift fills in changes
 * without that: after a change of the cluster's Proxy, restart the server.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/proxy.go
 */
export class TrustedCa extends Construct {
  private readonly own = new Set<string>();
  private readonly publicUses = new Set<string>();
  private isAnnounced = false;

  constructor(
    scope: Construct,
    id: string,
    private readonly parts: TrustedCaParts,
  ) {
    super(scope, id);
    if (parts.source === 'cluster') this.mount();
    addCheck(this, () => this.findings());
    addSummary(this, () => this.proxyLines());
  }

  /** Root certificates (PEM) beside the system's. */
  get roots(): readonly string[] {
    return [...this.own];
  }

  /** Makes the operands believe a private authority. */
  add(roots: string): void {
    this.own.add(roots.trim());
    if (this.parts.source === 'own') this.mount();
  }

  /** Says that the system's roots are needed too. */
  needsPublic(use: string): void {
    this.publicUses.add(use);
  }

  private get text(): string {
    return `${[...this.own].join('\n')}\n`;
  }

  private get configMap(): string {
    if (this.parts.source === 'cluster') return TRUSTED_CA;
    return `${TRUSTED_CA}-${createHash('sha256').update(this.text).digest('hex').slice(0, 8)}`;
  }

  /** Makes the ConfigMap, anew with every authority: the name of an object does not change. */
  private mount(): void {
    const injected = this.parts.source === 'cluster';
    this.node.tryRemoveChild('config-map');
    const object = new KubeObject(this, 'config-map', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: this.configMap,
        namespace: ZTWIM_NAMESPACE,
        ...(injected && { labels: { [INJECT]: 'true' } }),
      },
      ...(!injected && { data: { 'ca-bundle.crt': this.text } }),
    });
    setWave(object, Waves.certificates);
    if (!this.isAnnounced) this.parts.announce(() => this.configMap);
    this.isAnnounced = true;
  }

  private findings(): FindingInput[] {
    if (this.parts.source === 'cluster' || this.own.size === 0) return [];
    const strangers = this.parts.strangers().map((name) => `the bundle of ${name}`);
    const uses = [...new Set([...this.publicUses, ...strangers])];
    if (uses.length === 0) return [];
    const known = strangers.length > 0 ? '; or let a mesh make what is written by hand, which knows its roots' : '';
    return [
      {
        rule: 'trusted-ca',
        property: 'trustedCa',
        value: this.parts.source,
        message: `puts private authorities in the place of the system's roots, which ${listed(uses)} ${uses.length === 1 ? 'needs' : 'need'}`,
        remedy: `write trustedCa: 'cluster', and name the private authorities in the cluster's Proxy (spec.trustedCA), to whose roots OpenShift adds the system's${known}`,
      },
    ];
  }

  /** What this program cannot write: the ConfigMap that the cluster's Proxy names. */
  private proxyLines(): string[] {
    if (this.parts.source === 'own' || this.own.size === 0) return [];
    const { path } = (clusterOf(this) ?? this).node;
    const subjects = new Set([...this.own].flatMap(subjectsOf));
    return [
      `The Proxy of ${path} must name, in the ConfigMap of its spec.trustedCA, the private authorities:`,
      ...[...subjects].map((subject) => `  ${subject}`),
    ];
  }
}

function subjectsOf(roots: string): string[] {
  const reading = readCertificates(roots);
  if ('message' in reading) return [];
  return reading.certificates.map(
    ({ x509: { subject } }) =>
      /^CN=(.+)$/m.exec(subject ?? '')?.[1] ?? subject?.replaceAll('\n', ', ') ?? 'a CA without a name',
  );
}

const listed = (uses: readonly string[]): string =>
  uses.length < 2 ? uses.join('') : `${uses.slice(0, -1).join(', ')} and ${uses.at(-1)}`;
