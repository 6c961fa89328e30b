import { type FindingInput, isLate, isObject } from '../core';
import type { AzureDns, Dns01Providers } from './dns01-provider';
import { fieldsOf, PropChecks } from './prop-checks';

/** What a field of a provider holds: text, words, the key of a Secret, anything; with `!` it must be there. */
type FieldKind = 'text' | 'text!' | 'secret' | 'secret!' | 'any' | readonly string[];

type Fields<T> = { readonly [K in keyof Required<T>]: FieldKind };

const AZURE_CLOUDS = ['AzurePublicCloud', 'AzureChinaCloud', 'AzureGermanCloud', 'AzureUSGovernmentCloud'];

/** The fields of every provider. Azure's identity and others that depend on each other are checked below. */
const PROVIDERS: { readonly [P in keyof Dns01Providers]: Fields<Dns01Providers[P]> } = {
  acmeDNS: { host: 'text!', accountSecretRef: 'secret!' },
  akamai: {
    serviceConsumerDomain: 'text!',
    accessTokenSecretRef: 'secret!',
    clientSecretSecretRef: 'secret!',
    clientTokenSecretRef: 'secret!',
  },
  azureDNS: {
    subscriptionID: 'text!',
    resourceGroupName: 'text!',
    hostedZoneName: 'text',
    environment: AZURE_CLOUDS,
    zoneType: ['AzurePublicZone', 'AzurePrivateZone'],
    clientID: 'text',
    clientSecretSecretRef: 'secret',
    tenantID: 'text',
    managedIdentity: 'any',
  },
  cloudDNS: { project: 'text!', hostedZoneName: 'text', serviceAccountSecretRef: 'secret' },
  cloudflare: { apiTokenSecretRef: 'secret', apiKeySecretRef: 'secret', email: 'text' },
  digitalocean: { tokenSecretRef: 'secret!' },
  rfc2136: {
    nameserver: 'text!',
    protocol: ['TCP', 'UDP'],
    tsigKeyName: 'text',
    tsigSecretSecretRef: 'secret',
    tsigAlgorithm: ['HMACMD5', 'HMACSHA1', 'HMACSHA256', 'HMACSHA512'],
  },
  route53: {
    region: 'text',
    hostedZoneID: 'text',
    role: 'text',
    accessKeyID: 'text',
    accessKeyIDSecretRef: 'secret',
    secretAccessKeySecretRef: 'secret',
    auth: 'any',
  },
  webhook: { groupName: 'text!', solverName: 'text!', config: 'any' },
};

const RULE = 'issuer-solver';
const NAMES = Object.keys(PROVIDERS);

/**
 * What is wrong with a DNS provider: what the resource's schema and cert-manager's webhook refuse, and fields that the API
 * server would drop without a word. Values of unknown fields are never shown, as one may be a token.
 *
 * @param property the property that holds the provider
 * @see https://github.com/cert-manager/cert-manager/blob/v1.19.0/internal/apis/certmanager/validation/issuer.go
 */
export function dns01Findings(property: string, provider: unknown): FindingInput[] {
  const checks = new PropChecks();
  if (!isObject(provider) || isLate(provider)) {
    const remedy =
      "write one with its settings, such as { cloudflare: { apiTokenSecretRef: { name: 'dns', key: 'token' } } }";
    checks.add(RULE, property, { message: 'is not a DNS provider', remedy });
    return checks.findings;
  }
  const { cnameStrategy, ...providers } = fieldsOf(provider);
  checks.word(cnameStrategy, ['None', 'Follow'], { rule: RULE, property: `${property}.cnameStrategy` });
  const given = Object.keys(providers).filter((name) => providers[name] !== undefined);
  for (const name of given.filter((each) => !NAMES.includes(each))) {
    const remedy = `write one of ${NAMES.join(', ')}`;
    checks.add(RULE, `${property}.${name}`, { message: 'is not a DNS provider that cert-manager knows', remedy });
  }
  if (given.length !== 1) {
    const message = given.length === 0 ? 'names no DNS provider' : `names ${given.length} DNS providers`;
    checks.add(RULE, property, { message, remedy: `write exactly one of ${NAMES.join(', ')}` });
  }
  for (const name of given.filter((each) => NAMES.includes(each))) {
    providerFindings(checks, `${property}.${name}`, providers[name], PROVIDERS[name as keyof Dns01Providers]);
  }
  const { azureDNS, cloudflare, rfc2136, route53 } = providers;
  if (isObject(azureDNS)) azureIdentity(checks, `${property}.azureDNS`, fieldsOf(azureDNS) as Partial<AzureDns>);
  if (isObject(cloudflare)) cloudflareKey(checks, `${property}.cloudflare`, fieldsOf(cloudflare));
  if (isObject(rfc2136)) {
    together(checks, `${property}.rfc2136`, fieldsOf(rfc2136), ['tsigKeyName', 'tsigSecretSecretRef']);
  }
  if (isObject(route53))
    apart(checks, `${property}.route53`, fieldsOf(route53), ['accessKeyID', 'accessKeyIDSecretRef']);
  return checks.findings;
}

function providerFindings(
  checks: PropChecks,
  property: string,
  settings: unknown,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  if (!isObject(settings) || isLate(settings)) {
    checks.add(RULE, property, { message: 'is not an object', remedy: 'write its settings in braces' });
    return;
  }
  const fields = fieldsOf(settings);
  for (const name of Object.keys(fields).filter((each) => !Object.hasOwn(kinds, each))) {
    const remedy = `write one of ${Object.keys(kinds).join(', ')}`;
    checks.add(RULE, `${property}.${name}`, { message: 'is not a field that cert-manager knows', remedy });
  }
  for (const [name, kind] of Object.entries(kinds)) {
    const at = { rule: RULE, property: `${property}.${name}` };
    const value = fields[name];
    if (kind === 'any' || (isLate(value) && kind !== 'secret' && kind !== 'secret!')) continue;
    if (typeof kind !== 'string') checks.word(value, kind, at);
    else if (kind === 'secret!' || (kind === 'secret' && value !== undefined && value !== null)) {
      secretKey(checks, at.property, value);
    } else if (kind === 'text!' || kind === 'text') {
      checks.text(value, { ...at, ...(kind === 'text!' && { required: 'write it' }) });
    }
  }
}

/** The key of a Secret; what stands there instead is not shown, as it may be the secret itself. */
function secretKey(checks: PropChecks, property: string, value: unknown): void {
  const remedy = "write { name: 'secret', key: 'key' }";
  if (!isObject(value) || isLate(value)) {
    const message = value === undefined || value === null ? 'is missing' : 'is not the key of a Secret';
    checks.add(RULE, property, { message, remedy });
    return;
  }
  for (const part of ['name', 'key']) {
    checks.lateText(fieldsOf(value)[part], { rule: RULE, property: `${property}.${part}`, required: remedy });
  }
}

const has = (fields: Readonly<Record<string, unknown>>, name: string) =>
  fields[name] !== undefined && fields[name] !== null;

/** Fields of which each is useless without the others. */
function together(
  checks: PropChecks,
  property: string,
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const missing = names.filter((name) => !has(fields, name));
  if (missing.length === 0 || missing.length === names.length) return;
  const message = `has ${names.filter((name) => has(fields, name)).join(', ')} without ${missing.join(', ')}`;
  checks.add(RULE, property, { message, remedy: `write all of ${names.join(', ')}, or none of them` });
}

/** Fields of which only one can be used. */
function apart(
  checks: PropChecks,
  property: string,
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  if (!names.every((name) => has(fields, name))) return;
  checks.add(RULE, property, { message: `has both ${names.join(' and ')}`, remedy: 'remove one of the two' });
}

function azureIdentity(checks: PropChecks, property: string, fields: Partial<AzureDns>): void {
  const principal = ['clientID', 'clientSecretSecretRef', 'tenantID'];
  const given = fields as Readonly<Record<string, unknown>>;
  together(checks, property, given, principal);
  if (!has(given, 'managedIdentity')) return;
  const at = `${property}.managedIdentity`;
  if (principal.some((name) => has(given, name))) {
    const message = `is given beside ${principal.filter((name) => has(given, name)).join(', ')}`;
    checks.add(RULE, at, { message, remedy: 'remove one of the two identities' });
    return;
  }
  const identity = fieldsOf(fields.managedIdentity);
  apart(checks, at, identity, ['clientID', 'resourceID']);
  if (has(identity, 'tenantID') && !has(identity, 'clientID')) {
    checks.add(RULE, at, { message: 'has tenantID without clientID', remedy: 'write clientID, or remove tenantID' });
  }
}

function cloudflareKey(checks: PropChecks, property: string, fields: Readonly<Record<string, unknown>>): void {
  apart(checks, property, fields, ['apiTokenSecretRef', 'apiKeySecretRef']);
  if (!has(fields, 'apiTokenSecretRef') && !has(fields, 'apiKeySecretRef')) {
    const remedy = "write apiTokenSecretRef: { name: 'secret', key: 'key' }";
    checks.add(RULE, property, { message: 'names no Secret with a token', remedy });
  }
  if (has(fields, 'apiKeySecretRef') && !has(fields, 'email')) {
    const remedy = 'write the email of the account, or use apiTokenSecretRef';
    checks.add(RULE, property, { message: 'has apiKeySecretRef without email', remedy });
  }
}
