import { dotted, fieldSteps } from '../../../lib/synth/delivery/field-path';

test.each([
  ['{.status.installedCSV}', ['status', 'installedCSV'], 'status.installedCSV'],
  [
    '{.webhooks[0].clientConfig.caBundle}',
    ['webhooks', 0, 'clientConfig', 'caBundle'],
    'webhooks[0].clientConfig.caBundle',
  ],
])('%s', (path, steps, text) => {
  expect(fieldSteps(path)).toEqual(steps);
  expect(dotted(steps)).toBe(text);
});

test.each([
  '.status.ready',
  '{.status.conditions[?(@.type=="Ready")]}',
  "{.data['a.b']}",
  '{.items[*].name}',
  '{}',
  '{..x}',
])('%s has no plain steps', (path) => {
  expect(fieldSteps(path)).toBeUndefined();
});
