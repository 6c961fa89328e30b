import { join } from 'node:path';
import { Config } from '@pulumi/pulumi';
import { deploy, ImageBuild, kubernetesProvider } from 'spirekit/pulumi';
import { describeShop } from '../workload-image/mesh';

// The workloads of examples/workload-image, as a live stack: `pulumi preview` builds their images, `pulumi up` pushes these too, and
// then makes what runs from them. `pulumi config set registry HOST/PATH` names where to, `pulumi config set east CONTEXT` another
// kubeconfig context than 'east', `pulumi config set roots FOLDER` other roots.
const config = new Config();
const provider = (cluster: string) => kubernetesProvider(cluster, { context: config.get(cluster) ?? cluster });

const imageOf = (name: string) =>
  new ImageBuild(name, {
    entry: join(__dirname, '../workload-image', `${name}.mts`),
    repository: `${config.get('registry') ?? 'registry.example.com/shop'}/${name}`,
    layout: join(__dirname, 'images', name),
  });
const images = { server: imageOf('server'), client: imageOf('client') };

const stack = deploy('shop', (app) => describeShop(app, config.get('roots'), images), {
  providers: { east: provider('east'), west: provider('west'), lab: provider('lab') },
});

export const objects = stack.resources.length;
export const references = [images.server.reference, images.client.reference];
