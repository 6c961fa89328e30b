import { HclBlock, type HclBody, HclMap, type HclValue } from '../../../lib/spire/config';
import { hclKind } from '../../../lib/spire/config/hcl';

type Node = HclValue | readonly HclBlock[] | undefined;

/** A body somewhere in a file, and the file with another in its place. */
interface Place {
  readonly path: string;
  readonly body: HclBody;
  readonly with: (body: HclBody) => Node;
}

/** A file with one thing wrong in it. */
export interface WrongFile {
  readonly path: string;
  readonly body: HclBody;
}

/**
 * The file again and again, each time with one value of the wrong type in it. A reader that knows the key refuses the
 * value; one that does not know the key does not look at it.
 */
export function* withWrongValues(file: HclBody): Generator<WrongFile> {
  for (const { path, body, with: whole } of placesIn(file, '')) {
    for (const [key, value] of Object.entries(body)) {
      if (value === undefined || holdsBodies(value)) continue;
      // No scalar and no list of scalars can be read from these.
      const wrong: HclBody = Array.isArray(value) ? { wrong: [{ wrong: true }] } : { wrong: { wrong: 1 } };
      yield { path: path ? `${path}.${key}` : key, body: whole({ ...body, [key]: wrong }) as HclBody };
    }
  }
}

/** The file again and again, each time with a key that nobody knows in one of its blocks. */
export function* withUnknownKeys(file: HclBody): Generator<WrongFile> {
  for (const { path, body, with: whole } of placesIn(file, '')) {
    yield { path, body: whole({ ...body, mispelt: { anything: ['at all'] } }) as HclBody };
  }
}

function holdsBodies(value: Node): boolean {
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(holdsBodies);
  const kind = hclKind(value);
  return kind === undefined || kind === 'map' || kind === 'block';
}

function* placesIn(node: Node, path: string): Generator<Place> {
  if (!holdsBodies(node)) return;
  if (node instanceof HclMap) {
    for (const [at, [key, value]] of node.entries.entries()) {
      yield* within(value, `${path}[${key}]`, (changed) =>
        HclMap.from(node.entries.map((entry, i) => [entry[0], i === at ? (changed as HclValue) : entry[1]])),
      );
    }
  } else if (node instanceof HclBlock) {
    yield* within(
      node.body,
      `${path}[${node.label}]`,
      (changed) => new HclBlock(node.label, changed as HclBody) as never,
    );
  } else if (Array.isArray(node)) {
    for (const [at, item] of node.entries()) {
      const name = item instanceof HclBlock ? path : `${path}[${at}]`;
      yield* within(item, name, (changed) => node.map((other, i) => (i === at ? changed : other)) as never);
    }
  } else {
    const body = node as HclBody;
    yield { path, body, with: (changed) => changed };
    for (const [key, value] of Object.entries(body)) {
      yield* within(value, path ? `${path}.${key}` : key, (changed) => ({ ...body, [key]: changed }) as HclBody);
    }
  }
}

function* within(node: Node, path: string, whole: (changed: Node) => Node): Generator<Place> {
  for (const place of placesIn(node, path)) yield { ...place, with: (body) => whole(place.with(body)) };
}
