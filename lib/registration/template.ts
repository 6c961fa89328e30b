import { dnsNameProblem } from './dns-name';
import { selectorProblem } from './selector';
import type { TemplateTree } from './template-operand';
import { renderSample, type Sample } from './template-sample';
import { TemplateFault, type TemplateProblem } from './template-scan';
import { parseTemplate } from './template-tree';
import { workloadIdProblem } from './workload-id';

export type { TemplateProblem } from './template-scan';

/** What a template renders to. */
export type TemplateKind = 'spiffeId' | 'dnsName' | 'selector';

/** What is known of the place where a template is rendered. */
export interface TemplateContext {
  /**
   * Name of the trust domain of the cluster.
   *
   * @default - not known: the template must name one itself, or use `{{ .TrustDomain }}`
   */
  readonly trustDomain?: string;
}

/** Stands for a trust domain that is not known. */
const SOME_TRUST_DOMAIN = 'trust-domain.sample';

/**
 * Results by kind, trust domain and template. A synth asks for the same few templates very often; the limit keeps a
 * program that makes a template of its own for every object from holding them all.
 */
const cache = new Map<string, TemplateProblem | undefined>();
const CACHE_LIMIT = 1000;

/**
 * What is wrong with a template of a ClusterSPIFFEID; undefined when nothing can be seen to be wrong.
 *
 * Reads the template as the controller manager does (Go's text/template without any added function) and looks up its
 * fields. When the actions are simple (fields, `index`, `printf`), it is also rendered with sample values, and the result
 * must be a SPIFFE ID of the trust domain outside of `/spire`, a DNS name, or a selector. Of templates with control
 * structures only the grammar and the names are checked.
 *
 * What no check can see is a pod without the label that a template reads: `index .PodMeta.Labels "app"` then gives empty
 * text, and `.PodMeta.Labels.app` gives `<no value>`. Where that makes an invalid ID, the pod gets none; where the ID is
 * still valid (`/app-{{ index … }}`), all such pods share it. Select pods by the label that the template reads.
 *
 * @param text the template
 * @param kind what it renders to
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterspiffeid-crd.md
 */
export function templateProblem(
  text: string,
  kind: TemplateKind,
  context: TemplateContext = {},
): TemplateProblem | undefined {
  if (typeof text !== 'string') {
    return { message: 'is not text', remedy: 'write a template such as SpiffeIdTemplate.serviceAccount()' };
  }
  // Fixed text is checked faster than looked up; most names of services are.
  if (kind === 'dnsName' && text !== '' && !/[{}]/.test(text)) return dnsNameProblem(text);
  if (kind === 'selector' && text !== '' && !/[{}]/.test(text)) return selectorProblem(text);
  const key = `${kind} ${context.trustDomain ?? ''} ${text}`;
  const known = cache.get(key);
  if (known !== undefined || cache.has(key)) return known;
  const problem = check(text, kind, context.trustDomain);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, problem);
  return problem;
}

function check(text: string, kind: TemplateKind, trustDomain: string | undefined): TemplateProblem | undefined {
  if (text === '') return { message: 'is empty', remedy: EXAMPLES[kind] };
  try {
    const tree = parseTemplate(text);
    const sample = renderSample(tree, trustDomain ?? SOME_TRUST_DOMAIN);
    return sample && sampleProblem(sample, tree, kind, trustDomain);
  } catch (error) {
    if (error instanceof TemplateFault) return error.problem;
    throw error;
  }
}

const EXAMPLES: Readonly<Record<TemplateKind, string>> = {
  spiffeId: "write a template such as 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}'",
  dnsName: "write a template such as '{{ .PodMeta.Name }}.{{ .PodMeta.Namespace }}'",
  selector: "write a template such as 'k8s:ns:{{ .PodMeta.Namespace }}'",
};

function sampleProblem(
  { text, composite }: Sample,
  tree: TemplateTree,
  kind: TemplateKind,
  trustDomain: string | undefined,
): TemplateProblem | undefined {
  if (composite !== undefined && kind !== 'selector') {
    return {
      message: `prints the whole of ${composite === '.' ? 'its data' : composite}`,
      remedy: `print one value of it, such as {{ index .PodMeta.Labels "app" }}`,
    };
  }
  const problem = resultProblem(text, tree, kind, trustDomain);
  const fixed = tree.parts.every((part) => typeof part === 'string');
  if (!problem || fixed) return problem;
  return { message: `renders to '${text}' for a sample pod, which ${problem.message}`, remedy: problem.remedy };
}

function resultProblem(
  text: string,
  tree: TemplateTree,
  kind: TemplateKind,
  trustDomain: string | undefined,
): TemplateProblem | undefined {
  if (kind === 'dnsName') return dnsNameProblem(text);
  if (kind === 'selector') return selectorProblem(text);
  const problem = workloadIdProblem(text, trustDomain);
  if (problem || trustDomain !== undefined) return problem;
  // The controller manager refuses every other trust domain than its own: no pod or cluster name may stand there.
  const first = tree.parts[0];
  const named = typeof first === 'string' && /^spiffe:\/\/[^/]+\//.test(first);
  if (named || text.startsWith(`spiffe://${SOME_TRUST_DOMAIN}/`)) return undefined;
  return {
    message: 'is not in the trust domain of the cluster',
    remedy: "begin the template with 'spiffe://{{ .TrustDomain }}/'",
  };
}
