import { Config } from '@pulumi/pulumi';
import { deploy, kubernetesProvider } from 'spirekit/pulumi';
import { describeMesh } from '../kubernetes-federation/mesh';

// The mesh of examples/kubernetes-federation, as a live stack: a provider per cluster, each by a kubeconfig context of its
// own. `pulumi config set east CONTEXT` names another context than 'east', `pulumi config set roots FOLDER` other roots.
const config = new Config();
const provider = (cluster: string) => kubernetesProvider(cluster, { context: config.get(cluster) ?? cluster });

const stack = deploy('federation', (app) => describeMesh(app, config.get('roots')), {
  providers: { east: provider('east'), west: provider('west'), lab: provider('lab') },
});

export const objects = stack.resources.length;
