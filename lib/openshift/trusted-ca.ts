import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { addCheck, type FindingInput, setWave, Waves } from '../core';
import { KubeObject } from '../kube';
import { ZTWIM_NAMESPACE } from './names';

/** Where the CAs come from that the operands believe. */
export type TrustedCaSource = 'own' | 'cluster';

/** ConfigMap that the operator mounts into all operands in place of the system's roots. */
const TRUSTED_CA = 'spire-trusted-ca';

/** By this label OpenShift fills in the roots of the system and those that the cluster's Proxy names. */
const INJECT = 'config.openshift.io/inject-trusted-cabundle';

/**
 * The CAs that the SPIRE server believes when it fetches bundles by `https_web`. It knows no CA per peer: what is mounted
 * here takes the place of the system's roots, so that private and public authorities do not mix, unless OpenShift fills in
 * both (`cluster`).
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/proxy.go
 */
export class TrustedCa extends Construct {
  private readonly own = new Set<string>();
  private readonly publicUses = new Set<string>();
  private object: KubeObject | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly source: TrustedCaSource,
    private readonly announce: (configMap: string) => void,
  ) {
    super(scope, id);
    if (source === 'cluster') this.mount();
    addCheck(this, () => this.findings());
  }

  /** Root certificates (PEM) beside the system's. */
  get roots(): readonly string[] {
    return [...this.own];
  }

  /** Makes the operands believe a private authority. */
  add(roots: string): void {
    this.own.add(roots.trim());
    this.mount();
  }

  /** Says that the system's roots are needed too. */
  needsPublic(use: string): void {
    this.publicUses.add(use);
  }

  private mount(): void {
    if (this.object) return;
    const injected = this.source === 'cluster';
    this.object = new KubeObject(this, 'config-map', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: TRUSTED_CA,
        namespace: ZTWIM_NAMESPACE,
        ...(injected && { labels: { [INJECT]: 'true' } }),
      },
      ...(!injected && {
        data: { 'ca-bundle.crt': Lazy.any({ produce: () => `${[...this.own].join('\n')}\n` }) },
      }),
    });
    setWave(this.object, Waves.certificates);
    this.announce(TRUSTED_CA);
  }

  private findings(): FindingInput[] {
    if (this.source === 'cluster' || this.own.size === 0 || this.publicUses.size === 0) return [];
    return [
      {
        rule: 'trusted-ca',
        property: 'trustedCa',
        value: this.source,
        message: `puts private authorities in the place of the system's roots, which ${[...this.publicUses].join(' and ')} needs`,
        remedy:
          "write trustedCa: 'cluster', and name the private authorities in the cluster's Proxy (spec.trustedCA), to whose roots OpenShift adds the system's",
      },
    ];
  }
}
