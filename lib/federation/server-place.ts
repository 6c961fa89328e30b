import type { Member, ServerPlace } from './model';

const SERVER = { workload: 'statefulset/spire-server', container: 'spire-server' } as const;

/** Where servers run that a program installs, and those of OpenShift's operator. */
const PLACES: Readonly<Record<'kubernetes' | 'openshift', ServerPlace>> = {
  kubernetes: { namespace: 'spire-server', ...SERVER },
  openshift: { namespace: 'zero-trust-workload-identity-manager', ...SERVER },
};

/** Path of the program in the images of SPIRE, and in that of the operator of OpenShift. */
const PROGRAMS = { kubernetes: '/opt/spire/bin/spire-server', openshift: '/spire-server' } as const;

/** Where the commands of a member's server are run. */
export interface ServerOf extends ServerPlace {
  /** Path of the program in the container. */
  readonly program: string;
}

/** Where a member's server runs: as it says itself, else as its platform has it. */
export function serverOf({ platform, server }: Pick<Member, 'platform' | 'server'>): ServerOf {
  const kind = platform === 'openshift' ? 'openshift' : 'kubernetes';
  return { ...PLACES[kind], ...server, program: PROGRAMS[kind] };
}
