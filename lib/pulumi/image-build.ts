import * as pulumi from '@pulumi/pulumi';
import { reportFolder } from '../core';
import {
  type Digest,
  type ImageBuildProps,
  ImageError,
  ImageReference,
  NODE_PROGRAM,
  type ProgramImage,
  RUNTIME_PROGRAMS,
  UNKNOWN_DIGEST,
} from '../image';
import type { BuildOptions, BuiltImage, PushOptions } from '../image-build';
import { BuildProgress } from './build-progress';
import { imageWork } from './image-failure';

/** The builder is loaded when an image is built: most programs build none. */
const builder = () => require('../image-build') as typeof import('../image-build');

/** How an image is built and pushed in a Pulumi program. */
export interface ImageBuildArgs extends Omit<ImageBuildProps, 'repository'> {
  /** Repository that the image is pushed to and pulled from. As long as it is not known, a preview does not know the reference. */
  readonly repository: pulumi.Input<string>;
  /** Whether an update pushes the image. @default true */
  readonly push?: boolean;
  /**
   * Where Node.js lies in an image with a `base`: manifests name it, and are made before the base is looked at.
   *
   * @default '/usr/local/bin/node'
   */
  readonly nodeProgram?: string;
  /** Where sources and caches are, and what makes the image. @default - as of `spirekit image build` */
  readonly build?: Omit<BuildOptions, 'progress' | 'signal'>;
  /** How the registry is spoken to that the image is pushed to. @default - as Docker does */
  readonly registry?: pulumi.Input<Omit<PushOptions, 'progress' | 'signal' | 'to' | 'digest'>>;
}

/**
 * The image of a workload's program: built when the program is run, in previews too, so that these show whether it is another one;
 * an update pushes it, and what refers to it comes after that.
 *
 * @example
 *
 * const server = new ImageBuild('server', { entry: 'server.ts', repository: 'registry.example.com/shop/server' });
 * deploy('shop', (app) => {
 *   …
 *   cluster.giveIdentity(deployment, { image: server, probe: {} });
 * });
 */
// A component, and no dynamic provider: Pulumi would write the builder as text into the state, and run that from there without
// its packages. Nothing has to be kept in the state either: the same program gives the same digest, and to push again what the
// registry has is a question to it.
export class ImageBuild extends pulumi.ComponentResource {
  /** The reference that pods have: the repository, and the image's digest. Known in a preview; in an update, when it was pushed. */
  readonly reference: pulumi.Output<string>;
  readonly digest: pulumi.Output<string>;
  /** Where Node.js and the programs of the runtime lie in the image. */
  readonly programs: ProgramImage['programs'];

  /**
   * @param name unique in the stack among images
   */
  constructor(name: string, args: ImageBuildArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('spirekit:index:ImageBuild', name, {}, options);
    // Credentials are secret, and what is pushed by them is not.
    const registry = pulumi.unsecret(pulumi.output(args.registry));
    const made = pulumi
      .all([args.repository, registry])
      .apply(([repository, access]) => imageWork(this.make({ ...args, repository }, access), this));
    this.reference = made.reference;
    this.digest = made.digest;
    this.programs = { node: args.nodeProgram ?? NODE_PROGRAM, runtime: RUNTIME_PROGRAMS };
    this.registerOutputs({ reference: this.reference, digest: this.digest });
  }

  /** The same as `reference`, by the name that it has where workloads are given images. */
  get image(): pulumi.Output<string> {
    return this.reference;
  }

  private async make(
    { push = true, nodeProgram = NODE_PROGRAM, build, registry: _, ...props }: KnownArgs,
    registry: PushOptions | undefined,
  ): Promise<Made> {
    const progress = new BuildProgress(this);
    try {
      if (reportFolder() !== undefined) return notBuilt(props);
      const built = await builder().buildImage(props, { ...build, progress });
      requireNode(built, nodeProgram);
      for (const warning of built.warnings) void pulumi.log.warn(warning, this);
      if (!push || !isUpdate()) return built;
      // Another image of the stack may have been given the same folder.
      const wanted = { to: built.repository, digest: built.digest };
      const { reference, digest } = await builder().pushLayout(built.layout, { ...registry, ...wanted, progress });
      void pulumi.log.info(`pushed ${reference}`, this);
      return { reference, digest };
    } finally {
      progress.end();
    }
  }
}

type KnownArgs = Omit<ImageBuildArgs, 'repository'> & ImageBuildProps;

interface Made {
  readonly reference: string;
  readonly digest: Digest;
}

/** Stands for an image in a run for the report alone, in which nothing is deployed. */
function notBuilt({ repository }: ImageBuildProps): Made {
  const digest = UNKNOWN_DIGEST;
  return { reference: `${ImageReference.parse(repository).untagged}@${digest}`, digest };
}

/** Whether something is deployed: a program may be run without Pulumi too. */
function isUpdate(): boolean {
  return pulumi.runtime.hasMonitor() && !pulumi.runtime.isDryRun();
}

/** What manifests say of the image has to be so. */
function requireNode({ programs }: BuiltImage, said: string): void {
  if (programs.node === said) return;
  throw new ImageError(
    `nodeProgram '${said}' is not where Node.js lies in the image with this base; write '${programs.node}'`,
  );
}
