/** kubectl that must succeed, for one cluster. */
export type Kubectl = (...args: string[]) => Promise<string>;

/** Kinds that appear and go by themselves. */
const PASSING = /^(events|events\.events\.k8s\.io|leases\.coordination\.k8s\.io)$/;

/** All types of objects that a cluster keeps, separated by commas as kubectl wants them, without those that pass. */
export async function typesOf(kubectl: Kubectl): Promise<string> {
  const types = (await kubectl('api-resources', '--verbs=list', '-o', 'name')).split('\n');
  return types.filter((type) => type !== '' && !PASSING.test(type)).join(',');
}

/** A line for each object that a cluster keeps: `Service shop payments`. */
export async function inventoryOf(kubectl: Kubectl): Promise<string[]> {
  const columns = '-o=custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';
  const lines = (await kubectl('get', await typesOf(kubectl), '-A', '--no-headers', columns)).split('\n');
  // The controllers' own accounts are made when each of them has something to do.
  return lines
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter((line) => !/^ServiceAccount kube-system /.test(line));
}
