import type { Construct } from 'constructs';
import { type Kind, setBackgroundDeletion } from '../core';
import { KubeObject } from '../kube';
import { OPERATOR_API_VERSION, SINGLETON, ZTWIM_NAMESPACE, ZTWIM_PODS, type ZtwimKind } from './names';

/** Levels of a log. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Level of a log: `debug` says the most, `error` the least. */
export type ZtwimLogLevel = (typeof LOG_LEVELS)[number];

/** Forms of a log. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** Form of a log: lines for people, or JSON objects. */
export type ZtwimLogFormat = (typeof LOG_FORMATS)[number];

/** How a program of the operator logs. */
export interface ZtwimLogging {
  /** @default 'info' */
  readonly logLevel?: ZtwimLogLevel;
  /** @default 'text' */
  readonly logFormat?: ZtwimLogFormat;
}

/** What the properties of `ZtwimLogging` must hold. */
export const LOGGING = { logLevel: LOG_LEVELS, logFormat: LOG_FORMATS } as const satisfies Record<
  keyof ZtwimLogging,
  Kind
>;

/** The fields that say how a program logs. */
export function loggingFields({ logLevel = 'info', logFormat = 'text' }: ZtwimLogging): Required<ZtwimLogging> {
  return { logLevel, logFormat };
}

/**
 * A resource of the operator: of the only name that it may have, without a namespace.
 *
 * It is deleted in the background: the operator does not see that a resource is being deleted, and makes anew what the
 * garbage collector takes first, so that a deletion in the foreground never ends. Its pods are waited for instead: those
 * that mount the CSI driver's volume cannot end without the driver.
 *
 * @param spec all of it: a resource without `spec` is admitted, and the operator then fails without a condition
 */
export function operatorResource(scope: Construct, kind: ZtwimKind, spec: unknown): KubeObject {
  const metadata = { name: SINGLETON };
  const object = new KubeObject(scope, 'resource', { apiVersion: OPERATOR_API_VERSION, kind, metadata, spec });
  const name = (ZTWIM_PODS as Partial<Record<ZtwimKind, string>>)[kind];
  const labels = name !== undefined && { 'app.kubernetes.io/name': name };
  setBackgroundDeletion(object, labels ? { namespace: ZTWIM_NAMESPACE, labels } : undefined);
  return object;
}
