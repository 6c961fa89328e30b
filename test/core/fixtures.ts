import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LateValue } from '../../lib/core';

/** Stands for a Pulumi Output, without the second that it takes to import one. */
export function fakeOutput<T = string>(): LateValue<T> {
  const output = {
    __pulumiOutput: true,
    apply: () => fakeOutput(),
    get: (): T => {
      throw new Error('not known yet');
    },
  };
  return output;
}

/** A chart in an application of stock cdk8s. */
export function newChart(id = 'demo'): Chart {
  return new Chart(new App(), id);
}

/** A ConfigMap, the plainest of objects. */
export function configMap(scope: Construct, id: string, fields: Record<string, unknown> = {}): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, ...fields });
}

/** The message of the error that a function throws. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
