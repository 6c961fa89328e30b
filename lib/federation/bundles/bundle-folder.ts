import { TrustDomain } from '@spirekit/runtime/id';
import { isLate, PLAIN_PROBLEM } from '../../core';
import { type MissingBundle, missingBundle, type TrustDomainLike } from '../../registration';
import { problemOf } from '../rules/names';
import { shownPath } from '../shown-path';
import {
  DEFAULT_FOLDER,
  type FolderContent,
  fetchCommand,
  folderContent,
  readBundleFile,
  type StoredBundle,
} from './stored-bundle';

/**
 * The folder in which `spirekit bundle fetch` puts first bundles: one file for each trust domain, whose name says what it
 * holds. A program takes from it what peers begin with.
 *
 * @example
 *
 * const bundles = BundleFolder.at('bundles');
 * new KubernetesCluster(app, 'west', {
 *   trustDomain: 'west.example.com',
 *   bundleEndpoint: BundleEndpoint.httpsSpiffe({ seed: bundles.bundle('west.example.com') }),
 * });
 */
export class BundleFolder {
  /**
   * The folder at a path, which need not be there yet.
   *
   * @param path of the folder, from the folder in which the program runs. @default 'bundles'
   */
  static at(path: string = DEFAULT_FOLDER): BundleFolder {
    return new BundleFolder(path);
  }

  private content: FolderContent | MissingBundle | undefined;

  private constructor(
    /** Path of the folder, as it was given. */
    readonly path: string,
  ) {}

  /**
   * The bundle of a trust domain, as a SPIFFE bundle document (JSON): for the seed of a cluster's bundle endpoint, of an
   * `ExternalTrustDomain`, or for a `trustDomainBundle`.
   *
   * Never throws: where there is none, or it is not the one that its name says, the text says so, and becomes a finding of
   * the property that it is given to.
   *
   * @param trustDomain whose bundle it is
   */
  bundle(trustDomain: TrustDomainLike): string {
    if (isLate(trustDomain)) return missingBundle(PLAIN_PROBLEM);
    const parsed = TrustDomain.is(trustDomain)
      ? ({ ok: true, value: trustDomain } as const)
      : TrustDomain.tryParse(trustDomain);
    if (!parsed.ok) {
      const { message, remedy } = problemOf(parsed.error);
      return missingBundle({ message: `is asked for by a trust domain that ${message}`, remedy });
    }
    const found = this.find(parsed.value.name);
    return 'text' in found ? found.text : missingBundle(found);
  }

  /**
   * The bundle of a trust domain with its file, or why there is none.
   *
   * @internal
   */
  find(trustDomain: string): StoredBundle | MissingBundle {
    if (typeof this.path !== 'string' || this.path === '') {
      return { message: 'is asked of a folder that has no path', remedy: "write BundleFolder.at('bundles')" };
    }
    this.content ??= folderContent(this.path);
    if ('message' in this.content) return this.content;
    const { byTrustDomain, exists } = this.content;
    const own = byTrustDomain.get(trustDomain) ?? [];
    const [first, ...others] = own;
    if (first === undefined) {
      return {
        message: exists
          ? `is not there: the folder '${shownPath(this.path)}' has no bundle of '${trustDomain}'`
          : `is not there: there is no folder '${shownPath(this.path)}' with one of '${trustDomain}'`,
        remedy: `run ${fetchCommand(trustDomain, this.path)}`,
      };
    }
    if (others.length === 0) return readBundleFile(first);
    const names = own.map(({ name }) => `'${name}'`).join(', ');
    return {
      message: `is there ${own.length} times in the folder '${shownPath(this.path)}': ${names}`,
      remedy: `leave one of them, or fetch it anew by ${fetchCommand(trustDomain, this.path, ' --replace')}`,
    };
  }
}
