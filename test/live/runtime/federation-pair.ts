import { randomUUID } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import type { Federation } from '../../../lib/spire/config';
import { runBeside } from '../support/beside';
import { freePort, type LiveProcess } from '../support/process';
import { must } from '../support/run';
import { WorkloadRig } from './workload-rig';

/** A trust domain with a SPIRE server that publishes its bundle. */
export class Member extends WorkloadRig {
  readonly domain = TrustDomain.parse(this.trustDomain);
  endpointPort = 0;

  /** ID with which the SPIRE server answers at its bundle endpoint. */
  get endpointId(): string {
    return this.id('spire/server');
  }

  get endpointUrl(): string {
    return `https://localhost:${this.endpointPort}/`;
  }

  /** Starts the server with a bundle endpoint. */
  async startEndpoint(
    profile: NonNullable<Federation['bundle_endpoint']>['profile'] = { https_spiffe: {} },
    more: { env?: object } = {},
  ): Promise<LiveProcess> {
    this.endpointPort = await freePort();
    const bundle_endpoint = { address: '127.0.0.1', port: this.endpointPort, refresh_hint: '10s', profile };
    return this.startServer({ server: { federation: { bundle_endpoint } }, ...more });
  }

  /** The live bundle, as a value. */
  current(): SpiffeBundle {
    return SpiffeBundle.parse(this.domain, this.bundle());
  }

  /**
   * Has SPIRE fetch a foreign bundle; with an ID by https_spiffe. A seed is needed where the endpoint serves the bundle
   * that it is verified with.
   */
  follow(trustDomain: string, url: string, spiffe?: { readonly id: string; readonly seed?: string }): void {
    const file = this.path(`seed-${randomUUID()}.json`);
    if (spiffe?.seed) writeFileSync(file, spiffe.seed);
    this.server(
      ...['federation', 'create', '-trustDomain', trustDomain, '-bundleEndpointURL', url],
      ...['-bundleEndpointProfile', spiffe ? 'https_spiffe' : 'https_web'],
      ...(spiffe ? ['-endpointSpiffeID', spiffe.id] : []),
      ...(spiffe?.seed ? ['-trustDomainBundleFormat', 'spiffe', '-trustDomainBundlePath', file] : []),
    );
  }

  /**
   * Fetches a foreign bundle at once, and gives it as SPIRE has it then; undefined if it has none. The test goes on
   * meanwhile, since it may be the one to answer.
   */
  async fetched(trustDomain: string): Promise<SpiffeBundle | undefined> {
    const id = ['-id', `spiffe://${trustDomain}`, '-socketPath', this.serverSocket];
    await runBeside('spire-server', ['federation', 'refresh', ...id]);
    const { status, stdout } = await runBeside('spire-server', ['bundle', 'list', '-format', 'spiffe', ...id]);
    return status === 0 ? SpiffeBundle.parse(TrustDomain.parse(trustDomain), stdout) : undefined;
  }
}

/** The keys of a bundle, however it is written. */
export function keysOf({ x509, jwt }: SpiffeBundle): { x509: string[]; jwt: string[] } {
  return {
    x509: x509.authorities.map(({ fingerprint }) => fingerprint).sort(),
    jwt: jwt.authorities.map(({ keyId }) => keyId).sort(),
  };
}

/** A certificate authority of the web that certifies `localhost`, and the files of that certificate. */
export interface WebFiles {
  readonly roots: string;
  readonly certificate: string;
  readonly key: string;
}

export function webFiles(folder: string): WebFiles {
  const [roots, rootKey, certificate, key, request, extensions] = [
    ...['web-root.crt', 'web-root.key', 'web.crt', 'web.key', 'web.csr', 'web.ext'],
  ].map((name) => `${folder}/${name}`) as [string, string, string, string, string, string];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  must('openssl', ['req', '-x509', ...ec, '-days', '2', '-subj', '/CN=web root', '-keyout', rootKey, '-out', roots]);
  must('openssl', ['req', ...ec, '-subj', '/CN=localhost', '-keyout', key, '-out', request]);
  writeFileSync(extensions, 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n');
  must('openssl', [
    ...['x509', '-req', '-in', request, '-CA', roots, '-CAkey', rootKey, '-CAcreateserial', '-days', '2'],
    ...['-extfile', extensions, '-out', certificate],
  ]);
  chmodSync(key, 0o600);
  return { roots, certificate, key };
}
