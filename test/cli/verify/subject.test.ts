import { pairSubject } from '../../../lib/cli/verify/subject';

const edges = [
  { consumer: 'east', provider: 'west' },
  { consumer: 'east', provider: 'lab' },
  { consumer: 'west', provider: 'east' },
];

test.each([
  ['east', ['west'], 'east believes west'],
  ['east', ['west', 'lab'], 'east believes west, lab'],
  ['lab', ['east'], 'lab does not believe east'],
  ['west', ['lab', 'east'], 'west believes east; does not believe lab'],
])('%s and %j', (member, peers, subject) => {
  expect(pairSubject(member, peers, edges)).toBe(subject);
});
