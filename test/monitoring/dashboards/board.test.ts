import { type Board, filledQuery } from '../../../lib/monitoring';

const board: Board = {
  uid: 'test',
  title: '',
  description: '',
  tags: [],
  interval: 15,
  range: '6h',
  variables: [
    {
      name: 'consumer',
      label: '',
      options: [
        { text: 'a', value: 'a[._]b' },
        { text: 'c', value: 'c' },
      ],
    },
    { name: 'provider', label: '', options: [{ text: 'a', value: 'a' }], all: '.+' },
  ],
  rows: [],
};

test('as Grafana puts it', () => {
  expect(filledQuery(`rate(a{x=~"\${consumer:pipe}",y=~"\${provider:pipe}"}[$__rate_interval])`, board)).toBe(
    'rate(a{x=~"a[._]b|c",y=~".+"}[60s])',
  );
});

test('what is no variable stays', () => {
  const expr = `label_replace(a, "b", "\${1}_$2", "b", "(.)(.)") + \${other:pipe}`;
  expect(filledQuery(expr, board)).toBe(expr);
});
