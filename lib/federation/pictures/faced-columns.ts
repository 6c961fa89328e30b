import { type Link, neighboursOf } from './link-graph';

/**
 * Two columns that face each other, in which lines are short: nodes change their places as long as that helps. From two
 * orders: by kind, and along the lines, down one column and up the other.
 */
export function faced(nodes: readonly number[], links: readonly Link[], kindOf: (node: number) => number): number[][] {
  const half = Math.ceil(nodes.length / 2);
  const along = walk(nodes, links);
  const ring = [...along.slice(0, half), ...along.slice(half).reverse()];
  const together = Math.max(1, links.length / nodes.length);
  const cost = costOf(half, links, (node, before) => {
    const apart = kindOf(node) === kindOf(before) ? 0 : together;
    // In its order where that costs nothing.
    return apart + (node < before ? 0.01 : 0);
  });
  const [first, second] = [nodes, ring].map((order) => improved(order, cost)) as [number[], number[]];
  const order = cost(second) < cost(first) - 1e-9 ? second : first;
  return [order.slice(0, half), order.slice(half)];
}

/** How long the lines are with an order of nodes, and how ill neighbours fit together. */
const costOf =
  (half: number, links: readonly Link[], misfit: (node: number, before: number) => number) =>
  (order: readonly number[]): number => {
    const place: number[] = [];
    for (const [at, node] of order.entries()) place[node] = at;
    const rowOf = (at: number): number => (at < half ? at : at - half + (2 * half - order.length) / 2);
    let sum = 0;
    for (const { a, b } of links) {
      const [from, to] = [place[a] as number, place[b] as number];
      const down = rowOf(to) - rowOf(from);
      sum += (down < 0 ? -down : down) + (from < half === to < half ? 0 : 1.2);
    }
    for (let at = 1; at < order.length; at++) {
      if (at !== half) sum += misfit(order[at] as number, order[at - 1] as number);
    }
    return sum;
  };

/** Orders up to which they are compared: of many nodes not all. */
const MOST_TRIES = 12_000;

/** An order that costs less, by exchanging and moving nodes until nothing helps any more. */
function improved(given: readonly number[], cost: (order: readonly number[]) => number): number[] {
  let order = [...given];
  let best = cost(order);
  let tries = 0;
  for (let better = true; better && tries < MOST_TRIES; ) {
    better = false;
    for (let i = 0; i < order.length; i++) {
      for (let j = 0; j < order.length; j++) {
        tries += 2;
        for (const changed of [exchanged(order, i, j), moved(order, i, j)]) {
          const now = cost(changed);
          if (now >= best - 1e-9) continue;
          [best, order, better] = [now, changed, true];
        }
      }
    }
  }
  return order;
}

function exchanged(order: readonly number[], i: number, j: number): number[] {
  const changed = [...order];
  [changed[i], changed[j]] = [order[j] as number, order[i] as number];
  return changed;
}

function moved(order: readonly number[], from: number, to: number): number[] {
  const changed = [...order];
  changed.splice(to, 0, ...changed.splice(from, 1));
  return changed;
}

/** All nodes, each after one that it has a line to where there is one: as far as possible, then back. */
function walk(nodes: readonly number[], links: readonly Link[]): number[] {
  const neighbours = neighboursOf(links);
  const seen = new Set<number>();
  const open = [...nodes].reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...[...(neighbours.get(node) ?? [])].sort((a, b) => b - a));
  }
  return [...seen];
}
