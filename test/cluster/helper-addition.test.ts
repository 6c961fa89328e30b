import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment, k8s } from 'cdk8s-plus-28';
import { App } from '../../lib';
import type { HelperOptions } from '../../lib/cluster';
import { OpenShiftCluster } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { find, findings, type Manifest, podOf } from '../spire/installation';
import { IMAGE, newShop, plain, podGiven, said } from './program-image';

const helper: HelperOptions = { as: 'sidecar', folder: '/run/svid' };
const main = { name: 'main', image: 'nginx:1' };

/** The pod of a plain Deployment with a helper. */
const given = (spec: object = {}, options: Partial<HelperOptions> = {}, kind = 'Deployment'): Manifest =>
  podGiven({ image: IMAGE, helper: { ...helper, ...options } }, { ...spec, kind });

test('a sidecar starts first, and the containers may read its files', () => {
  const { initContainers, containers, volumes, securityContext } = given();
  expect({ initContainers, containers, volumes, securityContext }).toMatchInlineSnapshot(`
{
  "containers": [
    {
      "env": [
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "registry.example.com/shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000000",
      "name": "main",
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
      },
      "volumeMounts": [
        {
          "mountPath": "/run/svid",
          "name": "spiffe-svid",
          "readOnly": true,
        },
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
  "initContainers": [
    {
      "command": [
        "/usr/local/bin/node",
        "/app/spirekit/runtime.cjs",
        "helper",
        "--folder=/run/svid",
        "--key-mode=0600",
      ],
      "env": [
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "registry.example.com/shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000000",
      "name": "spiffe-helper",
      "resources": {
        "limits": {
          "memory": "128Mi",
        },
        "requests": {
          "cpu": "10m",
          "memory": "64Mi",
        },
      },
      "restartPolicy": "Always",
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
        "readOnlyRootFilesystem": true,
        "runAsGroup": 65532,
        "runAsNonRoot": true,
        "runAsUser": 65532,
        "seccompProfile": {
          "type": "RuntimeDefault",
        },
      },
      "startupProbe": {
        "exec": {
          "command": [
            "/usr/local/bin/node",
            "-e",
            "require('node:fs').accessSync(process.argv[1])",
            "/run/svid/svid.pem",
          ],
        },
        "failureThreshold": 150,
        "periodSeconds": 2,
        "timeoutSeconds": 5,
      },
      "volumeMounts": [
        {
          "mountPath": "/run/svid",
          "name": "spiffe-svid",
        },
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
  "securityContext": {
    "runAsNonRoot": true,
    "seccompProfile": {
      "type": "RuntimeDefault",
    },
  },
  "volumes": [
    {
      "emptyDir": {
        "medium": "Memory",
        "sizeLimit": "16Mi",
      },
      "name": "spiffe-svid",
    },
    {
      "csi": {
        "driver": "csi.spiffe.io",
        "readOnly": true,
      },
      "name": "spiffe-workload-api",
    },
  ],
}
`);
});

test('an init container writes the files once', () => {
  const [container] = given({}, { as: 'init' }, 'Job').initContainers;
  expect(container.command).toContain('--once');
  expect(container).not.toHaveProperty('restartPolicy');
  expect(container).not.toHaveProperty('startupProbe');
});

test('other containers that start first come after it, and read its files too', () => {
  const pod = given({ initContainers: [{ name: 'migrate', image: 'migrate:1' }] });
  expect(pod.initContainers.map(({ name }: Manifest) => name)).toEqual(['spiffe-helper', 'migrate']);
  expect(pod.initContainers[1].volumeMounts).toContainEqual({
    name: 'spiffe-svid',
    mountPath: '/run/svid',
    readOnly: true,
  });
  expect(pod.containers[0].name).toBe('main');
});

test('the health server takes the place of a look at the files', () => {
  const [{ ports, startupProbe, readinessProbe, livenessProbe }] = given({}, { health: '0.0.0.0:8081' }).initContainers;
  expect({ ports, startupProbe, readinessProbe, livenessProbe }).toMatchInlineSnapshot(`
{
  "livenessProbe": {
    "httpGet": {
      "path": "/live",
      "port": "helper-health",
    },
  },
  "ports": [
    {
      "containerPort": 8081,
      "name": "helper-health",
    },
  ],
  "readinessProbe": {
    "httpGet": {
      "path": "/ready",
      "port": "helper-health",
    },
  },
  "startupProbe": {
    "failureThreshold": 150,
    "httpGet": {
      "path": "/ready",
      "port": "helper-health",
    },
    "periodSeconds": 2,
    "timeoutSeconds": 5,
  },
}
`);
});

test('the startup probe sees whether the files are there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helper-'));
  const [, ...args] = given({}, { folder, svidFile: 'tls.crt' }).initContainers[0].startupProbe.exec.command;
  const run = () => spawnSync(process.execPath, args).status;
  expect(run()).toBe(1);
  writeFileSync(join(folder, 'tls.crt'), '');
  expect(run()).toBe(0);
  rmSync(folder, { recursive: true });
});

test('a container may mount the files elsewhere', () => {
  const own = { name: 'spiffe-svid', mountPath: '/etc/tls', readOnly: true };
  const [container] = given({ containers: [{ ...main, volumeMounts: [own] }] }).containers;
  expect(container.volumeMounts.filter(({ name }: Manifest) => name === 'spiffe-svid')).toEqual([own]);
});

describe('who may read the key', () => {
  const who = (spec: object) => {
    const { initContainers, securityContext } = given(spec);
    const { runAsUser, runAsGroup, runAsNonRoot } = initContainers[0].securityContext;
    expect([runAsGroup, runAsNonRoot]).toEqual([65532, true]);
    const mode = initContainers[0].command.find((word: string) => word.startsWith('--key-mode='));
    return [runAsUser, mode.slice('--key-mode='.length), securityContext.supplementalGroups];
  };

  test('the one user that all containers have', () => {
    expect(who({ securityContext: { runAsUser: 7 }, containers: [main, { ...main, name: 'side' }] })).toEqual([
      7,
      '0600',
      undefined,
    ]);
    expect(who({ containers: [{ ...main, securityContext: { runAsUser: 7 } }] })).toEqual([7, '0600', undefined]);
    expect(who({ containers: [{ ...main, image: IMAGE.image }] })).toEqual([65532, '0600', undefined]);
  });

  test('else a group that all are in, which leaves other volumes alone', () => {
    const group = [65532, '0640', [65532]];
    expect(who({ containers: [main] })).toEqual(group);
    expect(who({ securityContext: { runAsUser: 0 }, containers: [main] })).toEqual(group);
    const side = { ...main, name: 'side', securityContext: { runAsUser: 8 } };
    expect(who({ securityContext: { runAsUser: 7 }, containers: [main, side] })).toEqual(group);
    const securityContext = { supplementalGroups: [5] };
    expect(who({ securityContext, containers: [main] })).toEqual([65532, '0640', [5, 65532]]);
    expect(who({ securityContext: { supplementalGroups: [65532] }, containers: [main] })).toEqual(group);
    const late = { ...main, image: IMAGE.image, securityContext: { runAsUser: fakeOutput() } };
    expect(who({ containers: [late] })).toEqual(group);
  });

  test('on OpenShift the platform gives all of them one user', () => {
    const cluster = new OpenShiftCluster(new App(), 'demo', {
      trustDomain: 'demo.example.com',
      clusterName: 'demo',
      appsDomain: 'apps.demo.example.com',
    } as never);
    cluster.giveIdentity(plain(cluster.addNamespace('shop'), 'web', { containers: [main] }), { image: IMAGE, helper });
    expect(findings(cluster).filter((line) => line.includes('shop/web'))).toEqual([]);
    const { securityContext, initContainers } = podOf(find(cluster, 'Deployment', 'web')).spec;
    expect(securityContext).not.toHaveProperty('supplementalGroups');
    expect(initContainers[0].securityContext).not.toHaveProperty('runAsUser');
    expect(initContainers[0].command).toContain('--key-mode=0640');
  });
});

test('the helper is hardened, whatever the pod is', () => {
  const pod = podGiven({ image: IMAGE, helper, harden: false });
  expect(pod.initContainers[0].securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  });
  expect(pod.containers[0]).not.toHaveProperty('securityContext');
});

test('cdk8s-plus and its level 1; rendered twice it is the same', () => {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(new Deployment(shop, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] }), {
    image: IMAGE,
    helper,
  });
  const labels = { app: 'api' };
  const template = { metadata: { labels }, spec: { containers: [main] } };
  const spec = { selector: { matchLabels: labels }, template };
  cluster.giveIdentity(new k8s.KubeDeployment(shop, 'api', { metadata: { name: 'api' }, spec }), {
    image: IMAGE,
    helper,
  });
  expect(findings(cluster)).toEqual([]);
  for (const name of ['web', 'api']) {
    const deployment = find(cluster, 'Deployment', name);
    expect(podOf(deployment).spec.initContainers.map((each: Manifest) => each.name)).toEqual(['spiffe-helper']);
    expect(find(cluster, 'Deployment', name)).toEqual(deployment);
  }
});

test('refused: what is in its way', () => {
  const mounted = (mountPath: string, readOnly?: boolean) => ({
    containers: [{ ...main, volumeMounts: [{ name: 'data', mountPath, ...(readOnly && { readOnly }) }] }],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  const withHelper = (options: object, fields = {}) =>
    said({ image: IMAGE, helper: { ...helper, ...options } }, fields);
  const text = [
    withHelper({ as: 'init' }),
    withHelper({ name: 'main' }),
    withHelper({ folder: '/spiffe-workload-api' }),
    withHelper({ folder: '/spiffe-workload-api/files' }),
    withHelper({}, mounted('/run/svid')),
    withHelper({}, mounted('/run/svid/more')),
    withHelper({}, mounted('/run', true)),
    withHelper({}, { volumes: [{ name: 'spiffe-svid', hostPath: { path: '/tmp' } }] }),
    withHelper({}, { initContainers: fakeOutput() }),
  ];
  expect(text.join('\n')).toMatchInlineSnapshot(`
"warning [demo/shop/web] helper.as 'init' writes the files once, and the pods of a Deployment go on when they have expired; write 'sidecar' (identity-helper)
error [demo/shop/web] helper.name 'main' is the name of another container of the pod; write another (identity-helper)
error [demo/shop/web] helper.folder '/spiffe-workload-api' is, holds or lies in '/spiffe-workload-api', where the Workload API is mounted; write another path (identity-helper)
error [demo/shop/web] helper.folder '/spiffe-workload-api/files' is, holds or lies in '/spiffe-workload-api', where the Workload API is mounted; write another path (identity-helper)
error [demo/shop/web] helper.folder '/run/svid' is in the way of volume 'data', mounted at '/run/svid' in container 'main'; write another path (identity-helper)
error [demo/shop/web] helper.folder '/run/svid' is in the way of volume 'data', mounted at '/run/svid/more' in container 'main'; write another path (identity-helper)
error [demo/shop/web] helper.folder '/run/svid' is in the way of volume 'data', mounted at '/run' in container 'main'; write another path (identity-helper)
error [demo/shop/web] has a volume of its own with the name 'spiffe-svid', in which the key would lie; give it another name, or leave it out (identity-helper)
error [demo/shop/web] initContainers is not a list that a container could be added to; write plain containers, or leave helper out (identity-helper)"
`);
  expect([withHelper({}, mounted('/run')), withHelper({}, mounted('/run/svid2', true))]).toEqual(['', '']);
});
