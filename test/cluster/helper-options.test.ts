import { readHelperOptions } from '../../runtime/src/programs/helper/helper-options';
import { fakeOutput } from '../core/fixtures';
import { IMAGE, podGiven, said } from './program-image';

const folder = '/run/svid';

/** What the helper itself reads from the command of its container. */
function read(helper: object, hint?: string) {
  const [container] = podGiven({
    image: IMAGE,
    ...(hint !== undefined && { hint }),
    helper: { as: 'sidecar', folder, ...helper },
  }).initContainers;
  const [node, runtime, program, ...args] = container.command;
  expect([node, runtime, program]).toEqual([IMAGE.programs.node, IMAGE.programs.runtime, 'helper']);
  return readHelperOptions(args);
}

test('without options the helper does what it does of itself', () => {
  const { keyMode, ...rest } = read({});
  expect(rest).toEqual((({ keyMode: _, ...own }) => own)(readHelperOptions([`--folder=${folder}`])));
  expect(keyMode).toBe(0o600);
});

test('every option is one that the helper reads', () => {
  const options = {
    svidFile: 'tls.crt',
    keyFile: 'tls.key',
    bundleFile: 'ca.crt',
    federatedFolder: 'peers',
    bundleMapFile: 'map.json',
    combinedFile: 'tls.pem',
    jwksFile: 'keys.json',
    jwtBundles: true,
    onRedaction: 'remove',
    hint: 'internal',
    log: 'json',
  };
  const { jwtSvid, health, ...rest } = read({
    ...options,
    jwtSvid: { 'vault.jwt': 'vault', 'both.jwt': ['a', 'b=c'] },
    fileMode: '0640',
    keyMode: '400',
    timeout: '90s',
    health: '[::]:8081',
  });
  expect(rest).toMatchObject({ ...options, folder, fileMode: 0o640, keyMode: 0o400, timeout: 90_000, once: false });
  expect([...jwtSvid]).toEqual([
    ['vault.jwt', ['vault']],
    ['both.jwt', ['a', 'b=c']],
  ]);
  expect(health).toEqual({ host: '::', port: 8081 });
});

test('the hint is that of the identity unless it says another', () => {
  expect(read({}, 'main').hint).toBe('main');
  expect(read({ hint: 'other' }, 'main').hint).toBe('other');
});

test('refused', () => {
  const sidecar = { as: 'sidecar', folder };
  const text = [
    'yes',
    {},
    fakeOutput(),
    { as: 'daemon', folder: 'run/svid' },
    { as: 'sidecar', folder: '/' },
    { as: 'sidecar', folder: '/run/../svid' },
    { as: 'sidecar', folder: '/run/svid/' },
    { as: 'sidecar', folder: '/run:svid' },
    { as: 'sidecar', folder: fakeOutput() },
    { ...sidecar, pid: 1 },
    { ...sidecar, name: 'Helper', svidFile: 'a/b', keyFile: '..key', bundleFile: '', combinedFile: 7 },
    { ...sidecar, svidFile: 'same.pem', keyFile: 'same.pem' },
    { ...sidecar, combinedFile: 'svid.pem', jwtSvid: { 'svid_key.pem': 'vault' } },
    { ...sidecar, jwtSvid: ['vault'], jwtBundles: 'yes' },
    { ...sidecar, jwtSvid: { '../x': 'vault', 'a.jwt': [], 'b.jwt': 7, 'c.jwt': '' } },
    { ...sidecar, fileMode: '0044', keyMode: 600, onRedaction: 'delete', log: 'xml' },
    { ...sidecar, timeout: '25h', health: '8081', resources: '64Mi' },
    { ...sidecar, health: '127.0.0.1:8081', timeout: '0s' },
    { ...sidecar, health: '0.0.0.0:70000', timeout: 30 },
  ].map((helper) => said({ image: IMAGE, helper }));
  text.push(said({ image: IMAGE, helper: { as: 'init', folder, health: '0.0.0.0:8081' } }, { kind: 'Job' }));
  expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] helper 'yes' is not an object; write its properties in braces (property-kind)
error [demo/shop/web] helper.as is missing; write 'sidecar', or 'init' for pods that end soon (identity-helper)
error [demo/shop/web] helper.folder is missing; write a path such as '/run/svid' (identity-helper)
error [demo/shop/web] helper is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (identity-helper)
error [demo/shop/web] helper.as 'daemon' is not a word that is known here; write one of init, sidecar (identity-helper)
error [demo/shop/web] helper.folder 'run/svid' is not an absolute path of a folder; write one such as '/run/svid' (identity-helper)
error [demo/shop/web] helper.folder '/' is not an absolute path of a folder; write one such as '/run/svid' (identity-helper)
error [demo/shop/web] helper.folder '/run/../svid' is not an absolute path of a folder; write one such as '/run/svid' (identity-helper)
error [demo/shop/web] helper.folder '/run/svid/' is not an absolute path of a folder; write one such as '/run/svid' (identity-helper)
error [demo/shop/web] helper.folder '/run:svid' is not an absolute path of a folder; write one such as '/run/svid' (identity-helper)
error [demo/shop/web] helper.folder is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (identity-helper)
error [demo/shop/web] helper.pid is not a property; write one of as, folder, name, svidFile, keyFile, bundleFile, federatedFolder, bundleMapFile, combinedFile, jwtSvid, jwtBundles, jwksFile, fileMode, keyMode, onRedaction, hint, timeout, health, log, resources (property-unknown)
error [demo/shop/web] helper.name 'Helper' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (identity-helper)
error [demo/shop/web] helper.svidFile 'a/b' is not a name of a file; write letters, digits, '.', '_' and '-', without a folder and not with '..' in front (identity-helper)
error [demo/shop/web] helper.keyFile '..key' is not a name of a file; write letters, digits, '.', '_' and '-', without a folder and not with '..' in front (identity-helper)
error [demo/shop/web] helper.bundleFile '' is empty; write it, or leave it out (identity-helper)
error [demo/shop/web] helper.combinedFile 7 is not text; write it in quotes (identity-helper)
error [demo/shop/web] helper.keyFile 'same.pem' is the name that svidFile has too; write another (identity-helper)
error [demo/shop/web] helper.combinedFile 'svid.pem' is the name that svidFile has too; write another (identity-helper)
error [demo/shop/web] helper.jwtSvid 'svid_key.pem' is the name that keyFile has too; write another (identity-helper)
error [demo/shop/web] helper.jwtSvid ["vault"] is not a map; write { 'token.jwt': 'audience' } (identity-helper)
error [demo/shop/web] helper.jwtBundles 'yes' is not a boolean; write true or false, without quotes (identity-helper)
error [demo/shop/web] helper.jwtSvid '../x' is not a name of a file; write letters, digits, '.', '_' and '-', without a folder and not with '..' in front (identity-helper)
error [demo/shop/web] helper.jwtSvid['a.jwt'] has no audience; name whom the token is for (identity-helper)
error [demo/shop/web] helper.jwtSvid['b.jwt'] 7 is not text; write it in quotes (identity-helper)
error [demo/shop/web] helper.jwtSvid['c.jwt'] '' is empty; write it, or leave it out (identity-helper)
error [demo/shop/web] helper.keyMode 600 is not text; write it in quotes (identity-helper)
error [demo/shop/web] helper.fileMode '0044' is not a mode in octal with which the owner can read; write one such as '0640' (identity-helper)
error [demo/shop/web] helper.onRedaction 'delete' is not a word that is known here; write one of keep, remove (identity-helper)
error [demo/shop/web] helper.log 'xml' is not a word that is known here; write one of json, text (identity-helper)
error [demo/shop/web] helper.timeout '25h' is longer than a day; write at most '24h' (identity-helper)
error [demo/shop/web] helper.health '8081' is not an address at which the kubelet reaches the pod; write one such as '0.0.0.0:8081', or '[::]:8081' (identity-helper)
error [demo/shop/web] helper.resources '64Mi' is not an object; write { limits: { memory: '128Mi' } } (identity-helper)
error [demo/shop/web] helper.timeout '0s' is too short; write at least '1ms' (identity-helper)
error [demo/shop/web] helper.health '127.0.0.1:8081' is not an address at which the kubelet reaches the pod; write one such as '0.0.0.0:8081', or '[::]:8081' (identity-helper)
error [demo/shop/web] helper.timeout 30 is not text; write a number with a unit, such as '1h30m' (identity-helper)
error [demo/shop/web] helper.health '0.0.0.0:70000' is not an address at which the kubelet reaches the pod; write one such as '0.0.0.0:8081', or '[::]:8081' (identity-helper)
error [demo/shop/web] helper.health is for a sidecar: nobody asks an init container; leave it out (identity-helper)"
`);
});
