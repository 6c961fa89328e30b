import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltImage, ImagePlatform } from '../lib/image-build';
import type { Program } from './fresh-process';
import { ofPlatform, unpackLayer } from './image-layers';

/** Where a container finds the Workload API, as in a pod. */
const MOUNTED = '/spiffe-workload-api';

/** Why no container can be started here; undefined if one can. */
export function whyNoContainer(): string | undefined {
  if (process.platform !== 'linux') return 'THIS IS NO LINUX: the start of a container is missing';
  if (process.getuid?.() !== 0) return 'NOT RUN BY root: the start of a container is missing';
  if (spawnSync('runc', ['--version']).status !== 0)
    return 'THERE IS NO runc ON THE PATH: the start of a container is missing';
  return undefined;
}

/** The files of an image, out of its layers, and ways to start its Node.js. */
export class UnpackedImage {
  private readonly root: string;

  /** @param folder is filled */
  constructor(
    private readonly folder: string,
    image: BuiltImage,
    platform: ImagePlatform,
  ) {
    this.root = join(folder, 'rootfs');
    for (const { digest } of ofPlatform(image, platform).layers) unpackLayer(image.layout, digest, this.root);
  }

  /** Node.js on this machine itself: no container, the same program. */
  onHost(label: string, args: readonly string[], socket: string): Program {
    const node = join(this.root, 'usr/local/bin/node');
    const inRoot = args.map((word) => (word.startsWith('/') ? join(this.root, word) : word));
    return {
      label,
      command: node,
      args: inRoot,
      cwd: this.folder,
      env: { SPIFFE_ENDPOINT_SOCKET: `unix://${socket}` },
    };
  }

  /**
   * Node.js in a container by runc, as a pod has it that is `restricted`: nothing can be written, no capability, and of the machine the
   * folder of the Workload API alone.
   *
   * @see https://github.com/opencontainers/runtime-spec/blob/v1.1.0/config.md
   */
  inContainer(name: string, args: readonly string[], socket: string): Program {
    const bundle = join(this.folder, name);
    const [socketFolder, socketName] = [socket.slice(0, socket.lastIndexOf('/')), socket.split('/').at(-1)];
    const bind = { type: 'bind', source: socketFolder, options: ['rbind', 'nosuid', 'nodev', 'noexec', 'ro'] };
    const config = {
      ociVersion: '1.0.2',
      root: { path: this.root, readonly: true },
      process: {
        user: { uid: 65532, gid: 65532 },
        args: ['/usr/local/bin/node', ...args],
        env: ['NODE_ENV=production', `SPIFFE_ENDPOINT_SOCKET=unix://${MOUNTED}/${socketName}`],
        cwd: '/app',
        capabilities: {},
        noNewPrivileges: true,
      },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
        { destination: MOUNTED, ...bind },
      ],
      linux: { namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })) },
    };
    mkdirSync(bundle, { recursive: true });
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
    const runc = [
      '--root',
      join(this.folder, 'state'),
      'run',
      '--bundle',
      bundle,
      `spirekit-bench-${name}-${process.pid}`,
    ];
    return { label: `${name}, container`, command: 'runc', args: runc, cwd: this.folder };
  }
}
