import { logLines } from '../../../lib/verify/observe/log-lines';
import { recorded } from '../recorded';

test('logfmt of a server', () => {
  const lines = logLines(recorded('server-log.txt'));
  expect(lines).toHaveLength(14);
  expect(lines.find(({ level }) => level === 'error')).toMatchObject({
    time: new Date('2026-11-29T15:10:26.676Z'),
    message: 'Error updating bundle',
    fields: {
      error:
        'failed to fetch federated bundle from endpoint: failed to fetch bundle: Get "https://127.0.0.1:28445": ' +
        'dial tcp 127.0.0.1:28445: connect: connection refused',
      subsystem_name: 'bundle_client',
      trust_domain: 'gone.example.com',
    },
  });
});

test('JSON of a server', () => {
  expect(
    logLines(recorded('server-log.jsonl')).map(({ time, level, message }) => [time instanceof Date, level, message]),
  ).toContainEqual([true, 'info', 'Logger service configured']);
});

test('the console form of a controller manager, with and without the name of a logger', () => {
  const lines = logLines(recorded('manager-log.txt'));
  expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'info: Logger configured',
    'info: Config loaded',
    'error: Failed to create entry',
    expect.any(String),
    'error: Failed to create entry',
  ]);
  expect(lines[2]?.fields.error).toContain('unable to find federated bundle "spiffe://nobody.example.com"');
  expect(logLines('2026-11-29T15:08:25Z\tINFO\tsetup')).toMatchObject([{ level: 'info', message: 'setup' }]);
});

test('what is in no such form is a message', () => {
  expect(logLines('panic: no\n\n  at main.go\n{"broken')).toEqual(
    ['panic: no', '  at main.go', '{"broken'].map((text) => ({ level: '', message: text, fields: {}, text })),
  );
});
