/** What is wrong with a name, and how to write it; undefined when it is right. */
export type NameProblem = { readonly message: string; readonly remedy: string } | undefined;

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/**
 * DNS label: namespaces, containers, services' ports and most parts of names.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function labelProblem(name: string): NameProblem {
  if (name.length > 0 && name.length <= 63 && LABEL.test(name)) return undefined;
  return {
    message: 'is not a DNS label, which Kubernetes requires here',
    remedy: "write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
  };
}

/**
 * DNS subdomain: names of most objects.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function subdomainProblem(name: string): NameProblem {
  if (name.length > 0 && name.length <= 253 && SUBDOMAIN.test(name)) return undefined;
  return {
    message: 'is not a name that Kubernetes accepts',
    remedy: "write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  };
}

/**
 * Value of a label.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function labelValueProblem(value: string): NameProblem {
  if (value.length <= 63 && LABEL_VALUE.test(value)) return undefined;
  return {
    message: 'is not a label value that Kubernetes accepts',
    remedy: "write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  };
}

/** Key of a label or annotation: an optional DNS subdomain and '/', then a name. */
export function labelKeyProblem(key: string): NameProblem {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (name.length > 0 && !labelValueProblem(name) && (prefix === undefined || !subdomainProblem(prefix)))
    return undefined;
  return {
    message: 'is not a label key that Kubernetes accepts',
    remedy: "write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  };
}

const RBAC_KINDS = new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);

/** Name of an object, by the rule of its kind. */
export function objectNameProblem(kind: string, name: string): NameProblem {
  if (RBAC_KINDS.has(kind)) {
    // Names of RBAC objects are path segments: 'system:node' is one.
    if (name.length > 0 && name !== '.' && name !== '..' && !/[/%]/.test(name)) return undefined;
    return { message: 'is not a name that Kubernetes accepts', remedy: "write a name without '/' and '%'" };
  }
  if (kind === 'Namespace') return labelProblem(name);
  if (kind === 'Service') {
    const problem = labelProblem(name);
    if (problem || /^[a-z]/.test(name)) return problem;
    return { message: 'is not a name for a Service', remedy: 'begin it with a letter' };
  }
  return subdomainProblem(name);
}

const QUANTITY = /^\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;

/**
 * An amount of a resource, such as memory or storage.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityProblem(value: string): NameProblem {
  if (QUANTITY.test(value)) return undefined;
  return { message: 'is not a quantity', remedy: "write a number with a unit such as '500m', '128Mi' or '1Gi'" };
}
