import { conditionsOf } from '../../../lib/verify/checks/ztwim-conditions';

const condition = (type: string, status: string, reason?: string, message?: string) => ({
  type,
  status,
  reason,
  message,
});
const said = (...conditions: ReturnType<typeof condition>[]) =>
  conditionsOf('SpireServer', { metadata: { name: 'cluster' }, status: { conditions } }).map(
    ({ state, what, evidence }) => `${state}: ${what}${evidence ? ` (${evidence})` : ''}`,
  );

test('nothing yet', () => {
  expect(said()).toEqual(['error: the operator has not looked at it yet']);
});

test('all hold', () => {
  expect(said(condition('Ready', 'True'), condition('CreateOnlyMode', 'False'))).toEqual(['ok: all conditions hold']);
});

test('one does not; what sums it up is not told beside it', () => {
  expect(
    said(
      condition('Ready', 'False', 'Failed'),
      condition('ConfigurationValid', 'False', 'InvalidFederationConfiguration', 'why'),
    ),
  ).toEqual(['error: condition ConfigurationValid is false: InvalidFederationConfiguration (why)']);
});

test('a sum alone', () => {
  expect(said(condition('Ready', 'False', 'Failed', 'why'))).toEqual(['error: condition Ready is false: Failed (why)']);
});

test('a Route that is made by hand is no failure', () => {
  expect(
    said(condition('RouteAvailable', 'False', 'FederationRouteDisabled'), condition('Ready', 'False', 'Failed')),
  ).toEqual(['ok: all conditions hold but those of the Route, which is made by hand']);
});

test('an operator that is paused', () => {
  expect(said(condition('Ready', 'True'), condition('CreateOnlyMode', 'True', 'Enabled', 'paused'))).toEqual([
    'warning: the operator is paused (CREATE_ONLY_MODE): changes of this resource have no effect (paused)',
  ]);
});
