import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path/posix';
import { Duration, type FindingInput, isLate } from '../../core';
import type { AgentConf, AgentExperimental, AgentSection } from './agent-conf';
import { Checks, words } from './checks';
import { healthFindings, logFindings } from './common-conf';
import { pluginFindings } from './plugin-findings';
import { healthListener, profilingListener, telemetryFindings } from './telemetry-findings';

const DEFAULT_SOCKET = '/tmp/spire-agent/public/api.sock';

/** What the agent would refuse, and what it would accept in silence and do otherwise. */
export function agentConfFindings(conf: AgentConf): FindingInput[] {
  const checks = new Checks();
  const { agent } = conf;
  checks.required('agent.trust_domain', agent.trust_domain, "write the trust domain, such as 'prod.example.com'");
  checks.required('agent.server_address', agent.server_address, 'write the host name or address of the server');
  checks.required('agent.server_port', agent.server_port, "write the server's port, such as 8081");
  checks.port('agent.server_port', agent.server_port);
  logFindings(checks, 'agent', agent);
  bundleFindings(checks, agent);
  bootstrapFindings(checks, agent);
  socketFindings(checks, agent);
  valueFindings(checks, agent);
  if (agent.experimental) experimentalFindings(checks, agent.experimental);
  pluginFindings(checks, 'agent', conf.plugins);
  reattestFindings(checks, conf);
  healthFindings(checks, conf.health_checks);
  telemetryFindings(checks, conf.telemetry, {
    prefix: 'spire_agent',
    listeners: [healthListener(conf.health_checks), profilingListener('agent', agent)],
  });
  return checks.findings;
}

const BUNDLE_SOURCES = [
  'trust_bundle_path',
  'trust_bundle_url',
  'trust_bundle_spiffe_workload_api',
  'insecure_bootstrap',
] as const;

function bundleFindings(checks: Checks, agent: AgentSection): void {
  const given = BUNDLE_SOURCES.filter((key) => agent[key]);
  if (given.length !== 1) {
    checks.add({
      rule: 'trust-bundle-source',
      property: 'agent',
      message:
        given.length === 0
          ? 'has no source of the bundle that the server is verified by'
          : `has ${given.length} sources of the bundle that the server is verified by: ${given.join(', ')}`,
      remedy: `write exactly one of ${words(BUNDLE_SOURCES.slice(0, 3))}`,
    });
  }
  checks.oneOf('agent.trust_bundle_format', agent.trust_bundle_format, ['pem', 'spiffe']);
  const socket = agent.trust_bundle_unix_socket;
  if (socket !== undefined && !agent.trust_bundle_url) {
    checks.add({
      rule: 'trust-bundle-socket',
      property: 'agent.trust_bundle_unix_socket',
      value: socket,
      message: 'is of no use without a URL to ask for there',
      remedy: 'write trust_bundle_url too, or leave it out',
    });
  }
  const url = checks.url(
    'agent.trust_bundle_url',
    agent.trust_bundle_url,
    [socket ? 'http' : 'https'],
    'trust-bundle-url',
  );
  const reserved = socket && url ? [...url.searchParams.keys()].find((key) => /^(spiffe|spire)-/.test(key)) : undefined;
  if (reserved !== undefined) {
    checks.add({
      rule: 'trust-bundle-url',
      property: 'agent.trust_bundle_url',
      value: agent.trust_bundle_url,
      message: `has the query key '${reserved}', which SPIRE keeps for itself`,
      remedy: "use keys that do not begin with 'spiffe-' or 'spire-'",
    });
  }
  const upstream = agent.trust_bundle_spiffe_workload_api;
  if (upstream !== undefined && !isWorkloadApiAddress(upstream)) {
    checks.add({
      rule: 'trust-bundle-socket',
      property: 'agent.trust_bundle_spiffe_workload_api',
      value: upstream,
      message: 'is not the address of a Workload API',
      remedy: "write one such as 'unix:///run/spire/sockets/agent.sock'",
    });
  }
}

/** A socket with an absolute path, or an IP address with a port: what go-spiffe takes. */
function isWorkloadApiAddress(address: string): boolean {
  if (/^unix:(\/\/[^/?#]*)?\/[^?#]+$/.test(address)) return true;
  const tcp = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/?#@]+)):[0-9]+$/.exec(address);
  return tcp !== null && isIP(tcp[1] ?? tcp[2] ?? '') !== 0;
}

function bootstrapFindings(checks: Checks, agent: AgentSection): void {
  checks.oneOf('agent.rebootstrap_mode', agent.rebootstrap_mode, ['never', 'auto', 'always']);
  checks.duration('agent.rebootstrap_delay', agent.rebootstrap_delay);
  if (agent.insecure_bootstrap && agent.rebootstrap_mode !== undefined && agent.rebootstrap_mode !== 'never') {
    checks.add({
      rule: 'rebootstrap',
      property: 'agent.rebootstrap_mode',
      value: agent.rebootstrap_mode,
      message: 'does not go with insecure_bootstrap: the agent would believe any server again and again',
      remedy: "give the agent a bundle, or write 'never'",
    });
  }
  if (agent.join_token !== undefined && agent.join_token_file !== undefined) {
    checks.add({
      rule: 'join-token',
      property: 'agent.join_token',
      message: 'is given together with join_token_file, and SPIRE takes one of them',
      remedy: 'keep join_token_file: a token in the file of the agent can be read by whoever reads ConfigMaps',
    });
  }
}

/** Sockets for administrators must lie outside of the directory that workloads are given. */
function socketFindings(checks: Checks, agent: AgentSection): void {
  checks.absolutePath('agent.socket_path', agent.socket_path);
  if (agent.disable_workload_api && agent.disable_sds_api) return;
  const directory = dirname(resolve('/', agent.socket_path ?? DEFAULT_SOCKET));
  const sockets = [
    ['agent.admin_socket_path', agent.admin_socket_path],
    ['agent.experimental.broker.socket_path', agent.experimental?.broker?.socket_path],
  ] as const;
  for (const [property, path] of sockets) {
    checks.absolutePath(property, path);
    if (!path || !resolve('/', path).startsWith(`${directory}/`)) continue;
    checks.add({
      rule: 'admin-socket',
      property,
      value: path,
      message: `lies in or below the directory of the Workload API's socket (${directory}), which workloads are given`,
      remedy: "write a path outside of it, such as '/run/spire/admin/api.sock'",
    });
  }
}

function valueFindings(checks: Checks, agent: AgentSection): void {
  checks.oneOfAnyCase('agent.workload_x509_svid_key_type', agent.workload_x509_svid_key_type, [
    'rsa-2048',
    'ec-p256',
    'ec-p384',
  ]);
  checks.integer('agent.x509_svid_cache_max_size', agent.x509_svid_cache_max_size, 0);
  checks.integer('agent.jwt_svid_cache_max_size', agent.jwt_svid_cache_max_size, 0);
  const target = checks.duration('agent.availability_target', agent.availability_target);
  if (target && target.compare(Duration.hours(24)) < 0) {
    checks.add({
      rule: 'availability-target',
      property: 'agent.availability_target',
      value: target.toString(),
      message: 'is less than a day, and SPIRE does not start with it',
      remedy: "write at least '24h', or leave it out",
    });
  }
  const trustDomain = isLate(agent.trust_domain) ? undefined : agent.trust_domain;
  agent.authorized_delegates?.forEach((id, at) => {
    checks.spiffeId(`agent.authorized_delegates[${at}]`, id, trustDomain);
  });
  const bundle = agent.sds?.default_bundle_name ?? 'ROOTCA';
  if (bundle === (agent.sds?.default_all_bundles_name ?? 'ALL')) {
    checks.add({
      rule: 'sds-names',
      property: 'agent.sds.default_all_bundles_name',
      value: bundle,
      message: 'is the name of default_bundle_name too, so that SPIRE would ignore it',
      remedy: 'give them different names',
    });
  }
}

function experimentalFindings(checks: Checks, experimental: AgentExperimental): void {
  const of = (key: string) => `agent.experimental.${key}`;
  checks.positiveDuration(of('sync_interval'), experimental.sync_interval);
  const timeout = checks.duration(of('jwt_svid_cache_hit_timeout'), experimental.jwt_svid_cache_hit_timeout);
  if (timeout && (timeout.compare(Duration.seconds(5)) < 0 || timeout.compare(Duration.seconds(30)) >= 0)) {
    checks.add({
      rule: 'jwt-cache-timeout',
      property: of('jwt_svid_cache_hit_timeout'),
      value: timeout.toString(),
      message: 'is a time with which SPIRE does not start',
      remedy: "write at least '5s' and less than '30s'",
    });
  }
  for (const [key, value] of Object.entries(experimental.ratelimit ?? {})) {
    checks.integer(`${of('ratelimit')}.${key}`, value, 0);
  }
  experimental.feature_flags?.forEach((flag, at) => {
    checks.oneOf(`${of('feature_flags')}[${at}]`, flag, ['wit-svid']);
  });
  if (experimental.broker) brokerFindings(checks, of('broker'), experimental.broker);
}

function brokerFindings(checks: Checks, property: string, broker: NonNullable<AgentExperimental['broker']>): void {
  const add = (at: string, value: unknown, message: string, remedy: string) =>
    checks.add({ rule: 'broker', property: at, ...(value !== undefined && { value }), message, remedy });
  if (!broker.socket_path && !broker.bind_address) {
    add(property, undefined, 'has no address', 'write socket_path, bind_address or both');
  }
  const seen = new Set<unknown>();
  broker.brokers.forEach((entry, index) => {
    const at = `${property}.brokers[${index}]`;
    checks.required(`${at}.id`, entry.id, 'write the SPIFFE ID of the broker');
    if (entry.id) checks.spiffeId(`${at}.id`, entry.id);
    if (seen.has(entry.id)) add(`${at}.id`, entry.id, 'is given twice', 'put both into one');
    seen.add(entry.id);
    const types = entry.allowed_reference_types.map((type) => type.type_url);
    const list = `${at}.allowed_reference_types`;
    if (types.length === 0)
      add(list, undefined, 'is empty, and SPIRE does not start with it', "write at least one, or '*'");
    if (types.includes('')) add(list, '', 'is not the URL of a type', "write a URL, or '*' for all");
    if (types.length > 1 && types.includes('*'))
      add(list, '*', 'stands for all types, and not alone', 'keep it, or the others');
  });
}

function reattestFindings(checks: Checks, { plugins }: AgentConf): void {
  const attestor = plugins.find((plugin) => plugin.type === 'NodeAttestor' && plugin.traits.reattestable === false);
  const keys = plugins.find((plugin) => plugin.type === 'KeyManager' && plugin.traits.keysInMemory);
  if (!attestor || !keys) return;
  checks.add({
    rule: 'agent-restart',
    severity: 'warning',
    property: `plugins.KeyManager.${keys.name}`,
    message: `loses the agent's key at each restart, and ${attestor.name} does not attest an agent twice`,
    remedy: 'use AgentKeyManager.disk() with a volume that stays, or another node attestor',
  });
}
