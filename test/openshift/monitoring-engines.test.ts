// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { parseAllDocuments } from 'yaml';
import { Monitoring } from '../../lib/monitoring';
import { OpenShiftCluster, OpenShiftMonitoring } from '../../lib/openshift';
import { deploy, kubernetesProvider } from '../../lib/pulumi';
import { App } from '../../lib/synth';
import { objectsOf } from '../examples/engines';
import { run } from '../pulumi/monitor';
import { untyped } from './installation';

const READERS = [
  ['userWorkload', OpenShiftMonitoring.userWorkload({ enable: true, labels: { team: 'identity' } })],
  ['platform', OpenShiftMonitoring.platform()],
  ['own', Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }] })],
] as const;

const nameOf = ({ kind, metadata }: any): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const byName = (list: readonly any[]) =>
  list.map((it) => [nameOf(it), it] as const).sort(([a], [b]) => (a < b ? -1 : 1));

const deployed = (monitoring: unknown) =>
  run(() =>
    deploy(
      'demo',
      (app) =>
        void new OpenShiftCluster(app, 'demo', {
          trustDomain: 'apps.demo.example.com',
          monitoring: untyped(monitoring),
        }),
      { providers: { demo: kubernetesProvider('demo') } },
    ),
  );

test.each(READERS)('both engines are given the same objects: %s', async (_, monitoring) => {
  const app = new App();
  new OpenShiftCluster(app, 'demo', { trustDomain: 'apps.demo.example.com', monitoring });
  const written = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
  const { registrations } = await deployed(monitoring);
  expect(written.length).toBeGreaterThan(15);
  expect(byName(objectsOf(registrations))).toEqual(byName(written));
});

test('a stack makes the token after its account', async () => {
  const { objects } = await deployed(OpenShiftMonitoring.userWorkload());
  const secret = Object.values(objects).find(({ inputs }) => inputs.type === 'kubernetes.io/service-account-token');
  const account = Object.values(objects).find(({ inputs }) => inputs.kind === 'ServiceAccount');
  expect(secret?.dependsOn).toContain(account?.urn);
});
