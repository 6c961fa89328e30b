import type { EnvVar } from 'kubernetes-types/core/v1';
import { type FindingInput, isLate, type Late, noProxyProblem, PLAIN_PROBLEM } from '../core';

/** The HTTP proxy by which the server reaches what is outside of its cluster. */
export interface ServerProxy {
  /**
   * URL of the proxy, such as `http://proxy.example.com:3128`. It must let connections through to the ports of the peers,
   * with their TLS unopened. By it go bundles that are fetched, ACME, and what plugins ask of others by HTTPS or gRPC, such
   * as an upstream authority; databases are reached without it.
   */
  readonly https: Late<string>;
  /**
   * Hosts, domains and networks that are reached without it, as in `NO_PROXY`: `example.com` with all below it, `.svc`,
   * `10.1.2.3`, `10.0.0.0/8`. A network holds addresses, never a name that leads to one. The API server of the own cluster is
   * among them by itself.
   *
   * @default - the API server alone
   * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
   */
  readonly noProxy?: readonly string[];
}

/** Address of the API server, as a kubelet sets it in every container: an entry that follows it wherever it is. */
const API_SERVER = '$(KUBERNETES_SERVICE_HOST)';

/** Variables by which programs in Go find their proxy; they read them once. */
export function proxyEnv(proxy: ServerProxy | undefined): EnvVar[] {
  if (!proxy) return [];
  return [
    // It may be known late; Kubernetes' types know nothing of that.
    { name: 'HTTPS_PROXY', value: proxy.https as string },
    { name: 'NO_PROXY', value: [API_SERVER, ...noProxyOf(proxy)].join(',') },
  ];
}

/** What is reached without the proxy; entries that nothing could match are found where they are given. */
export function noProxyOf({ noProxy }: ServerProxy): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(noProxy) ? noProxy : [];
  return entries.filter((entry): entry is string => typeof entry === 'string' && !noProxyProblem(entry));
}

const SCHEMES = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** What is wrong with a proxy. */
export function proxyFindings(proxy: ServerProxy | undefined): FindingInput[] {
  if (!proxy) return [];
  const rule = 'server-proxy';
  const found = urlProblem(proxy.https);
  return [...(found ? [{ rule, property: 'proxy.https', ...found }] : []), ...listFindings(rule, proxy.noProxy)];
}

function urlProblem(url: unknown): Omit<FindingInput, 'rule' | 'property'> | undefined {
  const remedy = "write a URL such as 'http://proxy.example.com:3128'";
  if (isLate(url)) return undefined;
  if (url === undefined || url === null) return { message: 'is missing', remedy };
  if (typeof url !== 'string') return { message: 'is not text', remedy };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !SCHEMES.includes(parsed.protocol) || parsed.hostname === '') {
    return { value: url, message: 'is not the URL of a proxy', remedy };
  }
  if (parsed.username === '' && parsed.password === '') return undefined;
  return {
    severity: 'warning',
    value: url.replace(/\/\/[^/?#]*@/, '//…@'),
    message: 'has a user name or password in it, which everyone can read who may read the StatefulSet',
    remedy: 'let the proxy know the cluster by its address',
  };
}

function listFindings(rule: string, noProxy: unknown): FindingInput[] {
  const property = 'proxy.noProxy';
  if (noProxy === undefined || noProxy === null) return [];
  if (isLate(noProxy)) return [{ rule, property, ...PLAIN_PROBLEM }];
  if (!Array.isArray(noProxy)) {
    return [{ rule, property, message: 'is not a list', remedy: "write ['.svc', '10.0.0.0/8']" }];
  }
  return noProxy.flatMap((entry: unknown, index): FindingInput[] => {
    const at = { rule, property: `${property}[${index}]` };
    if (isLate(entry)) return [{ ...at, ...PLAIN_PROBLEM }];
    if (typeof entry !== 'string') return [{ ...at, message: 'is not text', remedy: 'write it in quotes' }];
    const problem = noProxyProblem(entry);
    return problem ? [{ ...at, value: entry, ...problem }] : [];
  });
}
