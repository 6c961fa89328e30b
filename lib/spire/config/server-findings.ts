import { isIP } from 'node:net';
import { Duration, type FindingInput, isLate } from '../../core';
import { Checks } from './checks';
import { healthFindings, logFindings } from './common-conf';
import { federationFindings } from './federation-conf';
import { pluginFindings } from './plugin-findings';
import type { KeyType, ServerConf, ServerSection } from './server-conf';
import { healthListener, profilingListener, telemetryFindings } from './telemetry-findings';

const KEY_TYPES: readonly KeyType[] = ['rsa-2048', 'rsa-4096', 'ec-p256', 'ec-p384'];

/** No SVID lives longer than this, whatever the CA does. */
const MOST_SVID = Duration.hours(7 * 24);
const DEFAULT_CA_TTL = Duration.hours(24);

/** Lifetimes with SPIRE's defaults; agents' SVIDs have that of workloads'. */
const SVID_TTLS = {
  default_x509_svid_ttl: Duration.hours(1),
  default_jwt_svid_ttl: Duration.minutes(5),
  agent_ttl: undefined,
} as const;

/** What the server would refuse, and what it would accept in silence and do otherwise. */
export function serverConfFindings(conf: ServerConf): FindingInput[] {
  const checks = new Checks();
  const { server } = conf;
  checks.required('server.trust_domain', server.trust_domain, "write the trust domain, such as 'prod.example.com'");
  checks.required('server.data_dir', server.data_dir, "write a directory, such as '/run/spire/data'");
  checks.port('server.bind_port', server.bind_port);
  if (server.bind_address === '') checks.required('server.bind_address', '', "write an address such as '0.0.0.0'");
  logFindings(checks, 'server', server);
  keyFindings(checks, server);
  ttlFindings(checks, server);
  const trustDomain = typeof server.trust_domain === 'string' ? server.trust_domain : undefined;
  server.admin_ids?.forEach((id, at) => {
    checks.spiffeId(`server.admin_ids[${at}]`, id);
  });
  issuerFindings(checks, server);
  pruneFindings(checks, server);
  server.proxy_protocol_trusted_cidrs?.forEach((cidr, at) => {
    cidrFindings(checks, `server.proxy_protocol_trusted_cidrs[${at}]`, cidr);
  });
  federationFindings(checks, server.federation, trustDomain);
  experimentalFindings(checks, server);
  pluginFindings(checks, 'server', conf.plugins);
  healthFindings(checks, conf.health_checks);
  const { bundle_endpoint } = server.federation ?? {};
  telemetryFindings(checks, conf.telemetry, {
    prefix: 'spire_server',
    listeners: [
      { property: 'server.bind_port', port: server.bind_port ?? 8081, host: server.bind_address },
      {
        property: 'server.federation.bundle_endpoint.port',
        port: bundle_endpoint?.port,
        host: bundle_endpoint?.address,
      },
      healthListener(conf.health_checks),
      profilingListener('server', server),
    ],
  });
  return checks.findings;
}

function keyFindings(checks: Checks, server: ServerSection): void {
  checks.oneOfAnyCase('server.ca_key_type', server.ca_key_type, KEY_TYPES);
  checks.oneOfAnyCase('server.jwt_key_type', server.jwt_key_type, KEY_TYPES);
  const subject = server.ca_subject;
  if (subject && !subject.common_name && !subject.country?.length && !subject.organization?.length) {
    checks.add({
      rule: 'ca-subject',
      severity: 'warning',
      property: 'server.ca_subject',
      message: 'is empty, so SPIRE would write country US and organization SPIFFE',
      remedy: 'name a country, an organization or a common name, or leave it out',
    });
  }
}

/**
 * SPIRE signs with a CA certificate until a sixth of its life is left, and no SVID outlives its CA: up to a sixth of
 * `ca_ttl` a lifetime is always given in full, up to the whole of it sometimes, beyond it never.
 */
function ttlFindings(checks: Checks, server: ServerSection): void {
  const caTtl = checks.positiveDuration('server.ca_ttl', server.ca_ttl);
  const ca = caTtl ?? DEFAULT_CA_TTL;
  const sixth = Duration.parse(`${ca.nanoseconds / 6n}ns`);
  const most = sixth.compare(MOST_SVID) < 0 ? sixth : MOST_SVID;
  for (const [key, preset] of Object.entries(SVID_TTLS) as [keyof typeof SVID_TTLS, Duration | undefined][]) {
    const property = `server.${key}`;
    const given = checks.positiveDuration(property, server[key]);
    const ttl = given ?? (server[key] === undefined ? preset : undefined);
    if (!ttl || ttl.compare(most) <= 0) continue;
    const subject = given ? 'is' : `is left at ${ttl}, which is`;
    const finding = { rule: 'svid-ttl', property, value: given?.toString(), remedy: remedyOf(ttl, most) };
    if (ttl.compare(ca) > 0) {
      checks.add({
        ...finding,
        message: `${subject} longer than ca_ttl (${ca}), and no SVID outlives the CA that signs it`,
      });
    } else {
      checks.add({
        ...finding,
        severity: 'warning',
        message: `${subject} longer than SPIRE can promise with a ca_ttl of ${ca}, so that some SVIDs would end earlier`,
      });
    }
  }
}

function remedyOf(ttl: Duration, most: Duration): string {
  if (ttl.compare(MOST_SVID) > 0) return `write ${most} or less; SPIRE promises no more than ${MOST_SVID}`;
  return `write ${most} or less, or a ca_ttl of ${Duration.parse(`${ttl.nanoseconds * 6n}ns`)} or more`;
}

function issuerFindings(checks: Checks, server: ServerSection): void {
  const { jwt_issuer } = server;
  if (jwt_issuer === undefined || isLate(jwt_issuer)) return;
  const url = checks.url('server.jwt_issuer', jwt_issuer, ['https'], 'jwt-issuer');
  if (url && (url.search || url.hash)) {
    checks.add({
      rule: 'jwt-issuer',
      property: 'server.jwt_issuer',
      value: jwt_issuer,
      message: 'has a query or a fragment, which an issuer must not have',
      remedy: "leave out what follows '?' or '#'",
    });
  }
}

function pruneFindings(checks: Checks, server: ServerSection): void {
  checks.duration('server.max_attested_node_info_staleness', server.max_attested_node_info_staleness);
  checks.positiveDuration('server.prune_attested_nodes_expired_for', server.prune_attested_nodes_expired_for);
  checks.integer('server.prune_attested_nodes_batch_size', server.prune_attested_nodes_batch_size, 1);
  if (server.prune_attested_nodes_expired_for !== undefined) return;
  for (const key of ['prune_tofu_nodes', 'prune_attested_nodes_batch_size'] as const) {
    if (!server[key]) continue;
    checks.add({
      rule: 'no-effect',
      severity: 'warning',
      property: `server.${key}`,
      value: server[key],
      message: 'has no effect, because nodes are not pruned',
      remedy: 'set prune_attested_nodes_expired_for, or leave it out',
    });
  }
}

function cidrFindings(checks: Checks, property: string, cidr: string): void {
  const [address = '', prefix = '', ...rest] = cidr.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  // A zone, as in fe80::1%eth0, is no part of a network.
  if (rest.length === 0 && /^(0|[1-9][0-9]{0,2})$/.test(prefix) && Number(prefix) <= bits && !address.includes('%'))
    return;
  checks.add({
    rule: 'proxy-cidr',
    property,
    value: cidr,
    message: 'is not a network',
    remedy: "write an address and the length of its prefix, such as '10.0.0.0/8'",
  });
}

function experimentalFindings(checks: Checks, { experimental }: ServerSection): void {
  if (!experimental) return;
  const of = (key: string) => `server.experimental.${key}`;
  for (const key of [
    'cache_reload_interval',
    'full_cache_reload_interval',
    'prune_events_older_than',
    'event_timeout',
  ] as const) {
    checks.positiveDuration(of(key), experimental[key]);
  }
  checks.oneOfAnyCase(of('wit_key_type'), experimental.wit_key_type, KEY_TYPES);
  experimental.feature_flags?.forEach((flag, at) => {
    checks.oneOf(`${of('feature_flags')}[${at}]`, flag, ['wit-svid']);
  });
}
