/** An object as the API server gives it back. */
export interface Stored {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** Namespace and name, as a message shows them: `Service shop/payments`. */
export function shown({ kind, metadata }: Stored): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/**
 * The differences of two readings that an apply can have made: everything but the status, which controllers write, and
 * what else they write beside it.
 */
export function changesBetween(before: readonly Stored[], after: readonly Stored[]): string[] {
  const later = byName(after);
  return [...byName(before)].flatMap(([name, object]) =>
    differences(object, later.get(name), '').map((line) => `${name}${line}`),
  );
}

function byName(objects: readonly Stored[]): ReadonlyMap<string, object> {
  return new Map(objects.map((object) => [shown(object), applied(object)]));
}

function applied(object: Stored): object {
  const { managedFields = [], annotations = {} } = object.metadata;
  return {
    ...without(object, 'status'),
    metadata: {
      ...without(object.metadata, 'resourceVersion'),
      annotations: without(annotations, 'deployment.kubernetes.io/revision'),
      // The time tells nothing more: it moves with the fields, or with the object.
      managedFields: managedFields.filter(({ operation }) => operation === 'Apply').map((it) => without(it, 'time')),
    },
  };
}

function without(object: object, key: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function differences(before: unknown, after: unknown, path: string): string[] {
  if (isBranch(before) && isBranch(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], `${path}.${key}`));
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  return was === is ? [] : [`${path}: ${was} became ${is}`];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
