import type { ApiObject } from 'cdk8s';
import { type Finding, isObject } from '../../core';
import type { ClusterPlan } from '../plan';

/** What must not go into a repository, whoever delivers it. */
export function committedSecrets(plans: readonly ClusterPlan[]): Finding[] {
  return objectsOf(plans)
    .filter((object) => object.apiVersion === 'v1' && object.kind === 'Secret' && hasContent(object))
    .map(({ node }) => ({
      rule: 'delivery',
      severity: 'warning',
      path: node.path,
      message: 'is a Secret with content, which everyone reads who reads the repository',
      remedy: 'make it in the cluster, by External Secrets or by hand, and leave it out here',
    }));
}

/** Annotations that objects have of their own, and that the delivery sets. */
export function takenAnnotations(plans: readonly ClusterPlan[], annotation: string, remedy: string): Finding[] {
  return objectsOf(plans).flatMap((object): Finding[] => {
    const value = annotationsOf(object)[annotation];
    if (value === undefined) return [];
    return [
      {
        rule: 'delivery',
        severity: 'error',
        path: object.node.path,
        property: `metadata.annotations['${annotation}']`,
        value,
        message: 'is set by the delivery, from the wave',
        remedy,
      },
    ];
  });
}

/** Keys that readers of YAML take for something else than text, though they stand in quotes: Kustomize loses these. */
const NO_TEXT =
  /^(?:true|false|null|[-+]?(?:0x[0-9a-f]+|0o[0-7]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9]+)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})$/i;

/** Annotations on which Kustomize breaks off. */
export function unreadableAnnotations(plans: readonly ClusterPlan[]): Finding[] {
  return objectsOf(plans).flatMap((object) =>
    Object.keys(annotationsOf(object))
      .filter((key) => NO_TEXT.test(key))
      .map(
        (key): Finding => ({
          rule: 'delivery',
          severity: 'error',
          path: object.node.path,
          property: `metadata.annotations['${key}']`,
          message: 'has a key that Kustomize does not take for text',
          remedy: `give it a prefix, such as 'example.com/${key}'`,
        }),
      ),
  );
}

/**
 * What Kustomize would change: it writes U+0085, a line break of old, as a space.
 *
 * @param text the object as it is written, where the character is escaped
 */
export function lostCharacters(object: ApiObject, text: string): Finding[] {
  if (!/(?<!\\)(?:\\\\)*\\u0085/.test(text)) return [];
  const message = 'holds the character U+0085, which Kustomize replaces by a space';
  return [{ rule: 'delivery', severity: 'error', path: object.node.path, message, remedy: 'write a line break' }];
}

const objectsOf = (plans: readonly ClusterPlan[]): ApiObject[] =>
  plans.flatMap(({ steps }) => steps.flatMap(({ objects }) => objects.map(({ object }) => object)));

function hasContent(object: ApiObject): boolean {
  try {
    const { data, stringData } = object.toJson() as Record<string, unknown>;
    return [data, stringData].some((content) => isObject(content) && Object.keys(content as object).length > 0);
  } catch {
    return false; // it cannot be rendered, which is the error to show
  }
}

/** As cdk8s holds them: to render the metadata of all objects would take as long as to write them. */
const annotationsOf = ({ metadata }: ApiObject): Record<string, unknown> =>
  (metadata as unknown as { annotations?: Record<string, unknown> }).annotations ?? {};
