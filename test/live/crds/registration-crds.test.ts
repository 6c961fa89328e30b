import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { registrationCrds } from '../../../lib/registration';
import { DURATION, MEMBER_ID, TRUST_DOMAIN } from '../../../lib/registration/crd-schema';
import { constraintsOf, pathsOf } from '../../registration/schema-paths';

const folder = process.env.SPIREKIT_CRDS;
if (!folder) {
  throw new Error(
    "SPIREKIT_CRDS is not set; set it to the folder that holds 'spire-controller-manager/' with the resource definitions " +
      'of controller manager 0.7.0',
  );
}

/** What our definitions ask beyond upstream's. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  'clusterfederatedtrustdomains.spire.spiffe.io': [
    '.spec.bundleEndpointProfile x-kubernetes-validations',
    '.spec.bundleEndpointURL pattern',
    `.spec.trustDomain pattern: ${JSON.stringify(TRUST_DOMAIN)}`,
  ],
  'clusterspiffeids.spire.spiffe.io': [
    `.spec.federatesWith[] pattern: ${JSON.stringify(TRUST_DOMAIN)}`,
    '.spec.hint maxLength: 1024',
    `.spec.jwtTtl pattern: ${JSON.stringify(DURATION)}`,
    '.spec.spiffeIDTemplate minLength: 1',
    `.spec.ttl pattern: ${JSON.stringify(DURATION)}`,
  ],
  'clusterstaticentries.spire.spiffe.io': [
    `.spec.federatesWith[] pattern: ${JSON.stringify(TRUST_DOMAIN)}`,
    '.spec.hint maxLength: 1024',
    `.spec.jwtSVIDTTL pattern: ${JSON.stringify(DURATION)}`,
    `.spec.parentID pattern: ${JSON.stringify(MEMBER_ID)}`,
    '.spec.selectors minItems: 1',
    '.spec.selectors[] pattern',
    `.spec.spiffeID pattern: ${JSON.stringify(MEMBER_ID)}`,
    `.spec.x509SVIDTTL pattern: ${JSON.stringify(DURATION)}`,
  ],
};

/** What our definitions ask more strictly. */
const REPLACED = ['.spec.trustDomain pattern: "[a-z0-9._-]{1,255}"'];

describe.each(registrationCrds.map((crd) => [crd.metadata.name, crd] as const))('%s', (name, ours) => {
  const file = `spire.spiffe.io_${name.split('.')[0]}.yaml`;
  const upstream = parse(readFileSync(join(folder, 'spire-controller-manager', file), 'utf8'));
  const schemas = [ours, upstream].map((crd) => crd.spec.versions[0].schema.openAPIV3Schema);

  test('has the same properties and types', () => {
    expect(pathsOf(schemas[0])).toEqual(pathsOf(schemas[1]));
  });

  test('asks all that upstream asks, and what is listed here', () => {
    const [own, theirs] = schemas.map(constraintsOf) as [string[], string[]];
    expect(theirs.filter((constraint) => !own.includes(constraint) && !REPLACED.includes(constraint))).toEqual([]);
    // Where the list names no value, any will do: the value is held by test/registration/crds.test.ts.
    const added = own
      .filter((constraint) => !theirs.includes(constraint))
      .map((constraint) => ADDED[name]?.find((known) => constraint.startsWith(`${known}:`)) ?? constraint);
    expect(added).toEqual(ADDED[name]);
  });

  test('is served alike', () => {
    const shown = (crd: typeof upstream) => {
      const { versions, ...spec } = crd.spec;
      return { ...spec, versions: versions.map(({ schema: _, ...version }: { schema: unknown }) => version) };
    };
    expect(shown(ours)).toEqual(shown(upstream));
  });
});
