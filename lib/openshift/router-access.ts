import type { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { type FindingInput, type Kind, objectsOf, setWave, usableProps, Waves } from '../core';
import {
  type AnyManifest,
  bindingRole,
  bindingSubjects,
  grantRole,
  labelProblem,
  manifestOf,
  referenceKey,
  subdomainProblem,
} from '../kube';
import { Fields } from './fields';

/** Service account of OpenShift's router. */
const ROUTER = { name: 'router', namespace: 'openshift-ingress' } as const;

/** Properties of `RouterSecretReader`. */
export interface RouterSecretReaderProps {
  /** Namespace of the Secret, and of the Route that serves it. */
  readonly namespace: string;
  /** Name of the Secret. */
  readonly secretName: string;
  /** Name of the Role and its binding. @default - `<secret>-router-reader` */
  readonly name?: string;
}

const PROPERTIES = { namespace: 'any', secretName: 'any', name: 'any' } as const satisfies Record<
  keyof RouterSecretReaderProps,
  Kind
>;

/**
 * Lets OpenShift's router read one Secret, which a Route names as its external certificate: needed for Routes of one's own,
 * and for those of ZTWIM 1.0. Since 1.1 the operator makes such a Role for its Routes.
 *
 * It is applied before the SPIRE server, which in 1.0 is not ready before its Route is made.
 *
 * @see https://github.com/openshift/api/blob/master/route/v1/types.go
 */
export class RouterSecretReader extends Construct {
  constructor(scope: Construct, id: string, given: RouterSecretReaderProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const fields = Fields.of(this, 'router-secret', '', props, Object.keys(props));
    const needed = { required: true, fallback: 'invalid' };
    const namespace = fields.plainText('namespace', { check: labelProblem, ...needed });
    const secretName = fields.plainText('secretName', { check: subdomainProblem, ...needed });
    const name = fields.plainText('name', { check: subdomainProblem, fallback: `${secretName}-router-reader` });
    setWave(this, Waves.certificates);
    const rules = [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [secretName], verbs: ['get', 'list', 'watch'] },
    ];
    grantRole(this, 'router', namespace, { name, serviceAccount: ROUTER, rules });
  }
}

/**
 * Whether the router may read the Secret of a Route that the operator makes.
 *
 * @param property where the Secret is named
 * @param granted whether the operator itself lets the router read it
 */
export function routerFindings(
  cluster: Chart | undefined,
  namespace: string,
  secretName: string,
  property: string,
  granted: boolean,
): FindingInput[] {
  if (!cluster) return [];
  const readers = readersOf(cluster, namespace, secretName);
  if (granted) {
    return readers.map((path) => ({
      rule: 'router-secret',
      severity: 'warning',
      property,
      value: secretName,
      message: `is a Secret that the operator lets the router read, as does [${path}]`,
      remedy: 'leave that Role and its binding out',
    }));
  }
  if (readers.length > 0) return [];
  const message = 'is a Secret that the router may not read, so the operator never gets its Route accepted';
  return [{ rule: 'router-secret', property, value: secretName, message, remedy: 'add a RouterSecretReader for it' }];
}

/** Bindings by which the router may read a Secret, whoever made them. */
function readersOf(cluster: Chart, namespace: string, secretName: string): string[] {
  const roles = new Map<string, AnyManifest>();
  const bindings: { readonly path: string; readonly manifest: AnyManifest }[] = [];
  for (const { object } of objectsOf(cluster)) {
    const { kind } = object;
    const isRole = kind === 'Role' || kind === 'ClusterRole';
    if (!isRole && kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') continue;
    const manifest = manifestOf(object);
    const own = manifest.metadata?.namespace;
    if (kind === 'Role' || kind === 'ClusterRole') {
      roles.set(referenceKey(kind, kind === 'Role' ? own : undefined, object.name), manifest);
    } else if (kind === 'ClusterRoleBinding' || own === namespace) {
      bindings.push({ path: object.node.path, manifest });
    }
  }
  const router = referenceKey('ServiceAccount', ROUTER.namespace, ROUTER.name);
  return bindings
    .filter(({ manifest }) => {
      const role = roles.get(bindingRole(manifest) ?? '');
      return role !== undefined && bindingSubjects(manifest).includes(router) && reads(role, secretName);
    })
    .map(({ path }) => path);
}

function reads(role: AnyManifest, secretName: string): boolean {
  const rules = Array.isArray(role.rules) ? (role.rules as Readonly<Record<string, unknown>>[]) : [];
  const holds = (list: unknown, ...words: string[]) => Array.isArray(list) && words.some((each) => list.includes(each));
  return rules.some(
    ({ resources, resourceNames, verbs }) =>
      holds(resources, 'secrets', '*') &&
      holds(verbs, 'get', '*') &&
      (!Array.isArray(resourceNames) || resourceNames.length === 0 || resourceNames.includes(secretName)),
  );
}
