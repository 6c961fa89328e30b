import {
  certificatesPem,
  type FindingInput,
  isLate,
  isObject,
  type Late,
  readCertificates,
  rootFindings,
} from '../core';
import { subdomainProblem } from '../kube';
import { LETS_ENCRYPT, publicServer, serverProblem, unknownServer } from './acme-server';
import { AcmeSolver, solverFindings } from './acme-solver';
import { type IssuerSource, ownNames } from './issuer-source';
import { type Problem, PropChecks } from './prop-checks';
import { WebTrust } from './web-trust';

/** The key by which a CA knows its customer. @see https://www.rfc-editor.org/rfc/rfc8555#section-7.3.4 */
export interface ExternalAccountBinding {
  /** The CA's name of the key. */
  readonly keyId: Late<string>;
  /** Secret with the key in base64url, in the issuer's namespace. */
  readonly secretName: string;
  /** Key in the Secret. @default 'secret' */
  readonly key?: string;
}

/** An issuer that asks an ACME server, such as Let's Encrypt. */
export interface AcmeIssuerOptions {
  /** Where the CA writes to about the account. */
  readonly email: Late<string>;
  /** URL of the server's directory. @default - that of Let's Encrypt */
  readonly server?: string;
  /** How the server is shown that names are ours. @default - HTTP-01 through the platform's Ingress class */
  readonly solver?: AcmeSolver;
  /** A ClusterIssuer serves all namespaces; its Secrets lie in cert-manager's own. @default 'Issuer' */
  readonly kind?: 'Issuer' | 'ClusterIssuer';
  /** Name of the object. @default 'acme' */
  readonly name?: string;
  /** Secret that cert-manager makes for the account's private key. @default - `<name>-account-key` */
  readonly accountKeySecret?: string;
  /** Needed by servers that serve customers only. @default - none */
  readonly externalAccountBinding?: ExternalAccountBinding;
  /**
   * Root certificates of a private server's CA in PEM, one or several.
   *
   * @default - none: the server is a public one
   */
  readonly roots?: string;
  /**
   * Root certificates in PEM by which cert-manager believes a private server itself.
   *
   * @default - `roots`
   */
  readonly serverRoots?: string;
  /** Profile of certificates, by the server's name of it. @default - the server's own */
  readonly profile?: string;
  /** Common name of the root that the chain shall lead to, at most 64 characters. @default - the server's own */
  readonly preferredChain?: string;
}

const OPTIONS = [
  'email',
  'server',
  'solver',
  'kind',
  'name',
  'accountKeySecret',
  'externalAccountBinding',
  'roots',
  'serverRoots',
  'profile',
  'preferredChain',
] as const satisfies readonly (keyof AcmeIssuerOptions)[];

/** Makes the source of `Issuer.acme()`. */
export function acmeIssuer(options: AcmeIssuerOptions): IssuerSource {
  const checks = new PropChecks();
  const given = checks.properties(options, OPTIONS);
  const names = ownNames(checks, given, 'acme');
  const email = checks.lateText(given.email, {
    rule: 'issuer-email',
    property: 'email',
    problemOf: emailProblem,
    required: "write an address, such as 'ops@example.com'",
  });
  const ask = { rule: 'issuer-server', property: 'server', problemOf: serverProblem };
  const server = given.server === undefined ? LETS_ENCRYPT : checks.text(given.server, ask);
  const solver = given.solver === undefined ? AcmeSolver.http01() : (given.solver as AcmeSolver);
  const wrongSolver = solverFindings('solver', solver);
  checks.findings.push(...wrongSolver);
  const accountKey = checks.text(given.accountKeySecret, {
    rule: 'issuer-secret',
    property: 'accountKeySecret',
    problemOf: subdomainProblem,
  });
  const usable = wrongSolver.length === 0 ? solver : AcmeSolver.http01();
  const bundle = given.roots === undefined ? undefined : certificates(checks, 'roots', given.roots);
  const serverBundle =
    given.serverRoots === undefined ? bundle : certificates(checks, 'serverRoots', given.serverRoots);
  checks.findings.push(...trustFindings(server, given));
  const chain = { rule: 'issuer-chain', property: 'preferredChain', problemOf: chainProblem };
  const spec = {
    acme: defined({
      server: server ?? LETS_ENCRYPT,
      email,
      privateKeySecretRef: { name: accountKey ?? `${names.name}-account-key` },
      externalAccountBinding: binding(checks, server, given.externalAccountBinding),
      caBundle: serverBundle && Buffer.from(serverBundle).toString('base64'),
      profile: checks.text(given.profile, { rule: 'issuer-profile', property: 'profile' }),
      preferredChain: checks.text(given.preferredChain, chain),
    }),
  };
  const trust = bundle !== undefined ? WebTrust.private(bundle) : serverTrust(server);
  return { type: 'acme', ...names, trust, solver: usable, spec, findings: checks.findings };
}

function serverTrust(server: string | undefined): WebTrust {
  return server !== undefined && publicServer(server)?.staging ? WebTrust.staging() : WebTrust.public();
}

/** Certificates in PEM as cert-manager reads them; undefined when something is wrong. */
function certificates(checks: PropChecks, property: string, text: unknown): string | undefined {
  const findings = rootFindings(property, text, 'issuer-roots');
  checks.findings.push(...findings);
  const reading = readCertificates(text);
  return findings.length === 0 && 'certificates' in reading ? certificatesPem(reading.certificates) : undefined;
}

/** Roots where none are needed, and none where some are. */
function trustFindings(server: string | undefined, given: Readonly<Record<string, unknown>>): FindingInput[] {
  if (server === undefined) return [];
  const { hostname } = new URL(server);
  const rule = 'issuer-trust';
  if (publicServer(server)) {
    return ['roots', 'serverRoots'].flatMap((property) =>
      given[property] === undefined
        ? []
        : [
            {
              rule,
              property,
              message: `is for private servers, and '${hostname}' is a public one`,
              remedy: 'write the URL of the private server, or remove it',
            },
          ],
    );
  }
  if (given.roots !== undefined) return [];
  const unknown = unknownServer('server', server, "write roots: the root certificate of the server's CA in PEM");
  return unknown ? [unknown] : [];
}

function binding(checks: PropChecks, server: string | undefined, given: unknown): object | undefined {
  const rule = 'issuer-account-binding';
  const property = 'externalAccountBinding';
  if (given === undefined) {
    if (server === undefined || !publicServer(server)?.accountBinding) return undefined;
    const message = `is missing, and '${new URL(server).hostname}' serves only customers that it knows`;
    return checks.add(rule, property, { message, remedy: "write { keyId: 'id', secretName: 'name of the Secret' }" });
  }
  if (!isObject(given) || isLate(given)) {
    return checks.add(rule, property, {
      message: 'is not an object',
      remedy: "write { keyId: 'id', secretName: 'name' }",
    });
  }
  const { keyId, secretName, key } = checks.properties(given, ['keyId', 'secretName', 'key'], `${property}.`);
  const text = (name: string) => ({ rule, property: `${property}.${name}` });
  const keyID = checks.lateText(keyId, { ...text('keyId'), required: "write the CA's name of the key" });
  const secret = checks.text(secretName, {
    ...text('secretName'),
    problemOf: subdomainProblem,
    required: 'write the name of a Secret',
  });
  return { keyID, keySecretRef: { name: secret, key: checks.text(key, text('key')) ?? 'secret' } };
}

/** Plausible, no more: only mail shows that an address exists. */
function emailProblem(email: string): Problem | undefined {
  if (/^[^\s@<>(),;:"]+@(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/.test(email)) return undefined;
  return { message: 'is not an email address', remedy: "write an address, such as 'ops@example.com'" };
}

function chainProblem(name: string): Problem | undefined {
  if (name.length <= 64) return undefined;
  return { message: `has ${name.length} characters`, remedy: 'write the common name of a root: at most 64 characters' };
}

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
