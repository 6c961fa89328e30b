import { ApiObject } from 'cdk8s';
import { Deployment, k8s, Probe } from 'cdk8s-plus-28';
import { fakeOutput } from '../core/fixtures';
import { find, findings, podOf } from '../spire/installation';
import { IMAGE, newShop, podGiven, said } from './program-image';

const main = { name: 'main', image: IMAGE.image };

test('the first container has it, or the one that is named', () => {
  const containers = [main, { ...main, name: 'other' }];
  const withProbe = (container?: string) =>
    podGiven({ image: IMAGE, probe: { ...(container && { container }) } }, { containers })
      .containers.filter((each: { readinessProbe?: object }) => each.readinessProbe)
      .map(({ name }: { name: string }) => name);
  expect(withProbe()).toEqual(['main']);
  expect(withProbe('other')).toEqual(['other']);
});

test('cdk8s-plus, its level 1, and containers that are added later', () => {
  const { cluster, shop } = newShop();
  const web = new Deployment(shop, 'web', { metadata: { name: 'web' } });
  cluster.giveIdentity(web, { image: IMAGE, probe: {} });
  web.addContainer({ name: 'main', image: IMAGE.image, portNumber: 8443 });
  const labels = { app: 'api' };
  const api = new k8s.KubeDeployment(shop, 'api', {
    metadata: { name: 'api' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [main] } } },
  });
  cluster.giveIdentity(api, { image: IMAGE, probe: {} });
  expect(findings(cluster)).toEqual([]);
  for (const name of ['web', 'api']) {
    const [container] = podOf(find(cluster, 'Deployment', name)).spec.containers;
    expect(container.readinessProbe.exec.command.slice(0, 3)).toEqual([
      IMAGE.programs.node,
      IMAGE.programs.runtime,
      'probe',
    ]);
  }
});

test('an image that is known late is believed', () => {
  const { cluster, shop } = newShop();
  const containers = [{ name: 'main', image: fakeOutput() }];
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
  const web = new ApiObject(shop, 'web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  });
  cluster.giveIdentity(web, { image: IMAGE, probe: {} });
  expect(findings(cluster)).toEqual([]);
});

describe('refused', () => {
  test('no container for it, another image, a probe that is there', () => {
    const readinessProbe = { httpGet: { port: 80 } };
    const text = [
      said({ image: IMAGE, probe: { container: 'maine' } }),
      said({ image: IMAGE, probe: {} }, { containers: [] }),
      said({ image: IMAGE, probe: {} }, { containers: [{ name: 'main', image: 'nginx:1' }] }),
      said({ image: IMAGE, probe: {} }, { containers: [{ ...main, readinessProbe }] }),
      said(
        { image: IMAGE, probe: { startup: { container: 'main' } } },
        { containers: [{ ...main, startupProbe: {} }] },
      ),
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] probe.container 'maine' is not a container of the pod; write one of main (identity-probe)
error [demo/shop/web] probe has no container that could be looked at; add a container to the pod (identity-probe)
error [demo/shop/web] containers.main.image 'nginx:1' is not the image that probe runs from, and a probe runs in its container; run the container from the image, or name another container in probe.container (identity-probe)
error [demo/shop/web] containers.main.readinessProbe is there already, and a container has no second one; leave it out, or probe (identity-probe)
error [demo/shop/web] containers.main.startupProbe is there already, and a container has no second one; leave it out, or probe.startup (identity-probe)"
`);
  });

  test('the probe that cdk8s-plus writes for a port', () => {
    const { cluster, shop } = newShop();
    const web = new Deployment(shop, 'web', {
      containers: [{ image: IMAGE.image, portNumber: 80, readiness: Probe.fromHttpGet('/') }],
    });
    cluster.giveIdentity(web, { image: IMAGE, probe: { readiness: {}, startup: {} } });
    expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] containers.main.readinessProbe is there already, and a container has no second one; leave it out, or probe.readiness (identity-probe)
error [demo/shop/web] containers.main.startupProbe is there already, and a container has no second one; leave it out, or probe.startup (cdk8s-plus adds one to a container with portNumber, and none to one with ports) (identity-probe)"
`);
    // What the workload says stands.
    expect(ApiObject.of(web).toJson().spec.template.spec.containers[0].readinessProbe.httpGet.path).toBe('/');
  });
});
