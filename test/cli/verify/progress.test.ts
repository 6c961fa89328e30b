import { VerifyProgress } from '../../../lib/cli/verify/progress';
import { verdict } from '../../verify/data';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return { written, stream: { isTTY, columns: 40, write } as unknown as NodeJS.WriteStream };
}

const expected = new Map([
  ['east', 2],
  ['west', 1],
]);

test('in a log: a line for each member once all of it is known, of the first look alone', () => {
  const { written, stream: out } = stream(false);
  const progress = new VerifyProgress(15_000, out);
  for (let look = 0; look < 2; look++) {
    progress.begin(expected);
    progress.done('east', [verdict('V01')]);
    progress.done('west', [verdict('V01', { state: 'unseen' })]);
    progress.done('east', [verdict('V02', { state: 'error' }), verdict('V02')]);
    progress.end();
  }
  expect(written).toEqual([
    'spirekit: 3 checks, each answer within 15 s\n',
    'spirekit: west: 1 not seen, 0 ok\n',
    'spirekit: east: 1 error, 2 ok\n',
  ]);
});

test('on a terminal: a line that changes, no wider than it, and gone at the end', () => {
  const { written, stream: out } = stream(true);
  const progress = new VerifyProgress(15_000, out);
  progress.begin(expected);
  for (const member of ['east', 'west', 'east']) progress.done(member, []);
  progress.say('a line\nthat stays');
  progress.end();
  expect(written[0]).toBe('\r\u001b[K  0 of 3 checks have answered (each ans');
  expect(written.slice(-3)).toEqual([
    '\r\u001b[K  3 of 3 checks have answered (each ans',
    '\r\u001b[K',
    'spirekit: a line that stays\n',
  ]);
});
