import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { digestOf, ImageReference } from '../../../lib/image';
import { pullImage, pushImage } from '../../../lib/image-build/registry';
import { bytes, MemoryImage, MemorySink } from '../../image-build/registry/images';
import { withoutLogins } from '../../image-build/registry/without-logins';
import { DockerRegistry, LOGIN } from '../support/docker-registry';
import { must, run } from '../support/run';

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'spirekit-image-'));
const logins = withoutLogins();
let registry: DockerRegistry;
let guarded: DockerRegistry;

beforeAll(async () => {
  [registry, guarded] = await Promise.all([DockerRegistry.start(), DockerRegistry.start({ isGuarded: true })]);
});

afterAll(async () => {
  await Promise.all([registry?.end(), guarded?.end()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A layer with one file. */
function layer(name: string, content: Buffer): Buffer {
  const source = mkdtempSync(join(folder, 'layer-'));
  writeFileSync(join(source, name), content);
  const file = join(source, 'layer.tar');
  create({ cwd: source, file, sync: true, portable: true, mtime: new Date(0) }, [name]);
  return gzipSync(readFileSync(file));
}

const large = layer('large', bytes(8 * MIB));
const image = new MemoryImage([large, layer('small', bytes(1000))], {
  sbom: true,
  own: (platform) => layer('platform', Buffer.from(platform)),
});
const shortOf = (digest: string) => digest.replace(':', '-');

describe('docker-registry without TLS', () => {
  const target = () => ImageReference.parse(`${registry.host}/shop/server:1.0`);

  test('takes an image; skopeo sees both platforms, and copies every byte of it', async () => {
    const { reference, digest } = await pushImage(image, target());
    expect(reference).toBe(`${registry.host}/shop/server:1.0@${image.root.digest}`);
    const raw = must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${registry.host}/shop/server:1.0`]);
    expect(digestOf(raw)).toBe(digest);
    for (const architecture of ['amd64', 'arm64']) {
      const options = ['--override-arch', architecture, '--override-os', 'linux', 'inspect', '--tls-verify=false'];
      const shown = JSON.parse(must('skopeo', [...options, `docker://${registry.host}/shop/server:1.0`]));
      expect([shown.Architecture, shown.Layers.length]).toEqual([architecture, 3]);
    }
    const layout = join(folder, 'copied');
    const from = `docker://${registry.host}/shop/server@${digest}`;
    must('skopeo', ['copy', '--all', '--src-tls-verify=false', from, `oci:${layout}:copied`]);
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    expect(index.manifests[0].digest).toBe(digest);
    expect(digestOf(readFileSync(join(layout, 'blobs', ...digestOf(large).split(':'))))).toBe(digestOf(large));
  });

  test('is sent nothing the second time', async () => {
    const before = registry.requests().length;
    const notes: (string | undefined)[] = [];
    const progress = { step: () => ({ advance: () => undefined, done: (note?: string) => void notes.push(note) }) };
    await pushImage(image, target(), { progress });
    const requests = registry.requests().slice(before);
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([]);
    expect(notes.filter((note) => note === 'already there').length).toBeGreaterThan(8);
  });

  test('lists the bill of materials under the tag for it, and skopeo reads it there', () => {
    const tag = shortOf(image.root.digest);
    const at = `docker://${registry.host}/shop/server`;
    const listed = JSON.parse(must('skopeo', ['inspect', '--raw', '--tls-verify=false', `${at}:${tag}`]));
    expect(listed.manifests).toEqual([
      {
        ...image.referrers[0],
        artifactType: 'application/vnd.cyclonedx+json',
        annotations: { 'org.opencontainers.image.title': 'bom' },
      },
    ]);
    const bom = `${at}@${image.referrers[0]?.digest}`;
    const manifest = JSON.parse(must('skopeo', ['inspect', '--raw', '--tls-verify=false', bom]));
    expect(manifest.subject.digest).toBe(image.root.digest);
    must('skopeo', ['copy', '--src-tls-verify=false', bom, `dir:${join(folder, 'bom')}`]);
  });

  test('gives the image back', async () => {
    const sink = new MemorySink();
    const reference = target().withDigest(image.root.digest);
    const pulled = await pullImage(reference, ['linux/amd64', 'linux/arm64'], sink);
    expect(pulled.get('linux/arm64')?.config.architecture).toBe('arm64');
    expect(sink.content.size).toBe(4);
    expect(sink.content.get(digestOf(large))?.equals(large)).toBe(true);
  });

  test('gives an image that skopeo pushed with types of Docker', async () => {
    const layout = join(folder, 'copied');
    const at = `${registry.host}/docker/base`;
    must('skopeo', [
      ...['--override-arch', 'amd64', '--override-os', 'linux', 'copy', '--dest-tls-verify=false', '--format', 'v2s2'],
      ...[`oci:${layout}:copied`, `docker://${at}:1`],
    ]);
    const raw = must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${at}:1`]);
    const reference = ImageReference.parse(at).withDigest(digestOf(raw));
    const sink = new MemorySink();
    const pulled = await pullImage(reference, ['linux/amd64'], sink);
    expect(pulled.get('linux/amd64')?.layers.map(({ mediaType }) => mediaType)).toEqual(
      Array(3).fill('application/vnd.docker.image.rootfs.diff.tar.gzip'),
    );
    expect(sink.content.size).toBe(3);
  });

  describe('behind a line that breaks', () => {
    let line: BreakingLine;
    beforeAll(async () => {
      line = await BreakingLine.start(registry.port);
    });
    afterAll(() => line.end());

    test('has the whole image in the end', async () => {
      line.breaks = [3 * MIB];
      const to = ImageReference.parse(`localhost:${line.port}/broken/once:1`);
      await pushImage(image, to, { pause: 10 });
      expect(line.breaks).toEqual([]);
      const raw = must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${registry.host}/broken/once:1`]);
      expect(digestOf(raw)).toBe(image.root.digest);
      must('skopeo', [
        ...['copy', '--all', '--src-tls-verify=false', `docker://${registry.host}/broken/once:1`],
        `oci:${join(folder, 'once')}:1`,
      ]);
    });

    test('has no tag when it is given up, and what it has is not sent again', async () => {
      line.breaks = Array(10).fill(3 * MIB);
      const to = ImageReference.parse(`localhost:${line.port}/broken/often:1`);
      await expect(pushImage(image, to, { pause: 1, tries: 2 })).rejects.toThrow(/^registry 'localhost:\d+' dropped/);
      expect(run('skopeo', ['inspect', '--tls-verify=false', `docker://${registry.host}/broken/often:1`]).text).toMatch(
        /manifest unknown|name unknown/,
      );
      line.breaks = [];
      const notes: (string | undefined)[] = [];
      const progress = { step: () => ({ advance: () => undefined, done: (note?: string) => void notes.push(note) }) };
      await pushImage(image, to, { progress });
      expect(notes.filter((note) => note === 'already there').length).toBeGreaterThan(0);
      must('skopeo', ['inspect', '--tls-verify=false', `docker://${registry.host}/broken/often:1`]);
    });
  });
});

describe('docker-registry with TLS and a password', () => {
  const target = () => ImageReference.parse(`${guarded.host}/shop/server:1.0`);
  const ca = () => guarded.certificate?.ca;

  test('is not spoken to before its authority is known', async () => {
    await expect(pushImage(image, target())).rejects.toThrow(
      `registry '${guarded.host}' has a certificate of an authority that is not known here; if it is a private one, pass its certificate as 'ca', or put it into '/etc/docker/certs.d/${guarded.host}/ca.crt'`,
    );
  });

  test('lets nobody in without credentials', async () => {
    await expect(pushImage(image, target(), { ca: ca() })).rejects.toThrow(
      `registry '${guarded.host}' lets nobody push to repository 'shop/server' without credentials (401), and there are none for it in '${join(logins, 'config.json')}'; run 'docker login ${guarded.host}'`,
    );
  });

  test('refuses wrong ones, which are not told', async () => {
    const credentials = { username: 'somebody', password: 'not-this-one' };
    const error = await pushImage(image, target(), { ca: ca(), credentials }).catch((thrown) => thrown);
    expect(error.message).toBe(
      `registry '${guarded.host}' refuses user 'somebody' from option 'credentials' to push to repository 'shop/server' (401); check the credentials, or renew them by 'docker login ${guarded.host}'`,
    );
  });

  test('takes the image by what skopeo login has left, and by certificates in a folder', async () => {
    mkdirSync(logins, { recursive: true });
    must('skopeo', [
      ...['login', '--authfile', join(logins, 'config.json'), '--cert-dir', guarded.certificates],
      ...['--username', LOGIN.username, '--password', LOGIN.password, guarded.host],
    ]);
    const certificatesFolder = join(guarded.folder, 'certs.d');
    mkdirSync(join(certificatesFolder, guarded.host), { recursive: true });
    writeFileSync(join(certificatesFolder, guarded.host, 'ca.crt'), ca() ?? '');
    const { digest } = await pushImage(image, target(), { certificatesFolder });
    const options = ['--cert-dir', guarded.certificates, '--creds', `${LOGIN.username}:${LOGIN.password}`];
    const raw = must('skopeo', ['inspect', '--raw', ...options, `docker://${guarded.host}/shop/server:1.0`]);
    expect(digestOf(raw)).toBe(digest);
    const sink = new MemorySink();
    await pullImage(target().withDigest(digest), ['linux/amd64'], sink, { certificatesFolder });
    expect(sink.content.size).toBe(3);
  });
});

/** Passes connections on, and breaks them after so many bytes. */
class BreakingLine {
  /** For connections that send as much: after how many bytes the next one breaks. */
  breaks: number[] = [];

  private constructor(private readonly server: Server) {}

  static async start(port: number): Promise<BreakingLine> {
    const server = createServer();
    const line = new BreakingLine(server);
    server.on('connection', (socket) => {
      const other = connect(port, '127.0.0.1');
      let count = 0;
      socket.on('data', (chunk) => {
        count += chunk.length;
        const [limit] = line.breaks;
        if (limit === undefined || count < limit) return;
        line.breaks.shift();
        socket.destroy();
        other.destroy();
      });
      socket.on('error', () => other.destroy());
      other.on('error', () => socket.destroy());
      socket.pipe(other).pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}
