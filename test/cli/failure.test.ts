import { Interrupted, messageOf, UsageFailure } from '../../lib/cli/failure';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('ended by %s, shells are told %d', (signal, code) => {
  expect(new Interrupted(signal).exitCode).toBe(code);
});

test('whatever was thrown has a text', () => {
  expect([new Error('one'), 'two', 3, undefined].map(messageOf)).toEqual(['one', 'two', '3', 'undefined']);
});

test('a usage that is not understood leads to a help', () => {
  expect(new UsageFailure('wrong', 'prove')).toMatchObject({ message: 'wrong', command: 'prove' });
  expect(new UsageFailure('wrong').command).toBe('');
});
