import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isCluster } from './cluster';
import { defaultWave, ownWave, type Wave } from './wave';

/** An object of the tree with what an engine needs to place it. */
export interface TreeObject {
  readonly object: ApiObject;
  /** The chart that stands for the object's cluster. */
  readonly cluster: Chart;
  readonly wave: Wave;
}

/** All objects below a construct, in construct order, in one walk. */
export function objectsOf(root: IConstruct): TreeObject[] {
  const found: TreeObject[] = [];
  const stack: { construct: IConstruct; cluster: Chart | undefined; wave: Wave | undefined }[] = [
    { construct: root, cluster: undefined, wave: undefined },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { construct } = next;
    const wave = ownWave(construct) ?? next.wave;
    let cluster = next.cluster;
    if (Chart.isChart(construct) && (isCluster(construct) || !cluster)) cluster = construct;
    if (ApiObject.isApiObject(construct) && cluster) {
      found.push({ object: construct, cluster, wave: wave ?? defaultWave(construct.kind) });
    }
    const children = construct.node.children;
    for (let i = children.length - 1; i >= 0; i--) {
      stack.push({ construct: children[i] as IConstruct, cluster, wave });
    }
  }
  return found;
}
