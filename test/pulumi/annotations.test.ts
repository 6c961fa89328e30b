import * as pulumi from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import { type GateCondition, setAwaits, setBackgroundDeletion, setGate, setNoDependents } from '../../lib/core';
import type { AnyManifest } from '../../lib/kube';
import { withPulumiAnnotations } from '../../lib/pulumi/annotations';
import { configMap, newChart } from '../core/fixtures';

const WAIT = 'pulumi.com/waitFor';
const SKIP = 'pulumi.com/skipAwait';
const DELETION = 'pulumi.com/deletionPropagationPolicy';

const newObject = (): ApiObject => configMap(newChart(), 'config');
const manifestWith = (annotations?: unknown): AnyManifest =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config', labels: { a: 'b' }, ...(annotations !== undefined && { annotations }) },
    data: { key: 'value' },
  }) as AnyManifest;

function gated(condition: GateCondition): ApiObject {
  const object = newObject();
  setGate(object, condition);
  return object;
}

const annotationsOf = (object: ApiObject, annotations?: unknown): unknown =>
  withPulumiAnnotations(object, manifestWith(annotations)).metadata?.annotations;

test.each<[GateCondition, string]>([
  [{ type: 'established' }, 'condition=Established'],
  [{ type: 'condition', condition: 'Ready' }, 'condition=Ready'],
  [{ type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' }, 'jsonpath={.webhooks[0].clientConfig.caBundle}'],
])('the gate %j is waited for as %s', (condition, wait) => {
  expect(annotationsOf(gated(condition))).toEqual({ [WAIT]: wait });
});

test('pods and Jobs are waited for anyway; what appears later cannot be', () => {
  const awaiting = newObject();
  setAwaits(awaiting, { kind: 'crd', name: 'a.example.com', condition: { type: 'established' } });
  for (const object of [newObject(), awaiting, gated({ type: 'rollout' }), gated({ type: 'completed' })]) {
    const manifest = manifestWith();
    expect(withPulumiAnnotations(object, manifest)).toBe(manifest);
  }
});

test('an object whose parts a controller makes anew is deleted before them', () => {
  const object = newObject();
  setBackgroundDeletion(object);
  expect(annotationsOf(object)).toEqual({ [DELETION]: 'background' });
  setGate(object, { type: 'condition', condition: 'Ready' });
  expect(annotationsOf(object)).toEqual({ [DELETION]: 'background', [WAIT]: 'condition=Ready' });
});

test('an object without dependents goes at once', () => {
  const object = newObject();
  setNoDependents(object);
  expect(annotationsOf(object)).toEqual({ [DELETION]: 'background' });
});

describe('what the object says itself', () => {
  const object = gated({ type: 'condition', condition: 'Ready' });
  setBackgroundDeletion(object);

  test.each([
    [{ a: 'b' }, { a: 'b', [WAIT]: 'condition=Ready', [DELETION]: 'background' }],
    [{ [WAIT]: 'condition=Issued' }, { [WAIT]: 'condition=Issued', [DELETION]: 'background' }],
    [{ [SKIP]: 'true' }, { [SKIP]: 'true', [DELETION]: 'background' }],
    [{ [DELETION]: 'orphan' }, { [DELETION]: 'orphan', [WAIT]: 'condition=Ready' }],
    [null, { [WAIT]: 'condition=Ready', [DELETION]: 'background' }],
  ])('%j stays', (given, annotations) => {
    expect(annotationsOf(object, given)).toEqual(annotations);
  });

  test('late annotations are completed when they are known', async () => {
    const late = annotationsOf(object, pulumi.output({ [SKIP]: 'true' })) as pulumi.Output<object>;
    const known = await new Promise((resolve) => late.apply(resolve));
    expect(known).toEqual({ [SKIP]: 'true', [DELETION]: 'background' });
  });
});

test('the rest of the manifest is as it was, and the manifest that was given too', () => {
  const manifest = manifestWith({ a: 'b' });
  const { metadata, ...rest } = withPulumiAnnotations(gated({ type: 'established' }), manifest);
  expect(rest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value' } });
  expect([metadata?.name, metadata?.labels]).toEqual(['config', { a: 'b' }]);
  expect(manifest).toEqual(manifestWith({ a: 'b' }));
});
