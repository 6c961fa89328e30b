import { join } from 'node:path';
import { ImageBuild, type ImageBuildArgs, KubernetesObject } from 'spirekit/pulumi';

const imageOf = (name: string, repository: ImageBuildArgs['repository']) =>
  new ImageBuild(name, {
    entry: join(__dirname, '../../../../examples/workload-image/server.mts'),
    repository,
    layout: join(__dirname, 'images', name),
    node: 'twenty',
  });
const nextTo = ({ reference }: ImageBuild) => reference.apply((text) => text.replace(/@.*/, '-2'));

const first = imageOf('first', 'registry.example.com/shop/server');
const second = imageOf('second', nextTo(first));
const third = imageOf('third', nextTo(second));
new KubernetesObject('waits', {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'waits' },
  data: { first: first.reference, third: third.reference },
});

export const references = [first.reference, third.reference];
