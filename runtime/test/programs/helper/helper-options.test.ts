import { readHelperOptions } from '../../../src/programs/helper/helper-options';
import { UsageError } from '../../../src/programs/usage-error';

function faultsOf(...args: string[]): readonly string[] {
  try {
    readHelperOptions(['--folder', '/f', ...args]);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).faults;
  }
}

test('defaults', () => {
  expect(readHelperOptions(['--folder', '/f'])).toMatchObject({
    svidFile: 'svid.pem',
    keyMode: 0o600,
    fileMode: 0o644,
    onRedaction: 'keep',
    health: undefined,
    command: [],
  });
});

test('no two files have one name', () => {
  expect(faultsOf('--svid-file', 'a', '--key-file', 'a', '--jwt-svid', 'svid_bundle.pem=x')).toEqual([
    "--key-file 'a': is the name that --svid-file has; write another",
    "--jwt-svid 'svid_bundle.pem': is the name that --bundle-file has; write another",
  ]);
  // The file is written only if it is asked for.
  expect(faultsOf('--svid-file', 'jwks.json')).toEqual([]);
  expect(faultsOf('--svid-file', 'jwks.json', '--jwt-bundles')).toHaveLength(1);
});

test('files stay in the folder', () => {
  expect(faultsOf('--key-file', '../key', '--jwt-svid', '..data=x')).toEqual([
    expect.stringContaining("--key-file '../key': is no name of a file"),
    expect.stringContaining("--jwt-svid '..data': is no name of a file"),
  ]);
});

test('who is signalled', () => {
  expect(faultsOf('--signal', 'SIGHUP')).toEqual(['--signal: no process is named; add --pid or --pid-file']);
  expect(faultsOf('--pid', '7', '--pid-file', '/f')).toEqual(['--pid-file: there is a --pid too; write one of them']);
  expect(faultsOf('--pid', '7')).toEqual([]);
});
