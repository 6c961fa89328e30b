import type { AnyManifest } from '../kube';
import { API_GROUP } from './api-version';

/** The part of OpenAPI that the definitions use. */
export interface Schema {
  readonly type: 'array' | 'boolean' | 'integer' | 'object' | 'string';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly 'x-kubernetes-list-type'?: 'atomic';
  readonly 'x-kubernetes-map-type'?: 'atomic';
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

type More = Omit<Schema, 'type' | 'description'>;

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Schema };
  readonly [field: string]: unknown;
}

/** A CustomResourceDefinition. */
export interface Crd extends AnyManifest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
    };
    readonly versions: readonly Version[];
    readonly [field: string]: unknown;
  };
}

export const text = (description: string, more: More = {}): Schema => ({ type: 'string', description, ...more });
export const flag = (description: string): Schema => ({ type: 'boolean', description });
export const count = (description: string): Schema => ({ type: 'integer', description });
export const texts = (description: string, items: More = {}, more: More = {}): Schema => ({
  type: 'array',
  description,
  items: { type: 'string', ...items },
  ...more,
});
export const object = (description: string, properties: Record<string, Schema>, more: More = {}): Schema => ({
  type: 'object',
  description,
  ...(Object.keys(properties).length > 0 && { properties }),
  ...more,
});

/** A name, or any SPIFFE ID of the trust domain: go-spiffe takes both. */
export const TRUST_DOMAIN = '^([a-z0-9._-]+|spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)*)$';

/** A SPIFFE ID with a path; go-spiffe checks the rest. */
export const MEMBER_ID = '^spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)+$';

/**
 * What Go's time.ParseDuration reads. An object with anything else cannot be decoded, and stops the controller manager
 * from listing any object of its kind.
 */
export const DURATION = '^[-+]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$';

/** A text beside an SVID: 1024 bytes at most, so never more characters. */
export const hint = text('Tells identities of one workload apart.', { maxLength: 1024 });

export const className = text('Class of the controller managers that act on this object; none if empty.');

/** A label selector, with the markers that make server-side apply replace it as a whole. */
export function labelSelector(description: string): Schema {
  const requirement = object(
    'A condition on one label.',
    {
      key: text('Key of the label.'),
      operator: text('In, NotIn, Exists or DoesNotExist.'),
      values: texts('Values for In and NotIn; empty otherwise.', {}, { 'x-kubernetes-list-type': 'atomic' }),
    },
    { required: ['key', 'operator'] },
  );
  return object(
    description,
    {
      matchLabels: {
        type: 'object',
        description: 'Labels that must all have these values.',
        additionalProperties: { type: 'string' },
      },
      matchExpressions: {
        type: 'array',
        description: 'Conditions that must all hold.',
        items: requirement,
        'x-kubernetes-list-type': 'atomic',
      },
    },
    { 'x-kubernetes-map-type': 'atomic' },
  );
}

/** What tells one of the three definitions from the others. */
export interface CrdInput {
  readonly kind: string;
  readonly plural: string;
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  /** Columns of `kubectl get`: heading and path. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** A definition for the whole cluster, with a status that is written apart from the rest. */
export function crd({ kind, plural, description, spec, status, columns }: CrdInput): Crd {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: 'Cluster',
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          ...(columns && {
            additionalPrinterColumns: Object.entries(columns).map(([name, jsonPath]) => ({
              name,
              jsonPath,
              type: 'string',
            })),
          }),
          schema: {
            openAPIV3Schema: object(
              description,
              {
                apiVersion: text('API version of the object.'),
                kind: text('Kind of the object.'),
                metadata: { type: 'object' },
                spec,
                status,
              },
              { required: ['metadata', 'spec'] },
            ),
          },
        },
      ],
    },
  };
}
