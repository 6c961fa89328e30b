import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Chart } from 'cdk8s';
import { ConfigText, kubeObject, type Late } from 'spirekit';
import { deploy, kubernetesProvider } from 'spirekit/pulumi';

const provider = kubernetesProvider('cluster');
// Its id is known only when the engine has made it: not in a preview.
const source = new kubernetes.core.v1.ConfigMap('source', { metadata: { namespace: 'default' } }, { provider });
const id: Late<string> = source.id;

deploy(
  'late',
  (app) => {
    const chart = new Chart(app, 'late');
    const config = new ConfigText(
      () => ({ host: id, port: 8081 }),
      (model: { host: unknown; port: number }) => `host = "${model.host}"\nport = ${model.port}\n`,
    );
    kubeObject(chart, 'config', 'v1/ConfigMap', {
      metadata: { name: 'late', namespace: 'default', annotations: { checksum: config.checksum() } },
      data: { 'a.conf': config, plain: id },
    });
    kubeObject(chart, 'secret', 'v1/Secret', {
      metadata: { name: 'late', namespace: 'default' },
      stringData: { password: pulumi.secret('correct horse') },
    });
  },
  { provider },
);

export const made = id;
