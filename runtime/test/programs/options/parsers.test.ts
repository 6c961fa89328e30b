import * as parsers from '../../../src/programs/options/parsers';

type Parser = (text: string) => unknown;

test.each<[string, Parser, [string, unknown][]]>([
  [
    'duration',
    parsers.duration,
    [
      ['0s', 0],
      ['500ms', 500],
      ['1.5s', 1500],
      ['5m', 300_000],
      ['1h', 3_600_000],
      ['1.001s', 1001],
      ['1.5ms', 2],
      ['600h', 2_160_000_000],
    ],
  ],
  ['positiveDuration', parsers.positiveDuration, [['596h', 2_145_600_000]]],
  [
    'fileMode',
    parsers.fileMode,
    [
      ['0600', 0o600],
      ['640', 0o640],
      ['0444', 0o444],
    ],
  ],
  ['folderMode', parsers.folderMode, [['0755', 0o755]]],
  [
    'processId',
    parsers.processId,
    [
      ['1', 1],
      ['4194304', 4_194_304],
    ],
  ],
  ['signalName', parsers.signalName, [['SIGHUP', 'SIGHUP']]],
  [
    'listenAddress',
    parsers.listenAddress,
    [
      ['8081', { host: '127.0.0.1', port: 8081 }],
      ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
      ['[::]:0', { host: '::', port: 0 }],
    ],
  ],
  [
    'peerAddress',
    parsers.peerAddress,
    [
      ['db.shop.svc:5432', { host: 'db.shop.svc', port: 5432 }],
      ['[::1]:1', { host: '::1', port: 1 }],
    ],
  ],
  [
    'fileName',
    parsers.fileName,
    [
      ['svid.pem', 'svid.pem'],
      ['.hidden', '.hidden'],
    ],
  ],
])('%s reads', (_, parse, rows) => {
  expect(rows.map(([text]) => parse(text))).toEqual(rows.map(([, value]) => value));
});

test.each<[string, Parser, string[]]>([
  ['duration', parsers.duration, ['', '5', '-1s', '1 s', '1d', '1e3s', '1s ', '1.2345s', 's', '٣s']],
  ['positiveDuration', parsers.positiveDuration, ['0s', '0.0m', '0.4ms', '597h', '600h', '999999999h']],
  ['fileMode', parsers.fileMode, ['', '0', '0288', '07777', '4755', '0o600', '0200', '600 ']],
  ['folderMode', parsers.folderMode, ['0600', '0644', '0500']],
  ['processId', parsers.processId, ['', '0', '-1', '1.5', '0x10', '2147483648', '1 2', 'init']],
  ['signalName', parsers.signalName, ['', 'HUP', 'sighup', 'SIGNOPE', 'constructor', '1']],
  [
    'listenAddress',
    parsers.listenAddress,
    ['', ':80', 'localhost:80', '1.2.3.4', '::1:80', '0.0.0.0:65536', 'a@1.2.3.4:8'],
  ],
  ['peerAddress', parsers.peerAddress, ['', 'db', 'db:', 'db:0', 'db:70000', 'https://db:443', 'u@db:1', 'd b:1']],
  ['fileName', parsers.fileName, ['', '.', '..', '..data', 'a/b', '../a', 'a b', 'a\n', 'x'.repeat(256), 'ä']],
  ['anyText', parsers.anyText, ['', 'a\0b']],
  ['oneOf', parsers.oneOf('keep', 'remove'), ['', 'Keep', 'keep,remove']],
])('%s refuses, with the text and a remedy', (_, parse, texts) => {
  for (const text of texts) {
    expect(() => parse(text)).toThrow(/^'.*': .+; .+/s);
  }
});

test('a time that no timer waits for is refused, since the timer would not wait at all', () => {
  const longest = '2147483.647s';
  expect(parsers.positiveDuration(longest)).toBe(2 ** 31 - 1);
  expect(() => parsers.positiveDuration('2147483.648s')).toThrow(
    "'2147483.648s': is longer than can be waited for; write 596h at most",
  );
});
