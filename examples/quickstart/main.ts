import { Size } from 'cdk8s';
import { Cpu, Deployment, ImagePullPolicy, ServiceAccount } from 'cdk8s-plus-28';
import { App, KubeletVerification, KubernetesCluster } from 'spirekit';

const app = new App();

// SPIRE on one cluster. Kind's kubelets sign their own certificates, which nobody can verify: say so, or leave it out.
const demo = new KubernetesCluster(app, 'demo', {
  trustDomain: 'demo.example.com',
  agent: { kubelet: { verification: KubeletVerification.skip() } },
});

// A workload: any Deployment will do. This one prints every identity that it gets.
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
      command: ['/opt/spire/bin/spire-agent', 'api', 'watch', '-socketPath', '/spiffe-workload-api/spire-agent.sock'],
      resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(32) } },
    },
  ],
});

// spiffe://demo.example.com/ns/shop/sa/payments
demo.giveIdentity(payments);

app.synth();
