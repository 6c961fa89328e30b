import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Construct, type IConstruct } from 'constructs';
import { addCheck, addReport, addSummary, type FindingInput, isLate, PLAIN_PROBLEM, usableProps } from '../core';
import { buildProblems } from './build-problems';
import { UNKNOWN_DIGEST } from './digest';
import { ImageError } from './image-error';
import { IMAGE_BUILD, type ImageBuildProps, layoutFolderOf, settingsDigest, settingsOf } from './image-props';
import { type ImageRecord, pathFrom, recordOf, staleness } from './image-record';
import type { ProgramImage } from './program-image';
import { NODE_PROGRAM, RUNTIME_PROGRAMS } from './program-paths';
import { ImageReference } from './reference';

/** Kind of the section by which a program tells the command what images it has. */
export const IMAGE_SECTION = 'image';

/** Where this package has its command: beside this folder, in the same language. */
const COMMAND = join(__dirname, '..', 'cli', `main${extname(__filename)}`);

/** The images of each tree, in the order in which they were described. */
const IMAGES = new WeakMap<IConstruct, WorkloadImage[]>();

/** Whether two images, with absolute paths, would lie in one folder and are not the same. */
export function takesPlaceOf(one: ImageBuildProps, other: ImageBuildProps): boolean {
  return one.layout === other.layout && !isDeepStrictEqual(one, other);
}

/** What is found of an image that a build mends. */
export const MENDED_BY_BUILD: readonly string[] = ['image-damaged', 'image-missing', 'image-stale'];

/**
 * The image of a workload's program, built by `spirekit image build`: manifests refer to it by its digest. Synthesis reads the
 * image that was built, and says so when it is missing, or when the program has changed since.
 *
 * @example
 *
 * const server = new WorkloadImage(app, 'server-image', { entry: 'server.ts', repository: 'registry.example.com/shop/server' });
 * const deployment = new Deployment(shop, 'server', { containers: [{ image: server.image }] });
 * cluster.giveIdentity(deployment, { image: server, probe: {} });
 */
export class WorkloadImage extends Construct implements ProgramImage {
  /**
   * An image that is there already, and was built by `spirekit image build` elsewhere.
   *
   * @param reference with the image's digest, as `spirekit image push` prints it
   * @param programs where Node.js and the programs of the runtime lie in it, if it was built upon a base with other places
   */
  static existing(
    scope: Construct,
    id: string,
    reference: string,
    programs: Partial<ProgramImage['programs']> = {},
  ): ExistingImage {
    return new ExistingImage(scope, id, reference, programs);
  }

  /**
   * The image of the command `spirekit` itself: for a `VerificationJob`, and wherever the programs of the runtime are needed without
   * a program beside them.
   */
  static spirekit(scope: Construct, id: string, props: Omit<ImageBuildProps, 'entry'>): WorkloadImage {
    return new WorkloadImage(scope, id, { ...props, entry: COMMAND });
  }

  private readonly props: ImageBuildProps;
  /** What was given and cannot be used; it is reported already. */
  private readonly refused: ReadonlySet<string>;
  private known: BuiltState | undefined;

  constructor(scope: Construct, id: string, props: ImageBuildProps) {
    super(scope, id);
    this.props = usableProps(this, props, IMAGE_BUILD);
    const given = Object.entries(props ?? {}).filter(([, value]) => value !== undefined && value !== null);
    this.refused = new Set(given.flatMap(([name]) => (name in this.props ? [] : [name])));
    const { root } = this.node;
    const images = IMAGES.get(root) ?? [];
    images.push(this);
    IMAGES.set(root, images);
    addCheck(this, () => this.findings());
    addReport(this, () => ({ kind: IMAGE_SECTION, props: this.buildProps }));
    addSummary(this, () => this.summary());
  }

  /** What the image is built from, with absolute paths. */
  get buildProps(): ImageBuildProps {
    const { files } = this.props;
    const absolute = (from: unknown) => (typeof from === 'string' ? resolve(from) : from) as string;
    return {
      ...this.props,
      entry: absolute(this.props.entry),
      layout: resolve(this.layout),
      ...(files && { files: files.map((file) => ({ ...file, from: absolute(file?.from) })) }),
    };
  }

  /** The reference that pods have: the repository, and the digest of the image that was built. */
  get image(): string {
    const { repository } = this.props;
    const digest = this.state().record?.digest ?? UNKNOWN_DIGEST;
    const reference = ImageReference.tryParse(repository);
    // What is no reference is reported by the check.
    return `${reference.ok ? reference.value.untagged : 'invalid'}@${digest}`;
  }

  /** Where Node.js and the programs of the runtime lie in the image. */
  get programs(): ProgramImage['programs'] {
    return { node: this.state().record?.node ?? NODE_PROGRAM, runtime: RUNTIME_PROGRAMS };
  }

  private get layout(): string {
    const { repository = '', layout } = this.props;
    return layoutFolderOf({ layout, repository: String(repository) });
  }

  /** What was built. It is read once: a program runs for a moment. */
  private state(): BuiltState {
    this.known ??= stateOf(this.layout);
    return this.known;
  }

  private summary(): string[] {
    const pushed = `Image ${this.node.path}: ${this.image}`;
    if (!existsSync(join(this.layout, 'oci-layout'))) return [pushed]; // it is elsewhere, and its record here
    return [pushed, `  to push it: npx spirekit image push ${pathFrom('.', this.layout)}`];
  }

  /** An image that was described before this one, and would lie in the same folder. */
  private sharer(): WorkloadImage | undefined {
    const images = IMAGES.get(this.node.root) ?? [];
    const earlier = images.slice(0, images.indexOf(this));
    return earlier.find(({ buildProps }) => takesPlaceOf(buildProps, this.buildProps));
  }

  private findings(): FindingInput[] {
    const problems = buildProblems(this.props).filter(({ property }) => !this.refused.has(property));
    if (problems.length > 0) return problems.map((problem) => ({ rule: 'image-build', ...problem }));
    if (this.refused.size > 0) return [];
    const { record, problem } = this.state();
    const property = 'layout';
    const place = pathFrom('.', this.layout);
    const other = this.sharer();
    if (other) {
      const message = `is that of [${other.node.path}] too, which is another image`;
      const remedy = 'set layout of one of them to another folder';
      return [{ rule: 'image-layout', property, value: place, message, remedy }];
    }
    const remedy =
      "run 'npx spirekit image build', with --app and the command that runs this program unless cdk8s.yaml has it";
    if (problem !== undefined) return [{ rule: 'image-damaged', property, value: place, message: problem }];
    if (!record) return [{ rule: 'image-missing', property, value: place, message: 'holds no image yet', remedy }];
    const { entry, repository } = this.props;
    const wanted = { entry, repository, settings: settingsDigest(settingsOf(this.props)) };
    const stale = attempt(() => staleness(this.layout, record, wanted));
    if (stale.value === undefined && stale.problem === undefined) return [];
    const message = stale.problem ?? `holds an image that ${stale.value}`;
    return [{ rule: 'image-stale', property, value: place, message, remedy }];
  }
}

/** An image of which only the reference is known. */
export class ExistingImage extends Construct implements ProgramImage {
  readonly programs: ProgramImage['programs'];

  constructor(
    scope: Construct,
    id: string,
    readonly image: string,
    programs: Partial<ProgramImage['programs']>,
  ) {
    super(scope, id);
    this.programs = { node: NODE_PROGRAM, runtime: RUNTIME_PROGRAMS, ...programs };
    addCheck(this, () => {
      const problem = referenceProblem(image);
      if (problem !== undefined) return [{ rule: 'image-reference', property: 'reference', ...problem }];
      if (ImageReference.parse(image).digest !== undefined) return [];
      const message = 'names no digest, so that another image could take its place at any time';
      const remedy = 'add @sha256:… of the image, which spirekit image push prints';
      return [{ rule: 'image-reference', severity: 'warning', property: 'reference', value: image, message, remedy }];
    });
  }
}

interface BuiltState {
  readonly record?: ImageRecord;
  /** What is wrong with it. */
  readonly problem?: string;
}

function stateOf(folder: string): BuiltState {
  const { value: record, problem } = attempt(() => recordOf(folder));
  return { ...(record && { record }), ...(problem !== undefined && { problem }) };
}

/** What is read of the world, or why it cannot be. */
function attempt<T>(read: () => T): { readonly value?: T; readonly problem?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { problem: `cannot be used: ${error.message}` };
  }
}

/** What is wrong with a reference, if it is none. */
function referenceProblem(reference: unknown): { value?: unknown; message: string; remedy?: string } | undefined {
  const remedy = 'write a repository, such as registry.example.com/shop/server';
  if (reference === undefined || reference === null) return { message: 'is missing', remedy };
  if (isLate(reference)) return PLAIN_PROBLEM;
  if (typeof reference !== 'string') return { value: reference, message: 'is not text', remedy };
  const parsed = ImageReference.tryParse(reference);
  return parsed.ok ? undefined : { message: `cannot be used: ${parsed.problem}` };
}
