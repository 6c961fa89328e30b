import { ImageReference, NODE_PROGRAM, RUNTIME_PROGRAMS } from '../../image';
import { WORKLOAD_TEXTS, type WorkloadCheck, type WorkloadOptions } from '../../verify';
import { UsageFailure } from '../failure';
import { idsOf } from './check-ids';

/** Options of the test of workloads. */
export const WORKLOAD_OPTIONS = {
  workloads: { type: 'boolean' },
  image: { type: 'string' },
  node: { type: 'string' },
  cleanup: { type: 'boolean' },
} as const;

/** What was given for it. */
interface Given {
  readonly workloads?: boolean;
  readonly image?: string;
  readonly node?: string;
  readonly cleanup?: boolean;
  readonly check?: readonly string[];
}

/**
 * How workloads are to be tried; undefined when they are not.
 *
 * @param isRun whether it is run, and not only described
 * @throws UsageFailure if something is missing, or has no effect
 */
export function workloadsOf(given: Given, isRun: boolean): Omit<WorkloadOptions, 'say'> | undefined {
  const { workloads = false, image, node, cleanup = false } = given;
  const wanted = wantedOf(given.check);
  if (!workloads) {
    const without = (['image', 'node', 'cleanup'] as const).find((option) => given[option] !== undefined);
    if (without !== undefined)
      throw new UsageFailure(`--${without} belongs to --workloads; add that, or leave it out`, 'verify');
    const [first] = wanted ?? [];
    if (first === undefined) return undefined;
    throw new UsageFailure(`check ${WORKLOAD_TEXTS[first].id} is one of workloads; add --workloads`, 'verify');
  }
  if (wanted?.size === 0) {
    const ids = Object.values(WORKLOAD_TEXTS).map(({ id }) => id);
    throw new UsageFailure(
      `--workloads tries ${ids[0]} to ${ids.at(-1)}, of which --check names none; name one, or leave --workloads out`,
      'verify',
    );
  }
  if (isRun && image === undefined) {
    throw new UsageFailure(
      "--workloads runs pods, and needs an image with the runtime's programs: add --image REFERENCE, as spirekit image build prints it",
      'verify',
    );
  }
  const reference = ImageReference.tryParse(image ?? 'none');
  if (!reference.ok) throw new UsageFailure(`--image '${image}' cannot be used: ${reference.problem}`, 'verify');
  if (node !== undefined && !node.startsWith('/')) {
    throw new UsageFailure(
      `--node '${node}' is no absolute path in the image; write one, such as ${NODE_PROGRAM}`,
      'verify',
    );
  }
  return {
    image: { reference: image ?? '', node: node ?? NODE_PROGRAM, runtime: RUNTIME_PROGRAMS },
    cleanup,
    ...(wanted && { checks: wanted }),
  };
}

/** The checks of workloads that are asked for; undefined: all. */
function wantedOf(ids: readonly string[] | undefined): ReadonlySet<WorkloadCheck> | undefined {
  if (!ids || ids.length === 0) return undefined;
  const asked = idsOf(ids);
  const names = Object.keys(WORKLOAD_TEXTS) as WorkloadCheck[];
  return new Set(names.filter((name) => asked.has(WORKLOAD_TEXTS[name].id)));
}
