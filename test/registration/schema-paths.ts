/** The part of a schema that is looked at. */
type Schema = object | undefined;

const STRUCTURE = new Set(['type', 'description', 'properties', 'items', 'additionalProperties']);

/** Every property of a structural schema as `path: type`, sorted. */
export function pathsOf(schema: Schema): string[] {
  const found: string[] = [];
  walk(schema, '', (path, { type }) => found.push(`${path}: ${String(type)}`));
  return found.sort();
}

/** Everything beyond structure and descriptions as `path keyword: value`, sorted. */
export function constraintsOf(schema: Schema): string[] {
  const found: string[] = [];
  walk(schema, '', (path, node) => {
    for (const [key, value] of Object.entries(node)) {
      if (STRUCTURE.has(key)) continue;
      const shown = key === 'required' ? [...(value as string[])].sort() : value;
      found.push(`${path} ${key}: ${JSON.stringify(shown)}`);
    }
  });
  return found.sort();
}

function walk(
  schema: Schema,
  path: string,
  visit: (path: string, node: Readonly<Record<string, unknown>>) => void,
): void {
  if (!schema) return;
  const node = schema as Readonly<Record<string, unknown>>;
  visit(path || '.', node);
  for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, Schema>)) {
    walk(child, `${path}.${name}`, visit);
  }
  walk(node.items as Schema, `${path}[]`, visit);
  walk(node.additionalProperties as Schema, `${path}{}`, visit);
}
