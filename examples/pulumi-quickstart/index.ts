import { Size } from 'cdk8s';
import { Cpu, Deployment, ImagePullPolicy, ServiceAccount } from 'cdk8s-plus-28';
import { KubeletVerification, KubernetesCluster } from 'spirekit';
import { deploy, kubernetesProvider } from 'spirekit/pulumi';

// The same cluster as examples/quickstart, as a live stack: `pulumi up` waits for each wave by itself.
const stack = deploy(
  'quickstart',
  (app) => {
    const demo = new KubernetesCluster(app, 'demo', {
      trustDomain: 'demo.example.com',
      agent: { kubelet: { verification: KubeletVerification.skip() } },
    });
    const shop = demo.addNamespace('shop');
    const payments = new Deployment(shop, 'payments', {
      metadata: { name: 'payments' },
      replicas: 1,
      serviceAccount: new ServiceAccount(shop, 'account', { metadata: { name: 'payments' } }),
      securityContext: { user: 1000, group: 1000 },
      containers: [
        {
          image: 'ghcr.io/spiffe/spire-agent:1.15.3',
          imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
          command: [
            '/opt/spire/bin/spire-agent',
            'api',
            'watch',
            '-socketPath',
            '/spiffe-workload-api/spire-agent.sock',
          ],
          resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(32) } },
        },
      ],
    });
    demo.giveIdentity(payments);
  },
  // The cluster of the current kubeconfig context; other clusters get providers of their own.
  { providers: { demo: kubernetesProvider('demo') } },
);

export const objects = stack.resources.length;
