import { HclBlock, type HclBody, HclMap, type HclValue } from '../../../lib/spire/config';
import { hclKind } from '../../../lib/spire/config/hcl';

type Node = HclValue | readonly HclBlock[];

/**
 * A body again and again, each time with one value of the wrong type in it. A reader that knows the key refuses the value;
 * one that does not know the key does not look at it.
 */
export function* withWrongValues(body: HclBody, path = ''): Generator<{ path: string; body: HclBody }> {
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    for (const { path: at, value: wrong } of wrongOf(value, path ? `${path}.${key}` : key)) {
      yield { path: at, body: { ...body, [key]: wrong } };
    }
  }
}

function* wrongOf(value: Node, path: string): Generator<{ path: string; value: Node }> {
  if (typeof value === 'object' && hclKind(value) === 'map') {
    const { entries } = value as HclMap;
    for (const [at, [key, held]] of entries.entries()) {
      for (const { path: deeper, value: wrong } of wrongOf(held, `${path}[${key}]`)) {
        yield {
          path: deeper,
          value: HclMap.from(entries.map((entry, i) => [entry[0], i === at ? (wrong as HclValue) : entry[1]])),
        };
      }
    }
    return;
  }
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
    for (const [at, item] of value.entries()) {
      const name = hclKind(item) === 'block' ? `${path}[${(item as HclBlock).label}]` : `${path}[${at}]`;
      const inner = hclKind(item) === 'block' ? (item as HclBlock).body : (item as HclBody);
      for (const { path: deeper, body } of withWrongValues(inner, name)) {
        const wrong = hclKind(item) === 'block' ? new HclBlock((item as HclBlock).label, body) : body;
        yield { path: deeper, value: value.map((other, i) => (i === at ? wrong : other)) as readonly HclBlock[] };
      }
    }
    return;
  }
  if (typeof value === 'object' && !Array.isArray(value) && hclKind(value) === undefined) {
    for (const { path: deeper, body } of withWrongValues(value as HclBody, path)) yield { path: deeper, value: body };
    return;
  }
  // No scalar and no list of scalars can be read from it.
  yield { path, value: Array.isArray(value) ? { wrong: [{ wrong: true }] } : { wrong: { wrong: 1 } } };
}
