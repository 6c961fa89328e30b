import { createLog, type LogFormat } from '../../src/programs/log';

function lines(format: LogFormat): string[] {
  const written: string[] = [];
  const log = createLog(
    format,
    (line) => written.push(line),
    () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  );
  log('info', 'new files', { files: 3, reason: undefined });
  log('error', 'folder \'a\': "b"\nforged line', { text: 'x\ny' });
  return written;
}

test('lines of JSON', () => {
  expect(lines('json')).toEqual([
    '{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"new files","files":3}\n',
    '{"time":"2026-01-02T03:04:05.678Z","level":"error","message":"folder \'a\': \\"b\\"\\nforged line","text":"x\\ny"}\n',
  ]);
});

test('lines of text, one for each message', () => {
  expect(lines('text')).toEqual([
    '2026-01-02T03:04:05.678Z info new files files=3\n',
    '2026-01-02T03:04:05.678Z error folder \'a\': "b"\\nforged line text="x\\ny"\n',
  ]);
});
