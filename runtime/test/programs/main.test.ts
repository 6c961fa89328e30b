import { version } from '../../package.json';
import { endAll, run, start } from './run';

afterEach(endAll);

test('help and version', async () => {
  const help = await run(['--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('usage: spirekit-runtime PROGRAM [OPTIONS]');
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['helper', 'probe', 'exporter', 'handshake', 'harness'])('%s --help', async (program) => {
  const help = await run([program, '--help']);
  expect(help).toEqual({ code: 0, stdout: expect.stringContaining(`usage: spirekit-runtime ${program}`), stderr: '' });
  expect(help.stdout).toContain('Exit codes: 0');
});

test.each([
  [[], 'spirekit-runtime: no program is named; there are helper, probe, exporter, handshake, harness\n'],
  [['prob'], "spirekit-runtime: 'prob' is no program; there are helper, probe, exporter, handshake, harness\n"],
  [
    ['constructor'],
    "spirekit-runtime: 'constructor' is no program; there are helper, probe, exporter, handshake, harness\n",
  ],
  [['--probe'], "spirekit-runtime: '--probe' is no program; there are helper, probe, exporter, handshake, harness\n"],
])('no program: %p', async (args, message) => {
  expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});

test('wrong options end with 2 and all that is wrong', async () => {
  expect(await run(['harness', '--port', '1', '--verbose'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      "spirekit-runtime harness: '1': is no option; remove it\n" +
      "spirekit-runtime harness: '--port', '--verbose': no such option; there are none\n" +
      'spirekit-runtime harness --help shows all options\n',
  });
});

test('--help behind -- belongs to the command', async () => {
  const { code, stderr } = await run(['helper', '--', 'true', '--help']);
  expect([code, stderr.split('\n')[0]]).toEqual([2, 'spirekit-runtime helper: --folder: is missing']);
});

test('it runs as a process, and its exit code is that of the program', async () => {
  const { ended } = start(['probe', '--dial', 'db:1']);
  expect(await ended).toEqual({
    code: 2,
    stdout: '',
    stderr:
      "spirekit-runtime probe: --dial: nothing says who has to answer; add --expect and the server's SPIFFE ID\n" +
      'spirekit-runtime probe --help shows all options\n',
  });
});
