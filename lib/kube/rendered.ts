import type { ApiObject } from 'cdk8s';
import { KubeObject } from './kube-object';
import type { AnyManifest } from './manifest';

/** An object as it is rendered now, whoever made it. Late values are in it as they are. */
export function manifestOf(object: ApiObject): AnyManifest {
  return (KubeObject.is(object) && object.plain()) || (object.toJson() as AnyManifest);
}

/** The spec of an object as it is rendered now; empty when there is none, or it cannot be rendered. */
export function specOf(object: ApiObject): Readonly<Record<string, unknown>> {
  try {
    return (manifestOf(object) as { spec?: Readonly<Record<string, unknown>> }).spec ?? {};
  } catch {
    return {}; // what cannot be rendered is found elsewhere
  }
}
