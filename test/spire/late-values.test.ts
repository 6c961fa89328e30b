import * as pulumi from '@pulumi/pulumi';
import type { Late } from '../../lib/core';
import { FindingsError } from '../../lib/core';
import { deploy } from '../../lib/pulumi';
import { DataStore, KubernetesCluster, type KubernetesClusterProps, UpstreamAuthority } from '../../lib/spire';
import { App } from '../../lib/synth';
import { run } from '../pulumi/monitor';
import { errorOf } from '../synth/fixtures';

/** An installation that takes from another stack all that may be known late. */
const props = (late: <T>(value: T) => Late<T>): KubernetesClusterProps => ({
  trustDomain: 'demo.example.com',
  server: {
    replicas: 2,
    caSubject: { organization: [late('Example')] },
    dataStore: DataStore.postgres({
      host: late('postgres.db.svc'),
      database: late('spire'),
      user: late('spire'),
      password: { secret: late('spire-db'), key: 'password' },
      rootCa: { configMap: late('db-ca'), key: 'ca.crt' },
      readOnly: { host: late('replica.db.svc') },
    }),
    upstreamAuthority: UpstreamAuthority.disk({ secret: late('root-ca') }),
  },
});

/** What the engine is asked to make, without what the engine itself adds. */
async function registered(late: <T>(value: T) => Late<T>): Promise<Record<string, unknown>> {
  const { registrations } = await run(() =>
    deploy('late', (app) => {
      new KubernetesCluster(app, 'demo', props(late));
    }),
  );
  return Object.fromEntries(registrations.map(({ name, inputs }) => [name, inputs]));
}

test('Outputs give the same objects as their values, checksums included', async () => {
  const output = <T>(value: T): Late<T> => pulumi.output(value) as unknown as Late<T>;
  const [plain, late] = [await registered((value) => value), await registered(output)];
  expect(Object.keys(late).length).toBeGreaterThan(35);
  expect(late).toEqual(plain);
  const conf = (late['late/demo/spire/server/config-map'] as { data: Record<string, string> }).data['server.conf'];
  expect(conf).toContain("host='postgres.db.svc' port='5432' user='spire' dbname='spire'");
});

test('without Pulumi each of them is named', () => {
  const app = new App({ summary: () => {} });
  new KubernetesCluster(
    app,
    'demo',
    props((value) => pulumi.output(value) as never),
  );
  const error = errorOf(() => app.synthYaml());
  expect(error).toBeInstanceOf(FindingsError);
  expect(error.message).toMatchInlineSnapshot(`
"5 errors; nothing was written
  demo: 5 errors
    error  late-value  spire/server/config-map    data.server.conf (server.ca_subject.organization[0], plugins.DataStore[0].body.plugin_data.connection_string.parts[1].value, plugins.DataStore[0].body.plugin_data.connection_string.parts[5].value, plugins.DataStore[0].body.plugin_data.connection_string.parts[7].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[1].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[5].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[7].value) is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value
    error  late-value  spire/server/stateful-set  spec.template.metadata.annotations.checksum/server.conf (server.ca_subject.organization[0], plugins.DataStore[0].body.plugin_data.connection_string.parts[1].value, plugins.DataStore[0].body.plugin_data.connection_string.parts[5].value, plugins.DataStore[0].body.plugin_data.connection_string.parts[7].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[1].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[5].value, plugins.DataStore[0].body.plugin_data.ro_connection_string.parts[7].value) is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value
    error  late-value  spire/server/stateful-set  spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value
    error  late-value  spire/server/stateful-set  spec.template.spec.volumes[2].configMap.name is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value
    error  late-value  spire/server/stateful-set  spec.template.spec.volumes[3].secret.secretName is known only at deployment (a Pulumi Output); deploy this tree with 'spirekit/pulumi', or pass a plain value"
`);
});
