import { TrustDomain } from '@spirekit/runtime/id';
import { Construct } from 'constructs';
import { readText, readTrustDomain } from '../../lib/cluster';
import { fakeOutput, newChart } from '../core/fixtures';
import { findings } from '../spire/installation';

const short = (text: string) =>
  text.length < 4 ? undefined : { message: 'is too long', remedy: 'write less than four characters' };

function read<T>(reader: (scope: Construct) => T): { value: T; found: string[] } {
  const scope = new Construct(newChart(), 'layout');
  return { value: reader(scope), found: findings(scope) };
}

test('what is right is taken, with nothing to say', () => {
  const own = TrustDomain.parse('a.example');
  expect(read((scope) => readTrustDomain(scope, 'a.example').name)).toEqual({ value: 'a.example', found: [] });
  expect(read((scope) => readTrustDomain(scope, own))).toEqual({ value: own, found: [] });
  expect(read((scope) => readText(scope, 'clusterName', 'abc', short, 'x'))).toEqual({ value: 'abc', found: [] });
});

test.each([
  [
    'a name that is none',
    'A',
    /^error \[demo\/layout\] trustDomain trust domain 'A' is not valid: .* \(trust-domain\)$/,
  ],
  [
    'a name that the platform does not take',
    'abcd',
    "error [demo/layout] trustDomain 'abcd' is too long; write less than four characters (trust-domain)",
  ],
  [
    'a name that is known late',
    fakeOutput(),
    "error [demo/layout] trustDomain is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (trust-domain)",
  ],
])('%s is one finding, and something stands in', (_, value, text) => {
  const { value: standIn, found } = read((scope) => readTrustDomain(scope, value, short).name);
  expect(standIn).toBe('invalid.invalid');
  expect(found).toEqual([typeof text === 'string' ? text : expect.stringMatching(text)]);
});

test.each([
  ['abcd', "clusterName 'abcd' is too long; write less than four characters (layout-cluster-name)"],
  [7, 'clusterName 7 is not text; write it in quotes (layout-cluster-name)'],
])('the text %j is one finding, and something stands in', (value, text) => {
  expect(read((scope) => readText(scope, 'clusterName', value, short, 'x'))).toEqual({
    value: 'x',
    found: [`error [demo/layout] ${text}`],
  });
});
