import { addTo, byText, isObject, pushTo, sha256 } from '../../core';
import { bundleFileName } from '../../federation';
import { type AnyManifest, apiGroupOf } from '../../kube';
import type { PlanStep } from '../plan';
import { ambiguousNames } from './name-patterns';

/** Folder of the bundles, beside those of the clusters. */
export const BUNDLES = 'bundles';

/** The ConfigMap through which Kustomize passes bundles on; it is never part of what is built. */
const CONFIG_MAP = 'spirekit-bundles';

const GROUP = 'spire.spiffe.io';
const KIND = 'ClusterFederatedTrustDomain';
const FIELD = 'trustDomainBundle';

/** Longest trust domain in a file's name, or a key, which are shorter than trust domains may be. */
const LONGEST = 200;

/** A relationship whose bundle lies in a file. */
interface Use {
  readonly name: string;
  readonly trustDomain: string;
  readonly text: string;
}

/**
 * The first bundles of a federation, each once: N clusters that begin with each other's would have N−1 copies of each in
 * their manifests. All waves are given, before it is asked for anything.
 */
export class SharedBundles {
  /** Texts by trust domain: mostly one. */
  private readonly texts = new Map<string, Set<string>>();
  private readonly uses = new Map<PlanStep, Use[]>();

  /**
   * The objects of a wave without the bundles that are files now.
   *
   * @param manifests all of the wave
   */
  without(step: PlanStep, manifests: readonly AnyManifest[]): AnyManifest[] {
    // Kustomize takes names for patterns since 5.8. Where one fits another relationship, too, the bundle stays where it is:
    // nobody may be believed by the keys of another.
    const names = manifests.filter(isRelationship).map(({ metadata }) => metadata?.name ?? '');
    const ambiguous = ambiguousNames(names);
    return manifests.map((manifest) => {
      const bundle = bundleOf(manifest);
      if (bundle === undefined || ambiguous.has(manifest.metadata?.name ?? '')) return manifest;
      return this.take(step, manifest, bundle);
    });
  }

  /** What the kustomization of a wave has to say to get its bundles. */
  fields(step: PlanStep): { readonly resources: string[]; readonly replacements?: object[] } {
    const uses = this.uses.get(step);
    if (!uses) return { resources: [] };
    return {
      resources: [`../../${BUNDLES}`],
      replacements: uses.map((use) => replacementOf(use.name, this.keyOf(use))),
    };
  }

  /** The files: text by path relative to the output folder. */
  files(kustomization: (fields: object) => string): Map<string, string> {
    const bundles = [...this.texts]
      .sort(([a], [b]) => byText(a, b))
      .flatMap(([trustDomain, texts]) =>
        [...texts].sort(byText).map((text) => ({
          key: this.keyOf({ trustDomain, text }),
          file: bundleFileName(trustDomain.slice(0, LONGEST), text),
          text,
        })),
      );
    if (bundles.length === 0) return new Map();
    const generator = {
      name: CONFIG_MAP,
      files: bundles.map(({ key, file }) => `${key}=${file}`),
      options: {
        annotations: { 'config.kubernetes.io/local-config': 'true' },
        disableNameSuffixHash: true,
      },
    };
    return new Map([
      ...bundles.map(({ file, text }) => [`${BUNDLES}/${file}`, text] as const),
      [`${BUNDLES}/kustomization.yaml`, kustomization({ configMapGenerator: [generator] })],
    ]);
  }

  private take(step: PlanStep, manifest: AnyManifest, text: string): AnyManifest {
    const { [FIELD]: _, ...spec } = manifest.spec as Record<string, unknown>;
    const trustDomain = String(spec.trustDomain);
    addTo(this.texts, trustDomain, text);
    pushTo(this.uses, step, { name: manifest.metadata?.name ?? '', trustDomain, text });
    return { ...manifest, spec };
  }

  /** The trust domain, so that new keys change one line; with a hash where one name would stand for two bundles. */
  private keyOf({ trustDomain, text }: Pick<Use, 'trustDomain' | 'text'>): string {
    const isPlain = trustDomain.length <= LONGEST && this.texts.get(trustDomain)?.size === 1;
    if (isPlain) return trustDomain;
    const hash = sha256(`${trustDomain}\n${text}`).slice(0, KEY_DIGITS);
    return `${trustDomain.slice(0, LONGEST)}_${hash}`;
  }
}

/** Of a hash: nobody finds another text that has them, too. */
const KEY_DIGITS = 32;

const isRelationship = ({ apiVersion, kind }: AnyManifest): boolean =>
  apiGroupOf(apiVersion) === GROUP && kind === KIND;

function bundleOf(manifest: AnyManifest): string | undefined {
  if (!isRelationship(manifest) || !isObject(manifest.spec)) return undefined;
  const { [FIELD]: bundle } = manifest.spec as Record<string, unknown>;
  return typeof bundle === 'string' && bundle !== '' ? bundle : undefined;
}

const replacementOf = (name: string, key: string): object => ({
  source: { kind: 'ConfigMap', name: CONFIG_MAP, fieldPath: `data.${key.replaceAll('.', '\\.')}` },
  targets: [{ select: { kind: KIND, name }, fieldPaths: [`spec.${FIELD}`], options: { create: true } }],
});
