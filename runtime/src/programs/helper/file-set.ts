import { createHash } from 'node:crypto';
import { BundleMap, type JwtBundle, SpiffeBundle, type X509Bundle } from '../../bundle';
import type { TrustDomain } from '../../id';
import type { JwtSvid } from '../../jwt';
import type { X509Svid } from '../../svid';
import { messageOf } from '../program';
import type { HelperOptions } from './helper-options';
import type { SetFile } from './target-folder';

/** All that goes into the files at one moment. */
export interface Snapshot {
  readonly svid: X509Svid;
  /** The X.509 bundles of all trust domains, the own one included. */
  readonly x509Bundles: readonly X509Bundle[];
  /** The JWT bundles of all trust domains, if they are wanted. */
  readonly jwtBundles: readonly JwtBundle[];
  /** Tokens by the names of their files. */
  readonly tokens: ReadonlyMap<string, JwtSvid>;
}

/** Which files there are. */
export type FileSetOptions = Pick<
  HelperOptions,
  | 'svidFile'
  | 'keyFile'
  | 'bundleFile'
  | 'federatedFolder'
  | 'bundleMapFile'
  | 'combinedFile'
  | 'jwksFile'
  | 'fileMode'
  | 'keyMode'
>;

/** The longest name of a trust domain that leaves room for the ends of file names, of which 255 bytes are allowed. */
const MAX_NAME_LENGTH = 240;

/**
 * The files of a snapshot. No file holds the authorities of several trust domains mixed: who read it would believe each
 * about all of them.
 *
 * @param snapshot what goes into them
 * @param options how they are called, and who may read them
 * @param warn told of what cannot be written
 */
export function fileSet(snapshot: Snapshot, options: FileSetOptions, warn: (message: string) => void): SetFile[] {
  const { svid, x509Bundles, jwtBundles, tokens } = snapshot;
  const own = svid.id.trustDomain;
  const open = (name: string, contents: string): SetFile => ({ name, contents, mode: options.fileMode });
  const secret = (name: string, contents: string): SetFile => ({ name, contents, mode: options.keyMode });
  const certificates = svid.certificatesPem();
  const key = svid.privateKeyPem();
  const federated = (trustDomain: TrustDomain, end: string) =>
    `${options.federatedFolder}/${fileNameOf(trustDomain)}${end}`;
  return [
    open(options.svidFile, certificates),
    secret(options.keyFile, key),
    ...(options.combinedFile === undefined ? [] : [secret(options.combinedFile, key + certificates)]),
    ...x509Bundles.map((bundle) =>
      open(bundle.trustDomain.equals(own) ? options.bundleFile : federated(bundle.trustDomain, '.pem'), bundle.toPem()),
    ),
    ...jwtBundles.map((bundle) =>
      open(
        bundle.trustDomain.equals(own) ? options.jwksFile : federated(bundle.trustDomain, '.jwks.json'),
        `${JSON.stringify(bundle)}\n`,
      ),
    ),
    open(options.bundleMapFile, `${bundleMap(x509Bundles, jwtBundles, warn)}\n`),
    ...[...tokens].map(([name, { token }]) => secret(name, token)),
  ];
}

/** A trust domain whose bundle has no form in JSON is left out, which means that it is not trusted. */
function bundleMap(
  x509Bundles: readonly X509Bundle[],
  jwtBundles: readonly JwtBundle[],
  warn: (message: string) => void,
): BundleMap {
  const trustDomains = new Map(
    [...x509Bundles, ...jwtBundles].map(({ trustDomain }) => [trustDomain.name, trustDomain]),
  );
  const bundles = [...trustDomains.values()].flatMap((trustDomain) => {
    const bundle = SpiffeBundle.of({
      trustDomain,
      x509: x509Bundles.find((each) => each.trustDomain.equals(trustDomain)),
      jwt: jwtBundles.find((each) => each.trustDomain.equals(trustDomain)),
    });
    try {
      bundle.toString();
      return [bundle];
    } catch (error) {
      warn(`the bundle map goes without trust domain '${trustDomain.name}': ${messageOf(error)}`);
      return [];
    }
  });
  return BundleMap.of(...bundles);
}

/** The name of a trust domain as a part of the name of a file. Capitals are in no trust domain, so none is another's. */
function fileNameOf({ name }: TrustDomain): string {
  return name.length <= MAX_NAME_LENGTH ? name : `SHA256-${createHash('sha256').update(name).digest('hex')}`;
}
