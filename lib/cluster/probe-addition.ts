import type { Probe as KubeProbe, PodSpec } from 'kubernetes-types/core/v1';
import { type FindingInput, isLate } from '../core';
import type { ProgramImage } from '../image';
import { listOf } from './pod';
import type { Probe } from './probe-options';
import { programCommand } from './program-arguments';

const RULE = 'identity-probe';

/**
 * Adds probes to the containers of a pod. A probe that a container has already stands.
 *
 * @returns what keeps a probe from its container
 */
export function addProbes(spec: PodSpec, image: ProgramImage, probes: readonly Probe[]): FindingInput[] {
  return probes.flatMap((probe) => {
    const containers = listOf(spec.containers);
    const container = probe.container ? containers.find(({ name }) => name === probe.container) : containers[0];
    if (!container) {
      const property = probe.container ? `${probe.at}.container` : probe.at;
      const message = probe.container ? 'is not a container of the pod' : 'has no container that could be looked at';
      const names = containers.map(({ name }) => name);
      const remedy = names.length > 0 ? `write one of ${names.join(', ')}` : 'add a container to the pod';
      return [{ rule: RULE, property, ...(probe.container && { value: probe.container }), message, remedy }];
    }
    const place = `containers.${container.name}`;
    const findings: FindingInput[] = [];
    if (container.image !== image.image && !isLate(container.image) && !isLate(image.image)) {
      findings.push({
        rule: RULE,
        property: `${place}.image`,
        value: container.image,
        message: `is not the image that ${probe.at} runs from, and a probe runs in its container`,
        remedy: `run the container from the image, or name another container in ${probe.at}.container`,
      });
    }
    if (container[probe.field]) {
      const message = 'is there already, and a container has no second one';
      const isOfPlus = probe.field === 'startupProbe' && container.startupProbe?.tcpSocket !== undefined;
      const hint = isOfPlus ? ' (cdk8s-plus adds one to a container with portNumber, and none to one with ports)' : '';
      const remedy = `leave it out, or ${probe.at}${hint}`;
      return [...findings, { rule: RULE, property: `${place}.${probe.field}`, message, remedy }];
    }
    container[probe.field] = kubeProbe(image, probe);
    return findings;
  });
}

function kubeProbe(image: ProgramImage, probe: Probe): KubeProbe {
  const { options, timeoutSeconds, periodSeconds, failureThreshold } = probe;
  return {
    exec: { command: programCommand(image, 'probe', options) },
    timeoutSeconds,
    periodSeconds,
    failureThreshold,
  };
}
