import { countWords } from '../../../lib/core';
import { meshFrom } from '../../../lib/federation';
import { Markings, tellingOf, worstOf } from '../../../lib/federation/pictures/markings';
import { findingsIn, meshOf } from './fixtures';

const mesh = meshOf(5, 'chain');
const [first, second, third, fourth] = mesh.members.map(({ name }) => name) as [string, string, string, string];
const markings = new Markings(mesh, findingsIn(mesh));

test('findings are where their members are', () => {
  const found = [first, second, third, fourth, 'nobody'].map((name) => countWords(markings.of(name)));
  expect(found).toEqual([['1 error'], ['1 error', '1 warning'], ['1 warning'], ['1 accepted'], []]);
  expect(countWords(markings.all)).toEqual(['3 errors', '3 warnings', '1 accepted']);
});

test('those about the mesh, and about nobody that there is, are of the mesh as a whole', () => {
  expect(countWords(markings.mesh)).toEqual(['1 error', '1 warning']);
});

test('what is put up with marks nothing', () => {
  expect([first, second, third, fourth].map((name) => worstOf(markings.of(name)))).toEqual([
    'error',
    'error',
    'warning',
    undefined,
  ]);
});

test('an edge has the findings of its own direction', () => {
  expect(markings.ofEdge(first, second)).toBe('error');
  expect(markings.ofEdge(second, first)).toBeUndefined();
  expect(markings.ofEdge('nobody', first)).toBeUndefined();
});

test('the worst of several about one edge, whatever their order; accepted ones do not count', () => {
  const value = `${first} → ${second}`;
  const finding = { rule: 'E04', member: first, property: 'edges', value, message: 'is odd', remedy: 'mend it' };
  const worst = (...severities: ('error' | 'warning' | 'accepted')[]) =>
    new Markings(
      mesh,
      severities.map((it) => ({
        ...finding,
        severity: it === 'accepted' ? 'warning' : it,
        ...(it === 'accepted' && { accepted: 'a laboratory' }),
      })),
    ).ofEdge(first, second);
  expect([worst('warning', 'error'), worst('error', 'warning'), worst('warning'), worst('accepted')]).toEqual([
    'error',
    'error',
    'warning',
    undefined,
  ]);
});

test('names with an arrow in them are not taken apart', () => {
  const names = ['a', 'a → b', 'b', 'b → c'];
  const odd = meshFrom({
    members: names.map((name) => ({ name, platform: 'external', trustDomain: 'x.example' })),
    edges: [],
  });
  const value = 'a → b → c';
  const of = (member: string) => {
    const finding = {
      rule: 'E04',
      severity: 'error',
      member,
      property: 'edges',
      value,
      message: '',
      remedy: '',
    } as const;
    const found = new Markings(odd, [finding]);
    return names.flatMap((a) => names.flatMap((b) => (found.ofEdge(a, b) ? [`${a} | ${b}`] : [])));
  };
  expect([of('a'), of('a → b'), of('b')]).toEqual([['a | b → c'], [], []]);
});

test('five findings are told, and how many there are more', () => {
  const finding = {
    rule: 'W27',
    severity: 'warning',
    member: first,
    message: 'is one server',
    remedy: 'run three',
  } as const;
  const many = new Markings(mesh, Array(7).fill(finding)).of(first);
  expect(tellingOf(many)).toEqual([...Array(5).fill('W27 warning: is one server; run three'), 'and 2 more']);
  expect(tellingOf(markings.of(fourth))).toEqual(['W27 accepted (a laboratory): replicas 1 is one server; run three']);
});
