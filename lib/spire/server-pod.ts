import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { restrictedContainer, restrictedPod } from '../kube';
import { type ServerConf, serverConfUsesEnv } from './config';
import type { SpireLayout } from './layout';
import type { ServerPlugin } from './plugins';
import { healthProbes, pluginMounts, pluginVolumes, secretEnv, spreadOverNodes } from './pod';
import type { TelemetryParts } from './read-telemetry';
import type { FederationPodParts } from './server-federation';
import type { SpireServerProps } from './server-props';
import { proxyEnv } from './server-proxy';

/** Where the server keeps its database and its keys. */
export const DATA = '/run/spire/data';
/** Where SPIRE's own commands look for the API, so that `kubectl exec … spire-server entry show` needs no flag. */
export const SOCKETS = '/tmp/spire-server/private';
/** Name of the volume with the API's private socket. */
export const SOCKET_VOLUME = 'spire-server-socket';
/** Name of the volume claim. */
export const DATA_VOLUME = 'spire-data';

const CONFIG = '/run/spire/config';

/** For configuration that names the replica, such as the identifier of a key. */
const POD_NAME = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

/** Everything that becomes part of the server's pod. */
export interface ServerPodParts {
  readonly layout: SpireLayout;
  readonly props: SpireServerProps;
  readonly conf: ServerConf;
  readonly plugins: readonly ServerPlugin[];
  /** Whether a claim keeps the data; else it goes with the pod. */
  readonly keepsData: boolean;
  readonly sidecars: readonly Container[];
  readonly extraVolumes: readonly Volume[];
  readonly federation: FederationPodParts;
  readonly telemetry: TelemetryParts;
}

/** The server's pod. */
export function serverPod(parts: ServerPodParts): PodSpec {
  const { layout, props, conf, plugins, keepsData, sidecars, extraVolumes, federation, telemetry } = parts;
  const usesEnv = serverConfUsesEnv(conf);
  return {
    serviceAccountName: layout.server.name,
    automountServiceAccountToken: true, // for token reviews and the bundle's ConfigMap
    securityContext: restrictedPod,
    ...(props.nodeSelector && { nodeSelector: { ...props.nodeSelector } }),
    ...(props.tolerations && { tolerations: [...props.tolerations] }),
    ...((props.replicas ?? 1) > 1 && {
      topologySpreadConstraints: spreadOverNodes(layout.selector(layout.server.name)),
    }),
    containers: [
      {
        name: 'spire-server',
        image: layout.image('spireServer'),
        command: ['/opt/spire/bin/spire-server', 'run'],
        args: ['-config', `${CONFIG}/server.conf`, ...(usesEnv ? ['-expandEnv'] : [])],
        env: [...secretEnv(plugins), ...(usesEnv ? [POD_NAME] : []), ...federation.env, ...proxyEnv(props.proxy)],
        ports: [
          { name: 'grpc', containerPort: layout.server.port },
          { name: 'healthz', containerPort: layout.server.healthPort },
          ...telemetry.ports,
          ...federation.ports,
        ],
        ...healthProbes('healthz'),
        resources: props.resources ?? { requests: { cpu: '50m', memory: '128Mi' } },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: 'config', mountPath: CONFIG, readOnly: true },
          { name: DATA_VOLUME, mountPath: DATA },
          { name: SOCKET_VOLUME, mountPath: SOCKETS },
          ...pluginMounts(plugins),
          ...telemetry.mounts,
          ...federation.mounts,
        ],
      },
      ...sidecars,
    ],
    volumes: [
      { name: 'config', configMap: { name: layout.server.name } },
      { name: SOCKET_VOLUME, emptyDir: { medium: 'Memory' } },
      ...(keepsData ? [] : [{ name: DATA_VOLUME, emptyDir: {} }]),
      ...pluginVolumes(plugins),
      ...telemetry.volumes,
      ...federation.volumes,
      ...extraVolumes,
    ],
  };
}
