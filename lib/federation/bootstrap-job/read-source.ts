import { webTrustFindings } from '../../cert-manager';
import { OptionReader } from '../../core';
import { labelProblem, subdomainProblem } from '../../kube';
import { trustDomainIn } from '../rules/endpoint-id';
import { readSha256 } from '../sha256-text';
import { parsedUrl, withoutUserInfo } from '../url';
import { FirstBundle, type PublishedBundle } from './first-bundle';
import type { ServedPeer } from './served-peer';

/** A source as it can be worked with. */
export type UsableSource =
  | { readonly by: 'web'; readonly url: string; readonly roots?: string }
  | { readonly by: 'pin'; readonly sha256: string }
  | {
      readonly by: 'cluster';
      readonly secret: string;
      readonly key: string;
      readonly context?: string;
      readonly configMap: PublishedBundle;
    };

type Problem = { readonly message: string; readonly remedy: string } | undefined;

const REMEDY = 'write FirstBundle.ofCluster(…), FirstBundle.httpsWeb(…) or FirstBundle.pinned(…)';

/**
 * Reads where a first bundle comes from, and reports what is wrong with it.
 *
 * @param reader of the peer
 * @param peer undefined: what was given is none, and was reported
 * @returns undefined when nothing could be fetched so
 */
export function readSource(reader: OptionReader, at: string, peer: ServedPeer | undefined): UsableSource | undefined {
  const from = reader.raw('from');
  if (!FirstBundle.is(from)) {
    if (from === undefined && reader.has('from')) return undefined; // known late, and reported
    reader.add('from', { message: from === undefined ? 'is missing' : 'is no source of a bundle', remedy: REMEDY });
    return undefined;
  }
  const { by, options } = from.given;
  const part = (...known: string[]) => new OptionReader(reader.place, 'bootstrap-job', `${at}.from`, options, known);
  if (by === 'web') return webSource(part('url', 'trust'), peer);
  if (by === 'pin') return pinSource(part('fingerprint'), peer);
  return clusterSource(part('kubeconfigSecret', 'kubeconfigKey', 'context', 'configMap'), peer);
}

function webSource(reader: OptionReader, peer: ServedPeer | undefined): UsableSource | undefined {
  const remedy = "write where the bundle itself is, such as 'https://bundles.example.com/west.json'";
  const url = reader.requiredText('url', remedy);
  const problem = url === undefined ? undefined : urlProblem(url, peer);
  if (url !== undefined && problem) reader.add('url', problem, withoutUserInfo(url));
  const roots = rootsOf(reader);
  if (problem) return undefined;
  return url === undefined || roots === undefined ? undefined : { by: 'web', url, ...(roots !== '' && { roots }) };
}

function urlProblem(text: string, peer: ServedPeer | undefined): Problem {
  const url = parsedUrl(text);
  if (url?.protocol !== 'https:' || /\s/.test(text)) {
    return { message: 'is no https URL', remedy: "write one, such as 'https://bundles.example.com/west.json'" };
  }
  if (url.username !== '' || url.password !== '') {
    return { message: 'has a user name or password in it', remedy: 'remove it: bundles are public' };
  }
  if (peer?.endpoint.profile !== 'https_spiffe' || parsedUrl(peer.endpoint.url)?.host !== url.host) return undefined;
  return {
    message:
      'is the bundle endpoint of the peer, which proves itself by an SVID (https_spiffe), not by a certificate of the web',
    remedy: 'write another URL at which the peer publishes its bundle, or FirstBundle.ofCluster(…)',
  };
}

/** Roots (PEM) of a private authority; empty: the public ones; undefined: nobody would be believed, which is reported. */
function rootsOf(reader: OptionReader): string | undefined {
  const trust = reader.raw('trust');
  if (trust === undefined) return reader.has('trust') ? undefined : '';
  const [found] = webTrustFindings('trust', trust);
  if (found) {
    const { property = 'trust', message, remedy = '' } = found;
    reader.add(property, { message, remedy });
    return undefined;
  }
  const { type, roots = '' } = trust as { type: string; roots?: string };
  if (type !== 'staging') return roots;
  reader.add('trust', {
    message: 'is of certificates that nobody believes',
    remedy: 'write WebTrust.public() or WebTrust.private(roots)',
  });
  return undefined;
}

function pinSource(reader: OptionReader, peer: ServedPeer | undefined): UsableSource | undefined {
  const remedy = "write its 64 hexadecimal digits, as 'spirekit bundle show' prints them";
  const text = reader.requiredText('fingerprint', remedy, (given) =>
    readSha256(given) === undefined ? { message: 'is no SHA-256 of a certificate', remedy } : undefined,
  );
  if (text === undefined) return undefined;
  if (peer?.endpoint.profile === 'https_web') {
    const instead =
      'leave the peer out, whose endpoint is believed by its certificate, or write FirstBundle.httpsWeb(…)';
    reader.add('', {
      message: 'pins an authority of SVIDs, and the endpoint of the peer shows none (https_web)',
      remedy: instead,
    });
    return undefined;
  }
  const server = trustDomainIn(peer?.endpoint.spiffeId);
  if (peer && server !== undefined && server !== peer.trustDomain) {
    const instead = `leave the peer out: its bundle is fetched by that of '${server}', which can have a first one`;
    const message = `pins an authority of '${peer.trustDomain}', and its endpoint proves itself by an SVID of '${server}'`;
    reader.add('', { message, remedy: instead });
    return undefined;
  }
  if (peer?.signsItself) {
    const instead = `give '${peer.name}' an upstream authority and pin its root, or write FirstBundle.ofCluster(…)`;
    const message = `pins an authority of a CA that signs itself, and is another one within ${peer.caLife}`;
    reader.add('', { message, remedy: instead });
    return undefined;
  }
  return { by: 'pin', sha256: readSha256(text) as string };
}

function clusterSource(reader: OptionReader, peer: ServedPeer | undefined): UsableSource | undefined {
  const remedy = "write the name of the Secret, such as 'west-bundle-reader'";
  const secret = reader.requiredText('kubeconfigSecret', remedy, subdomainProblem);
  const key = reader.has('kubeconfigKey') ? reader.text('kubeconfigKey', keyProblem) : 'kubeconfig';
  const context = reader.text('context');
  const configMap = configMapOf(reader, peer);
  if (secret === undefined || key === undefined || configMap === undefined) return undefined;
  return { by: 'cluster', secret, key, configMap, ...(context !== undefined && { context }) };
}

function configMapOf(reader: OptionReader, peer: ServedPeer | undefined): PublishedBundle | undefined {
  if (!reader.has('configMap')) {
    if (peer?.publishedBundle) return peer.publishedBundle;
    const remedy = "write { namespace: 'spire-system', name: 'spire-bundle', key: 'bundle.spiffe' }";
    if (peer) reader.add('configMap', { message: 'is missing, and the peer is no cluster of this program', remedy });
    return undefined;
  }
  const part = reader.part('configMap', ['namespace', 'name', 'key']);
  const namespace = part?.requiredText('namespace', "write it, such as 'spire-system'", labelProblem);
  const name = part?.requiredText('name', "write it, such as 'spire-bundle'", subdomainProblem);
  const key = part?.requiredText('key', "write it, such as 'bundle.spiffe'", keyProblem);
  return namespace === undefined || name === undefined || key === undefined ? undefined : { namespace, name, key };
}

/** What is no key of a Secret or ConfigMap. */
function keyProblem(key: string): Problem {
  if (/^[-._a-zA-Z0-9]{1,253}$/.test(key)) return undefined;
  return { message: 'is no key', remedy: "write letters, digits, '-', '_' and '.' only" };
}
