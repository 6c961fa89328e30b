import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleEndpointProfile } from '../../../lib';
import { readExporterOptions } from '../../../runtime/src/programs/exporter/exporter-options';
import { proxyChoice } from '../../../runtime/src/programs/exporter/proxy';
import { NO_PROXY_CASES } from '../../core/no-proxy-cases';
import { find } from '../../spire/installation';
import { WEB_ROOT } from '../fixtures-certificates';
import { Program, partner } from './fixtures';

test('the program takes what the ConfigMap tells it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  try {
    const program = new Program();
    const proxy = { https: 'http://proxy.example.com:3128', noProxy: ['.svc', '10.0.0.0/8'] };
    const east = program.kubernetes('east', { server: { proxy } });
    program.mesh([
      east,
      partner('north.example', { trust: { type: 'private', roots: WEB_ROOT } }),
      partner('south.example', { profile: BundleEndpointProfile.httpsSpiffe('spiffe://south.example/spire/server') }),
    ]);
    const { data } = find(east, 'ConfigMap', 'spirekit-exporter');
    // Where they are mounted, there is nothing here.
    const config = data['exporter.json'].replaceAll('/run/spirekit/exporter', folder);
    for (const [name, text] of Object.entries({ ...data, 'exporter.json': config })) {
      writeFileSync(join(folder, name), String(text));
    }
    const options = readExporterOptions([`--config=${join(folder, 'exporter.json')}`]);
    expect(JSON.parse(JSON.stringify(options))).toEqual({
      trustDomain: 'east.example.com',
      socket: 'unix:///spiffe-workload-api/spire-agent.sock',
      listen: { host: '0.0.0.0', port: 9464 },
      webRoots: [join(folder, 'roots.pem')],
      proxy: 'http://proxy.example.com:3128/',
      noProxy: ['.svc', '10.0.0.0/8'],
      timeout: 15_000,
      log: 'text',
      peers: [
        { trustDomain: 'north.example', endpoint: { type: 'https_web', url: 'https://bundles.north.example/' } },
        {
          trustDomain: 'south.example',
          endpoint: {
            type: 'https_spiffe',
            url: 'https://bundles.south.example/',
            endpointId: 'spiffe://south.example/spire/server',
          },
        },
      ],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(NO_PROXY_CASES)("NO_PROXY='%s' and %s: the exporter goes without the proxy: %s", (noProxy, url, direct) => {
  const proxyFor = proxyChoice(new URL('http://proxy.example:3128'), [noProxy]);
  expect(proxyFor(new URL(url)) === undefined).toBe(direct);
});
