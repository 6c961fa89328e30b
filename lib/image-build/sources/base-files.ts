import { type ImagePlatform, NONROOT_ID } from '../../image';
import type { LayerEntry } from '../layer-entry';

const HOME = 'home/nonroot';

const PASSWD = `root:x:0:0:root:/root:/sbin/nologin
nonroot:x:${NONROOT_ID}:${NONROOT_ID}:nonroot:/${HOME}:/sbin/nologin
`;

const GROUP = `root:x:0:
nonroot:x:${NONROOT_ID}:
`;

/** Kubernetes and Docker lay their own over it; runc alone does not. */
const HOSTS = `127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
`;

const NSSWITCH = `passwd: files
group: files
hosts: files dns
`;

/** What a system has to have beside its libraries: users, how names are looked up, and the folders that others mount into. */
export function baseFiles(platform: ImagePlatform): LayerEntry[] {
  const file = (path: string, text: string): LayerEntry => ({
    type: 'file',
    path,
    mode: 0o644,
    content: Buffer.from(text),
  });
  const folder = (path: string, mode = 0o755): LayerEntry => ({ type: 'folder', path, mode });
  const links: LayerEntry[] = [{ type: 'link', path: 'lib', target: 'usr/lib' }];
  // Where binaries of amd64 look for their loader.
  if (platform === 'linux/amd64') links.push({ type: 'link', path: 'lib64', target: 'usr/lib64' });
  return [
    ...links,
    file('etc/group', GROUP),
    file('etc/hosts', HOSTS),
    file('etc/nsswitch.conf', NSSWITCH),
    file('etc/passwd', PASSWD),
    ...['app', 'dev', HOME, 'proc', 'root', 'run', 'sys', 'var'].map((path) => folder(path)),
    folder('tmp', 0o1777),
    { type: 'link', path: 'var/run', target: '../run' },
  ];
}
