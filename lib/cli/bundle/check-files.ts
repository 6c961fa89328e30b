import { basename, join } from 'node:path';
import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import {
  BundleFolder,
  type BundleProblem,
  bundleDigest,
  bundleProblems,
  canonicalBundle,
  contentHash,
  type FolderContent,
  fetchCommand,
  folderContent,
  type Member,
  type Mesh,
  readBundle,
  readBundleFileName,
  uriDomains,
} from '../../federation';
import { CommandFailure } from '../failure';
import { type BundleFinding, bytesOf } from './bundle-input';
import { needsSeed } from './subjects';

/** What bundles are held to. */
export interface CheckMeans {
  readonly now: Date;
  /** How long a bundle must stay usable, in seconds. */
  readonly shelfLife: number;
  /** @default - no federation is asked */
  readonly mesh?: Mesh;
}

/** A bundle that could be read. */
export interface CheckedBundle {
  /** The file. */
  readonly place: string;
  readonly trustDomain: TrustDomain;
  readonly bundle: SpiffeBundle;
}

/** What was looked at, and what was found. */
export interface Checked {
  readonly bundles: readonly CheckedBundle[];
  readonly findings: readonly BundleFinding[];
}

const finding = (place: string, { severity = 'error', at, message, remedy }: BundleProblem): BundleFinding => ({
  severity,
  place,
  message: at === '' ? message : `${at.slice(1)} ${message}`,
  remedy,
});

/** Checks every bundle of a folder, and that the federation has all that it needs, and uses all that is there. */
export function checkFolder(folder: string, means: CheckMeans): Checked {
  const content = folderContent(folder);
  if ('message' in content) throw new CommandFailure(`a bundle ${content.message}; ${content.remedy}`);
  const { byTrustDomain, strangers } = content;
  const stored = BundleFolder.at(folder);
  const bundles: CheckedBundle[] = [];
  const findings: BundleFinding[] = strangers.map((name) =>
    finding(join(folder, name), {
      at: '',
      severity: 'warning',
      message: 'is no file of a bundle, by its name',
      remedy: "leave it out: 'spirekit bundle fetch' names files <trust domain>.<hash>.json",
    }),
  );
  for (const [name, [first]] of byTrustDomain) {
    const found = stored.find(name);
    if ('message' in found) findings.push(finding(first?.path ?? folder, { at: '', ...found }));
    else bundles.push({ place: found.path, trustDomain: found.bundle.trustDomain, bundle: found.bundle });
  }
  for (const checked of bundles) findings.push(...heldTo(checked, means));
  return {
    bundles,
    findings: [...findings, ...missing(folder, byTrustDomain, means)],
  };
}

/** Members that begin with a bundle which is nowhere. */
function missing(folder: string, stored: FolderContent['byTrustDomain'], { mesh }: CheckMeans): BundleFinding[] {
  if (!mesh) return [];
  return mesh.members
    .filter((member) => !stored.has(member.trustDomain) && needsSeed(mesh, member))
    .map(({ name, trustDomain }) =>
      finding(name, {
        at: '',
        message: `has no bundle in '${folder}', and nobody can verify its endpoint by https_spiffe the first time`,
        remedy: `run ${fetchCommand(trustDomain, folder)}`,
      }),
    );
}

/**
 * Checks single files, whatever they are called.
 *
 * @param whose whose the only one of them is. @default - its name or its certificates say it
 */
export function checkFiles(paths: readonly string[], means: CheckMeans, whose?: string): Checked {
  const bundles: CheckedBundle[] = [];
  const findings: BundleFinding[] = [];
  for (const place of paths) {
    const bytes = bytesOf(place);
    const named = readBundleFileName(basename(place));
    const said = whose ?? named?.trustDomain ?? domainIn(bytes) ?? UNKNOWN;
    const trustDomain = TrustDomain.parse(said);
    const reading = readBundle(trustDomain, bytes);
    if ('message' in reading) {
      findings.push(finding(place, { at: '', ...reading }));
      continue;
    }
    if (named && contentHash(bytes) !== named.hash) {
      const message = 'was changed since it was fetched: its name has the hash of another content';
      findings.push(finding(place, { at: '', message, remedy: `fetch it anew by 'spirekit bundle fetch ${said}'` }));
    }
    const checked = { place, trustDomain, bundle: reading.bundle };
    bundles.push(checked);
    findings.push(...heldTo(checked, means).map((each) => (said === UNKNOWN ? ofNobody(each) : each)));
  }
  return { bundles, findings };
}

/** Any name does to read a document, which says none itself. */
const UNKNOWN = 'unknown';

/** What is found of a bundle of which nobody knows whose it is. */
function ofNobody({ message, remedy, ...rest }: BundleFinding): BundleFinding {
  const isStrange = message.startsWith('holds the CA of ');
  return {
    ...rest,
    message: isStrange
      ? message.replace(`, not of '${UNKNOWN}'`, ', and one of another trust domain')
      : message.replaceAll(`'${UNKNOWN}'`, 'its trust domain'),
    remedy: isStrange ? 'say whose it is by --trust-domain NAME' : remedy.replaceAll(`'${UNKNOWN}'`, 'it'),
  };
}

/** The only trust domain that the certificates of a bundle name. */
function domainIn(bytes: Buffer): string | undefined {
  const reading = readBundle(TrustDomain.parse(UNKNOWN), bytes);
  const [first, ...others] = 'bundle' in reading ? uriDomains(reading.bundle.x509.authorities) : [];
  return others.length === 0 && first !== undefined && TrustDomain.tryParse(first).ok ? first : undefined;
}

function heldTo({ place, trustDomain, bundle }: CheckedBundle, { now, shelfLife, mesh }: CheckMeans): BundleFinding[] {
  const member = mesh?.ofTrustDomain(trustDomain.name);
  const replaceable = member?.endpoint?.profile === 'https_web';
  const unused = mesh && unusedProblem(mesh, member, bundle);
  const problems = bundleProblems(bundle, { now, shelfLife, replaceable });
  return [...problems, ...(unused ? [unused] : [])].map((problem) => finding(place, problem));
}

/** A bundle by which nobody begins; undefined if somebody does. */
function unusedProblem(mesh: Mesh, member: Member | undefined, bundle: SpiffeBundle): BundleProblem | undefined {
  const problem = (message: string, remedy: string): BundleProblem => ({
    at: '',
    severity: 'warning',
    message,
    remedy,
  });
  if (!member) return problem('is used by nobody: the federation has no such member', 'remove it');
  const { name, trustDomain, seed } = member;
  if (mesh.consumersOf(name).length === 0) {
    return problem(`is used by nobody: no cluster believes '${name}'`, 'remove it');
  }
  const remedy = `write seed: BundleFolder.at(…).bundle('${trustDomain}')`;
  if (!seed) return problem(`is not used: the program gives '${name}' no bundle to begin with`, remedy);
  if (bundleDigest(seed.bundle) === bundleDigest(canonicalBundle(bundle))) return undefined;
  return problem(`is not used: the program begins with another bundle of '${name}'`, remedy);
}
