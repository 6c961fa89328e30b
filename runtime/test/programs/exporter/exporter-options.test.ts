import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExporterOptions } from '../../../src/programs/exporter/exporter-options';
import { UsageError } from '../../../src/programs/usage-error';
import { TestAuthority } from '../../../src/testing';
import { newFolder, removeFolders } from '../helper/folders';

afterEach(removeFolders);

const OWN = ['--trust-domain', 'east.example'];
const west = ['--https-spiffe', 'west.example=https://bundle.west.example:8443'];
const westId = ['--endpoint-id', 'west.example=spiffe://west.example/spire/server'];

function faultsOf(...args: string[]): readonly string[] {
  try {
    readExporterOptions(args);
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.faults;
    throw error;
  }
}

function file(name: string, text: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, text);
  return path;
}

test('peers of all kinds, by name, and defaults', () => {
  const { peers, trustDomain, ...others } = readExporterOptions([
    ...OWN,
    ...west,
    ...westId,
    ...['--https-web', 'south.example=https://south.example/bundle?sig=a'],
    ...['--peer', 'north.example', '--peer', 'south.example', '--peer', 'a.example'],
  ]);
  expect(trustDomain.name).toBe('east.example');
  expect(JSON.parse(JSON.stringify(peers))).toEqual([
    { trustDomain: 'a.example' },
    { trustDomain: 'north.example' },
    { trustDomain: 'south.example', endpoint: { type: 'https_web', url: 'https://south.example/bundle?sig=a' } },
    {
      trustDomain: 'west.example',
      endpoint: {
        type: 'https_spiffe',
        url: 'https://bundle.west.example:8443/',
        endpointId: 'spiffe://west.example/spire/server',
      },
    },
  ]);
  expect(others).toEqual({
    socket: undefined,
    listen: { host: '127.0.0.1', port: 9464 },
    webRoots: [],
    proxy: undefined,
    noProxy: [],
    timeout: 15_000,
    log: 'text',
  });
});

test('the same from a file', () => {
  const config = file(
    'exporter.json',
    JSON.stringify({
      trustDomain: 'east.example',
      listen: '[::]:9988',
      peer: ['north.example'],
      httpsSpiffe: { 'west.example': 'https://bundle.west.example:8443' },
      endpointId: { 'west.example': 'spiffe://west.example/spire/server' },
      timeout: '5s',
      log: 'json',
    }),
  );
  expect(readExporterOptions(['--config', config])).toEqual(
    readExporterOptions([
      ...[...OWN, '--listen', '[::]:9988', ...west, ...westId],
      ...['--peer', 'north.example', '--timeout', '5s', '--log', 'json'],
    ]),
  );
});

test('authorities of the web are looked at', () => {
  const roots = file('roots.pem', new TestAuthority('web.invalid').certificate.toPem());
  const empty = file('empty.pem', '');
  const options = [...OWN, '--peer', 'west.example', '--web-roots', roots];
  expect(readExporterOptions(options).webRoots).toEqual([roots]);
  expect(faultsOf(...options, '--web-roots', empty, '--web-roots', '/no/such/file')).toEqual([
    `--web-roots '${empty}': bundle endpoint profile 'https_web': its roots have no certificate in PEM; pass the ` +
      "certificates of your authority, or leave 'roots' out for the public ones",
    "--web-roots '/no/such/file': ENOENT: no such file or directory, open '/no/such/file'",
  ]);
});

test('a proxy, and what goes without it', () => {
  const watched = [...OWN, '--peer', 'west.example'];
  const { proxy, noProxy } = readExporterOptions([
    ...watched,
    ...['--proxy', 'http://east:word@proxy.example:3128', '--no-proxy', '.svc', '--no-proxy', '10.0.0.0/8'],
  ]);
  expect([proxy?.href, noProxy]).toEqual(['http://east:word@proxy.example:3128/', ['.svc', '10.0.0.0/8']]);
  for (const wrong of ['https://east:word@proxy.example', 'proxy.example', 'http://']) {
    expect(faultsOf(...watched, '--proxy', wrong)).toEqual([
      "--proxy: is not the URL of an HTTP proxy; write one such as 'http://proxy.example:3128'",
    ]);
  }
  expect(faultsOf(...watched, '--no-proxy', '.svc')).toEqual([
    '--no-proxy: there is no --proxy; add it, or leave this out',
  ]);
});

test('all that is wrong is said at once', () => {
  expect(
    faultsOf(
      ...['--listen', 'localhost:80', '--colour', '--peer', 'East', '--peer', 'spiffe://west.example'],
      ...['--https-web', 'south.example=http://south.example', '--https-web', 'two.example=https://a'],
      ...['--https-web', 'two.example=https://b', '--https-spiffe', 'south.example=https://user@south.example'],
      ...[...west, '--endpoint-id', 'north.example=spiffe://north.example/a'],
      ...['--https-spiffe', 'root.example=https://root.example', '--endpoint-id', 'root.example=spiffe://root.example'],
      ...['--https-spiffe', 'ids.example=https://ids.example'],
      ...['--endpoint-id', 'ids.example=spiffe://ids.example/a', '--endpoint-id', 'ids.example=spiffe://ids.example/b'],
    ),
  ).toMatchInlineSnapshot(`
[
  "'--colour': no such option; there are --config, --trust-domain, --socket, --listen, --peer, --https-web, --https-spiffe, --endpoint-id, --web-roots, --proxy, --no-proxy, --timeout, --log",
  "--trust-domain: is missing",
  "--listen 'localhost:80': is no address to listen at; write one such as '8081', which is 127.0.0.1:8081, '0.0.0.0:8081' or '[::]:8081'",
  "--peer 'East': trust domain 'East' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
  "--peer 'spiffe://west.example': is no name of a trust domain; write 'west.example'",
  "--https-web 'south.example': bundle endpoint URL 'http://south.example': must begin with 'https://' and a host; a bundle endpoint that cannot prove who it is cannot be trusted",
  "--https-web 'two.example': has 2 URLs; a bundle has one endpoint",
  "--https-spiffe 'south.example': bundle endpoint URL 'https://(user)@south.example': must not name a user; remove everything from '//' to '@'",
  "--https-spiffe 'south.example': nothing says who has to answer; add --endpoint-id south.example=SPIFFE-ID",
  "--https-spiffe 'south.example': is a --https-web too; a bundle has one endpoint",
  "--https-spiffe 'west.example': nothing says who has to answer; add --endpoint-id west.example=SPIFFE-ID",
  "--endpoint-id 'root.example': bundle endpoint profile 'https_spiffe': the endpoint ID 'spiffe://root.example' is that of a trust domain, which no server has; ask its operator, who of SPIRE will say 'spiffe://root.example/spire/server'",
  "--endpoint-id 'ids.example': has 2 IDs; a server has one",
  "--endpoint-id 'north.example': is no --https-spiffe; add that, or leave the ID out",
]
`);
});

test('the own trust domain is no peer', () => {
  expect(faultsOf(...OWN, '--peer', 'east.example', '--https-web', 'east.example=https://east.example')).toEqual([
    "--peer 'east.example': is the own trust domain; name foreign ones",
    "--https-web 'east.example': is the own trust domain; name foreign ones",
  ]);
});

test('without peers there is nothing to show', () => {
  expect(faultsOf(...OWN)).toEqual(['--peer: nobody is named; add it, --https-web or --https-spiffe']);
  expect(faultsOf()).toEqual([
    '--trust-domain: is missing',
    '--peer: nobody is named; add it, --https-web or --https-spiffe',
  ]);
});

test('words after -- are nothing', () => {
  expect(faultsOf(...OWN, '--peer', 'west.example', '--', 'true')).toEqual([
    "'true': nothing is expected after '--'; remove it",
  ]);
});
