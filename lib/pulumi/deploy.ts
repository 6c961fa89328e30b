import * as pulumi from '@pulumi/pulumi';
import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import {
  describe,
  type Finding,
  FindingsError,
  findingsOf,
  isAccepted,
  isCluster,
  objectsOf,
  reportFolder,
} from '../core';
import { type AnyManifest, objectFindings } from '../kube';
import { App, type ClusterPlan, writeReport } from '../synth';
import { withPulumiAnnotations } from './annotations';
import { ComponentTree } from './components';
import { dependenciesOf } from './order';
import { OutputCarrier } from './outputs';
import { assignProviders, type ProviderOptions, warnIfImmutable } from './providers';
import { KubernetesObject } from './resource';
import { shapeFindings } from './shape';

/** Options of `deploy`. */
export interface DeployOptions extends ProviderOptions {
  /**
   * Options of the component that holds everything, such as `parent`, `protect` or `aliases`.
   *
   * @default - none
   */
  readonly component?: Omit<pulumi.ComponentResourceOptions, 'provider' | 'providers'>;
  /**
   * Options of single resources, such as `ignoreChanges`, `import`, `aliases` or `customTimeouts`.
   *
   * @default - none
   */
  readonly resource?: (object: ApiObject) => Omit<pulumi.CustomResourceOptions, 'parent' | 'provider'> | undefined;
}

/** A construct tree as Pulumi resources: what `deploy` returns. */
export class Deployed extends pulumi.ComponentResource {
  // Private fields, so that a stack output shows the component and not every object in it.
  readonly #byPath = new Map<string, KubernetesObject>();
  #ready: pulumi.Output<boolean> | undefined;

  /** @internal */
  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super('spirekit:index:App', name, {}, options);
  }

  /** All objects, in the order of their registration. */
  get resources(): readonly KubernetesObject[] {
    return [...this.#byPath.values()];
  }

  /** Known, and true, when all objects are in place: what depends on it comes after everything here. */
  get ready(): pulumi.Output<boolean> {
    this.#ready ??= pulumi.all(this.resources.map(({ id }) => id)).apply(() => true);
    return this.#ready;
  }

  /**
   * The resource of an object, for its outputs.
   *
   * @param object the construct, or its path, such as `demo/spire/server/stateful-set`
   * @throws Error if there is none
   */
  object(object: string | ApiObject): KubernetesObject {
    const path = typeof object === 'string' ? object : object.node.path;
    const found = this.#byPath.get(path);
    if (found) return found;
    const near = [...this.#byPath.keys()].filter((other) => other.startsWith(`${path}/`) || other.endsWith(`/${path}`));
    const hint =
      near.length > 0 ? `did you mean '${near.slice(0, 3).join("', '")}'` : 'see the names in pulumi preview';
    throw new Error(`object '${path}' is not in this deployment; write the path of a construct: ${hint}`);
  }

  /** @internal */
  register(path: string, resource: KubernetesObject): void {
    this.#byPath.set(path, resource);
  }

  /** @internal */
  close(): void {
    this.registerOutputs();
  }
}

/**
 * Deploys constructs as Pulumi resources: the constructs that a cdk8s program writes as manifests, with Pulumi's Outputs
 * allowed wherever a value does not decide which objects exist.
 *
 * The whole tree is checked first; with one error nothing is registered. In a run for the report alone (`spirekit prove`),
 * the report is written, and an update is refused.
 *
 * @param name first part of all resources' names, unique in the stack
 * @param build makes the constructs
 * @throws FindingsError with every finding, if one of them is an error
 * @throws Error in an update that is run for the report alone
 *
 * @example
 *
 * export const demo = deploy('quickstart', (app) => {
 *   new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
 * }, { provider: kubernetesProvider('demo', { kubeconfig }) });
 */
export function deploy(name: string, build: (app: App) => void, options: DeployOptions = {}): Deployed {
  refuseUpdateForReport();
  const carrier = new OutputCarrier();
  const app = new App({ resolvers: [carrier], summary: () => {} });
  const built: unknown = build(app);
  if (built instanceof Promise) {
    throw new Error('the function given to deploy() returns a promise; make all constructs before it returns');
  }
  const { plans, findings } = modelOf(app);
  const manifests = renderAll(app, plans, carrier, findings);
  const providers = assignProviders(clustersOf(app, plans), options);
  for (const finding of findings) {
    const text = `[${finding.path || 'app'}] ${describe(finding)} (${finding.rule})`;
    if (isAccepted(finding)) void pulumi.log.info(`${text} accepted: ${finding.accepted}`);
    else void pulumi.log.warn(text);
  }
  for (const [cluster, provider] of providers) warnIfImmutable(cluster, provider);
  for (const plan of plans) mentionAwaited(plan);
  return register(name, app, plans, manifests, providers, options);
}

/** Checks the tree: Outputs in names first, for other checks could only stumble over them. */
function modelOf(app: App): { plans: readonly ClusterPlan[]; findings: readonly Finding[] } {
  const objects = objectsOf(app);
  const late = shapeFindings(objects);
  if (late.length === 0) return app.model();
  const named = new Set(late.map(({ path }) => path));
  const others = objects.filter(({ object }) => !object.node.scopes.some(({ node }) => named.has(node.path)));
  throw failure(app, [...late, ...findingsOf(app), ...objectFindings(others)]);
}

function renderAll(
  app: App,
  plans: readonly ClusterPlan[],
  carrier: OutputCarrier,
  warnings: readonly Finding[],
): Map<ApiObject, AnyManifest> {
  const manifests = new Map<ApiObject, AnyManifest>();
  const errors: Finding[] = [];
  for (const { object } of plans.flatMap(({ steps }) => steps.flatMap(({ objects }) => objects))) {
    const { manifest, findings } = carrier.render(object);
    manifests.set(object, manifest);
    errors.push(...findings);
  }
  if (errors.length > 0) throw failure(app, [...errors, ...warnings]);
  return manifests;
}

/** The error about findings; in a run for the report alone, they are reported too. */
function failure(app: App, findings: readonly Finding[]): FindingsError {
  writeReport(app, findings);
  return new FindingsError(findings, app);
}

/** Without an engine nothing can be registered, and a preview changes nothing; an update would, and a half of it would delete. */
function refuseUpdateForReport(): void {
  if (reportFolder() === undefined || !pulumi.runtime.hasEngine() || pulumi.runtime.isDryRun()) return;
  throw new Error(
    'this update is run for the report alone (SPIREKIT_REPORT), so that nothing is deployed; ' +
      "run the program itself by 'spirekit prove --app', with node, or with pulumi preview where it needs configuration",
  );
}

/** Pulumi waits for what it manages; that operators make further things in their own time it cannot know. */
function mentionAwaited({ name, steps }: ClusterPlan): void {
  const awaited = steps.flatMap(({ awaits }) => awaits.map(({ kind, name: object }) => `${kind}/${object}`));
  if (awaited.length === 0) return;
  void pulumi.log.info(
    `cluster '${name}': operators make what later objects need, such as ${awaited[0]}, and Pulumi cannot wait for that; ` +
      'if the first update comes before them, run it again',
  );
}

/** Charts marked as clusters, empty ones too, and charts beside them that hold objects. */
function clustersOf(app: App, plans: readonly ClusterPlan[]): Chart[] {
  const used = new Set(plans.map(({ cluster }) => cluster));
  return app.node.findAll().filter((construct): construct is Chart => {
    return isCluster(construct) || used.has(construct as Chart);
  });
}

function register(
  name: string,
  app: App,
  plans: readonly ClusterPlan[],
  manifests: ReadonlyMap<ApiObject, AnyManifest>,
  providers: ReadonlyMap<Chart, pulumi.ProviderResource>,
  options: DeployOptions,
): Deployed {
  const dependencies = dependenciesOf(plans, manifests);
  const deployed = new Deployed(name, { ...options.component });
  const nameOf = (construct: IConstruct) => `${name}/${construct.node.path}`;
  const tree = new ComponentTree(app, deployed, nameOf, (construct) => {
    const provider = providers.get(construct as Chart);
    return provider ? { providers: [provider] } : {};
  });
  const resources = new Map<ApiObject, KubernetesObject>();
  const create = (object: ApiObject): KubernetesObject => {
    const known = resources.get(object);
    if (known) return known;
    const parent = tree.parentOf(object);
    const dependsOn: pulumi.Resource[] = [];
    for (const target of dependencies.get(object) ?? []) {
      dependsOn.push(ApiObject.isApiObject(target) ? create(target) : tree.of(target));
    }
    const manifest = manifests.get(object) as AnyManifest;
    const own = options.resource?.(object);
    const placed = { parent, ...(dependsOn.length > 0 && { dependsOn }) };
    const resource = new KubernetesObject(
      nameOf(object),
      withPulumiAnnotations(object, manifest),
      own ? pulumi.mergeOptions(own, placed) : placed,
    );
    resources.set(object, resource);
    deployed.register(object.node.path, resource);
    return resource;
  };
  for (const object of manifests.keys()) create(object);
  tree.close();
  deployed.close();
  return deployed;
}
