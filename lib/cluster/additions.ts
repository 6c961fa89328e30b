import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type FindingInput, isLate, isObject, report } from '../core';
import type { ProgramImage } from '../image';
import { addHelper, type HelperPlace } from './helper-addition';
import { readHelper } from './helper-options';
import type { GiveIdentityOptions } from './identity-options';
import { addProbes } from './probe-addition';
import { type ProbedIdentity, readProbes } from './probe-options';
import type { PodAddition } from './workload';

/**
 * What `giveIdentity()` adds to a pod beside the Workload API: probe and helper. What is wrong with their options is reported.
 *
 * @param place the construct that findings concern
 */
export function readAdditions(
  place: IConstruct,
  object: ApiObject,
  { image, probe, helper, hint, federatesWith, ttl }: GiveIdentityOptions,
  { platform, assignsUsers }: Omit<HelperPlace, 'kind'>,
): PodAddition {
  const ownHint = typeof hint === 'string' && hint !== '' ? hint : undefined;
  const identity: ProbedIdentity = {
    trustDomain: platform.trustDomain.name,
    ...(federatesWith !== undefined && { federatesWith }),
    ...(ownHint !== undefined && { hint: ownHint }),
    ...(ttl !== undefined && { ttl }),
  };
  const probes = probe === undefined ? [] : readProbes(place, probe, identity);
  const wanted = helper === undefined ? undefined : readHelper(place, helper, ownHint);
  const programs = readImage(place, image, { probe, helper });
  if (!programs) return () => [];
  return (spec) => {
    const text: unknown = programs.image;
    if (typeof text !== 'string' && !isLate(text)) return [IMAGE_TEXT];
    const findings: FindingInput[] = [];
    if (wanted) findings.push(...addHelper(spec, programs, wanted, { platform, kind: object.kind, assignsUsers }));
    return [...findings, ...addProbes(spec, programs, probes)];
  };
}

const RULE = 'identity-image';
const REMEDY = "pass a WorkloadImage, or { image: '…@sha256:…', programs: { node: '/…', runtime: '/…' } }";

const IMAGE_TEXT: FindingInput = {
  rule: RULE,
  property: 'image.image',
  message: 'is not text',
  remedy: 'write the reference of the image',
};

/** The image, if it is one and something runs from it. */
function readImage(
  place: IConstruct,
  image: unknown,
  users: { readonly probe: unknown; readonly helper: unknown },
): ProgramImage | undefined {
  const names = (['probe', 'helper'] as const).filter((name) => users[name] !== undefined);
  if (image === undefined) {
    for (const property of names) {
      report(place, {
        rule: RULE,
        property,
        message: 'has no image to run from',
        remedy: 'set image, such as to a WorkloadImage',
      });
    }
    return undefined;
  }
  const { programs } = (isObject(image) && !isLate(image) ? image : {}) as { programs?: Record<string, unknown> };
  const paths = [programs?.node, programs?.runtime];
  if (!paths.every((path) => typeof path === 'string' && path.startsWith('/'))) {
    // A construct shows nothing of use.
    const value = typeof image === 'object' ? {} : { value: image };
    report(place, {
      rule: RULE,
      property: 'image',
      ...value,
      message: 'is not an image with the runtime in it',
      remedy: REMEDY,
    });
    return undefined;
  }
  if (names.length === 0) {
    report(place, {
      rule: 'no-effect',
      severity: 'warning',
      property: 'image',
      message: 'has no effect: neither a probe nor a helper runs from it',
      remedy: 'add probe or helper, or leave it out',
    });
    return undefined;
  }
  return image as ProgramImage;
}
