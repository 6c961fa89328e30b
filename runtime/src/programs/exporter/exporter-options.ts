import type { TrustDomain } from '../../id';
import { quote } from '../../id/quote';
import { clientOptions } from '../client-options';
import {
  anyText,
  list,
  listenAddress,
  map,
  oneOf,
  positiveDuration,
  readOptions,
  required,
  text,
  trustDomain,
  type Values,
} from '../options';
import { type Peer, readPeers } from './peers';
import { proxyUrl } from './proxy';
import { rootsFault } from './web-roots';

/** Where exporters of OpenTelemetry are scraped too. */
const PORT = 9464;

/** How long a fetch may take: as long as the shortest time between two. */
const TIMEOUT_MS = 15_000;

/** The options of the exporter. In a configuration file they have the names that they have here. */
export const exporterOptions = {
  trustDomain: required('TRUST-DOMAIN', 'the own trust domain: the label trust_domain of all metrics', trustDomain),
  socket: clientOptions.socket,
  listen: text(
    '[ADDRESS:]PORT',
    `answer /metrics, /live and /ready over HTTP; a port alone is one of 127.0.0.1, which nobody outside of the pod reaches: they need 0.0.0.0:${PORT} or [::]:${PORT}; default: ${PORT}`,
    listenAddress,
    listenAddress(String(PORT)),
  ),
  peer: list(
    'TRUST-DOMAIN',
    'a foreign trust domain whose bundle the Workload API should give, and which is fetched from nowhere; repeat it for more',
    anyText,
  ),
  httpsWeb: map(
    'TRUST-DOMAIN=URL',
    'the same, and its bundle is fetched from this URL, whose server has a certificate of the Web PKI for the host name; repeat it for more',
    anyText,
  ),
  httpsSpiffe: map(
    'TRUST-DOMAIN=URL',
    'the same, but the server has an X.509-SVID, which is verified by a bundle of the Workload API; needs --endpoint-id; repeat it for more',
    anyText,
  ),
  endpointId: map(
    'TRUST-DOMAIN=SPIFFE-ID',
    'the only SPIFFE ID that the server at its --https-spiffe may have, such as spiffe://TRUST-DOMAIN/spire/server',
    anyText,
  ),
  webRoots: list(
    'FILE',
    'authorities in PEM that the servers of --https-web may have beside the public ones; read before each fetch; repeat it for more',
    anyText,
  ),
  proxy: text(
    'URL',
    'an HTTP proxy by which bundles are fetched, such as http://proxy.example:3128; variables of the environment are not looked at',
    proxyUrl,
    undefined,
  ),
  noProxy: list(
    'HOST',
    'what is fetched without it, as in NO_PROXY: a host, .domain, address or network, with commas between several; repeat it for more',
    anyText,
  ),
  timeout: text(
    'TIME',
    `how long a fetch may take, such as 5s; default: ${TIMEOUT_MS / 1000}s`,
    positiveDuration,
    TIMEOUT_MS,
  ),
  log: text('json|text', 'how lines on the standard error look; default: text', oneOf('json', 'text'), 'text' as const),
} as const;

type ExporterValues = Values<typeof exporterOptions>;

/** What the exporter is told. */
export interface ExporterOptions
  extends Pick<ExporterValues, 'socket' | 'listen' | 'webRoots' | 'proxy' | 'noProxy' | 'timeout' | 'log'> {
  /** The own trust domain. */
  readonly trustDomain: TrustDomain;
  /** Foreign trust domains, by name. */
  readonly peers: readonly Peer[];
}

/**
 * Reads what the exporter is told.
 *
 * @param args the words after its name
 * @throws {@link UsageError}
 */
export function readExporterOptions(args: readonly string[]): ExporterOptions {
  let peers: readonly Peer[] = [];
  const { values } = readOptions(exporterOptions, args, {
    configuration: true,
    check(given) {
      const faults: string[] = [];
      peers = readPeers(given, faults);
      if (given.noProxy?.length && given.proxy === undefined) {
        faults.push('--no-proxy: there is no --proxy; add it, or leave this out');
      }
      return [...faults, ...(given.webRoots ?? []).flatMap((file) => webRootsFault(file) ?? [])];
    },
  });
  const { trustDomain: own, socket, listen, webRoots, proxy, noProxy, timeout, log } = values;
  return { trustDomain: own, socket, listen, webRoots, proxy, noProxy, timeout, log, peers };
}

function webRootsFault(file: string): string | undefined {
  const fault = rootsFault(file);
  return fault === undefined ? undefined : `--web-roots ${quote(file)}: ${fault}`;
}
