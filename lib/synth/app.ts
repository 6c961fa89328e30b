import { relative, resolve as resolvePath } from 'node:path';
import type { ApiObject } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import {
  containsLate,
  type Finding,
  FindingsError,
  findingsOf,
  inOrder,
  LATE_PROBLEM,
  latePaths,
  OrderError,
  objectsOf,
  reportFolder,
  summaryLinesOf,
  type TreeObject,
  throwOnErrors,
} from '../core';
import { type AnyManifest, emitYaml, KubeObject, NotPlainError, objectFindings } from '../kube';
import {
  type Delivery,
  type DeliveryLayout,
  deliveryFiles,
  layoutOf,
  lostCharacters,
  type RenderedStep,
} from './delivery';
import { type Needs, References } from './needs';
import { replaceFolder } from './output';
import { type ClusterPlan, folderFindings, planOf } from './plan';
import { writeReport } from './report';
import { scriptsOf } from './scripts';
import { summaryOf } from './summary';

/** Properties of `App`. */
export interface AppProps {
  /**
   * Folder for the manifests. A synth replaces it as a whole.
   *
   * @default - the environment's CDK8S_OUTDIR (set by `cdk8s synth`), else `dist`
   */
  readonly outdir?: string;
  /**
   * Replace values before they are rendered.
   *
   * @default - none
   */
  readonly resolvers?: cdk8s.IResolver[];
  /**
   * Who brings the files into the clusters, from a repository: `Delivery.argoCd()` or `Delivery.flux()`.
   *
   * @default - the scripts beside them
   */
  readonly delivery?: Delivery;
  /**
   * Where the summary goes.
   *
   * @default - standard error, which `cdk8s synth` shows too
   */
  readonly summary?: (text: string) => void;
}

/** Everything a program says, proven and in order, before anything is written. */
export interface Model {
  readonly plans: readonly ClusterPlan[];
  readonly findings: readonly Finding[];
}

/**
 * A cdk8s application that writes one folder per cluster and one file per wave, in the order in which they can be applied.
 *
 * Compared with `cdk8s.App`: synthesizing takes time in proportion to the objects and their dependencies, checks the whole
 * program and reports all findings together, refuses two objects of one name instead of overwriting one, and leaves the
 * last good output as it was when anything fails.
 *
 * @see https://cdk8s.io/docs/latest/basics/app/
 */
export class App extends cdk8s.App {
  private readonly showSummary: (text: string) => void;
  private readonly layout: DeliveryLayout | undefined;

  constructor(props: AppProps = {}) {
    super({ outdir: props.outdir, resolvers: props.resolvers });
    this.showSummary = props.summary ?? ((text) => process.stderr.write(`${text}\n`));
    this.layout = layoutOf(this, props.delivery);
  }

  /**
   * Checks the whole tree. In a run for the report alone (`spirekit prove`), writes the report.
   *
   * @throws FindingsError with every finding, if one of them is an error
   */
  model(): Model {
    const objects = objectsOf(this);
    const findings = [...findingsOf(this), ...objectFindings(objects), ...folderFindings(objects)];
    let ordered: TreeObject[] = objects;
    try {
      ordered = inOrder(objects);
    } catch (error) {
      if (!(error instanceof OrderError)) throw error;
      findings.push({ rule: 'order', severity: 'error', path: error.paths[0] ?? '', message: error.message });
    }
    const plans = planOf(ordered, this.layout !== undefined);
    if (this.layout) findings.push(...this.layout.findings(plans));
    if (reportFolder() !== undefined) writeReport(this, findings);
    throwOnErrors(findings, this);
    return { plans, findings };
  }

  /**
   * Writes the manifests and shows the summary. In a run for the report alone (`spirekit prove`), writes the report and
   * nothing else, and does not throw on findings.
   *
   * @throws FindingsError with every finding, if one of them is an error; nothing is written then
   */
  override synth(): void {
    if (reportFolder() !== undefined) {
      this.reportOnly();
      return;
    }
    const { plans, findings } = this.model();
    const { steps, needs } = this.render(plans);
    const files = this.layout ? deliveryFiles(this.layout, plans, steps) : plainFiles(steps);
    const outdir = resolvePath(this.outdir);
    const shown = relative(process.cwd(), outdir);
    const folder = shown.startsWith('..') ? outdir : shown || '.';
    const lines = this.layout?.lines(plans, folder);
    const summary = summaryOf(plans, findings, folder, needs, summaryLinesOf(this), this, lines);
    for (const [path, text] of scriptsOf(plans)) files.set(path, text);
    files.set('summary.txt', summary);
    replaceFolder(outdir, files);
    this.showSummary(summary);
  }

  /** All objects of all clusters as one YAML text, in the order of the files. */
  override synthYaml(): string {
    return [...plainFiles(this.render(this.model().plans).steps).values()].join('---\n');
  }

  /** What a synth would find, in rendering too. */
  private reportOnly(): void {
    let model: Model | undefined;
    try {
      model = this.model();
      this.render(model.plans);
    } catch (error) {
      if (!(error instanceof FindingsError)) throw error;
      // What the model has found is reported already.
      if (model) writeReport(this, [...model.findings, ...error.findings]);
    }
  }

  private render(plans: readonly ClusterPlan[]): { steps: RenderedStep[]; needs: Map<ClusterPlan, Needs> } {
    const steps: RenderedStep[] = [];
    const needs = new Map<ClusterPlan, Needs>();
    const findings: Finding[] = [];
    const plainIsEnough = !hasCustomResolvers(this);
    for (const plan of plans) {
      const references = new References(plan);
      for (const step of plan.steps) {
        const objects: RenderedObject[] = [];
        for (const { object } of step.objects) {
          try {
            const rendered = renderObject(object, plainIsEnough);
            references.add(rendered.manifest);
            objects.push(rendered);
            if (this.layout) findings.push(...lostCharacters(object, rendered.text));
          } catch (error) {
            findings.push(...renderFindings(object, error));
          }
        }
        steps.push({ step, objects });
      }
      needs.set(plan, references.unmet());
    }
    if (findings.length > 0) throw new FindingsError(findings, this);
    return { steps, needs };
  }
}

/** One file for each wave, with whole objects. */
function plainFiles(steps: readonly RenderedStep[]): Map<string, string> {
  return new Map(steps.map(({ step, objects }) => [step.file, objects.map(({ text }) => text).join('---\n')]));
}

type RenderedObject = RenderedStep['objects'][number];

function renderObject(object: ApiObject, plainIsEnough: boolean): RenderedObject {
  if (plainIsEnough && KubeObject.is(object)) {
    const plain = object.plain();
    try {
      if (plain) return { manifest: plain, text: emitYaml(plain) };
    } catch (error) {
      // Something in it has to be resolved first.
      if (!(error instanceof NotPlainError)) throw error;
    }
  }
  // cdk8s copies a patch through JSON, which makes an Output a text about itself.
  if (latePatches(object).length > 0) throw new Error('a JSON patch holds a late value');
  const manifest = object.toJson() as AnyManifest;
  return { manifest, text: emitYaml(manifest) };
}

/** Why an object cannot be rendered: the late values that it was made with, else what the renderer said. */
function renderFindings(object: ApiObject, error: unknown): Finding[] {
  const place = { severity: 'error', path: object.node.path } as const;
  const late = lateValues(object);
  if (late.length > 0) return late.map((property) => ({ ...place, rule: 'late-value', property, ...LATE_PROBLEM }));
  return [{ ...place, rule: 'render', message: error instanceof Error ? error.message : String(error) }];
}

function lateValues(object: ApiObject): string[] {
  const { props } = object as unknown as { props?: unknown };
  try {
    return [...latePaths(props, 'the object'), ...latePatches(object)];
  } catch {
    return []; // a producer failed, which is then the error to show
  }
}

function latePatches(object: ApiObject): string[] {
  const { patches = [] } = object as unknown as { patches?: readonly { operation?: { path?: string } }[] };
  return patches.filter(containsLate).map((patch) => `JSON patch of '${patch.operation?.path ?? ''}'`);
}

/** cdk8s adds three resolvers of its own behind the user's. */
function hasCustomResolvers(app: cdk8s.App): boolean {
  return app.resolvers.length > BUILT_IN_RESOLVERS;
}

const BUILT_IN_RESOLVERS = new cdk8s.App().resolvers.length;
