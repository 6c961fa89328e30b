import {
  App,
  DataStore,
  KubernetesCluster,
  ServingCertificate,
  SpiffeIdTemplate,
  Template,
  UpstreamAuthority,
} from 'spirekit';

const app = new App();
const prod = new KubernetesCluster(app, 'prod', {
  trustDomain: 'prod.example.com',
  jwtIssuer: 'https://oidc.prod.example.com',
  server: {
    replicas: 3,
    dataStore: DataStore.postgres({
      host: 'db.prod.example.com',
      database: 'spire',
      user: 'spire',
      password: { secret: 'spire-database', key: 'password' }, // by environment: never in a ConfigMap
    }),
    upstreamAuthority: UpstreamAuthority.disk({ secret: 'spire-upstream-ca' }),
    caTtl: '72h',
  },
  oidc: { servingCertificate: ServingCertificate.certManager({ name: 'letsencrypt', kind: 'ClusterIssuer' }) },
});
prod.identity('billing', {
  namespace: 'billing',
  serviceAccount: 'billing',
  spiffeIdTemplate: SpiffeIdTemplate.path('/billing', Template.pod.label('app')),
  ttl: '30m',
});
app.synth();
