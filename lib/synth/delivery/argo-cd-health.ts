import type { GateCondition } from '../../core';
import { apiGroupOf, emitYaml } from '../../kube';
import type { ClusterPlan } from '../plan';
import { type FieldStep, fieldSteps } from './field-path';
import { type AwaitedObject, gatesOf, isTellable } from './gates';

/**
 * Kinds whose health Argo CD knows, conditions and all.
 *
 * @see https://github.com/argoproj/argo-cd/tree/master/resource_customizations
 */
const KNOWN = new Set([
  'CustomResourceDefinition.apiextensions.k8s.io',
  'DaemonSet.apps',
  'Deployment.apps',
  'StatefulSet.apps',
  'Job.batch',
  'Certificate.cert-manager.io',
  'Issuer.cert-manager.io',
  'ClusterIssuer.cert-manager.io',
  'Subscription.operators.coreos.com',
]);

/** The objects of a kind that waves wait for, by name. */
type Waits = Map<string, GateCondition>;

/**
 * What Argo CD has to know to wait for a wave as `install.sh` does: without it, objects of kinds that it does not know count as
 * healthy as soon as they are there. Undefined when it knows all of them.
 *
 * @param namespace of Argo CD
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#custom-health-checks
 */
export function healthChecks(plans: readonly ClusterPlan[], namespace: string): string | undefined {
  const kinds = new Map<string, Waits>();
  for (const gate of plans.flatMap(({ steps }) => steps.flatMap(gatesOf))) {
    const { kind, name, condition } = gate;
    if (KNOWN.has(typeOf(gate)) || !isTellable(condition)) continue;
    const key = `resource.customizations.health.${groupOf(gate) === '' ? '' : `${groupOf(gate)}_`}${kind}`;
    const waits = kinds.get(key) ?? new Map();
    kinds.set(key, waits.set(name, condition));
  }
  if (kinds.size === 0) return undefined;
  return emitYaml({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: Object.fromEntries([...kinds].sort().map(([key, waits]) => [key, luaOf(waits)])),
  });
}

const groupOf = ({ apiVersion }: AwaitedObject): string => (apiVersion.includes('/') ? apiGroupOf(apiVersion) : '');

const typeOf = (object: AwaitedObject): string => `${object.kind}.${groupOf(object)}`;

/** Objects of the kind that no wave waits for are healthy, as they were. */
function luaOf(waits: Waits): string {
  const names = [...waits].sort(([a], [b]) => (a < b ? -1 : 1));
  const tests = names.map(([name, condition]) => {
    const { what, test } = testOf(condition);
    const message = lua(`waiting for ${what}`);
    return `if obj.metadata.name == ${lua(name)} and not ${test} then
  return { status = "Progressing", message = ${message} }
end
`;
  });
  const helpers = Object.entries(HELPERS).flatMap(([name, text]) =>
    tests.some((test) => test.includes(`not ${name}(`)) ? [text] : [],
  );
  return `${[...helpers, ...tests].join('')}return { status = "Healthy" }\n`;
}

const HELPERS = {
  condition: `local function condition(wanted)
  for _, each in ipairs((obj.status or {}).conditions or {}) do
    if each.type == wanted then return each.status == "True" end
  end
  return false
end
`,
  field: `local function field(steps)
  local value = obj
  for _, step in ipairs(steps) do
    if type(value) ~= "table" then return false end
    value = value[step]
  end
  return value ~= nil and value ~= ""
end
`,
};

function testOf(condition: GateCondition): { readonly what: string; readonly test: string } {
  if (condition.type === 'condition') {
    return { what: `condition ${condition.condition}`, test: `condition(${lua(condition.condition)})` };
  }
  if (condition.type === 'field') {
    const steps = (fieldSteps(condition.path) ?? []).map(luaStep).join(', ');
    return { what: condition.path, test: `field({ ${steps} })` };
  }
  // Of its kind, Argo CD knows nothing: that it is there is what counts.
  return { what: condition.type, test: 'true' };
}

/** Lists begin with 1 there. */
const luaStep = (step: FieldStep): string => (typeof step === 'number' ? String(step + 1) : lua(step));

const lua = (text: string): string => JSON.stringify(text);
