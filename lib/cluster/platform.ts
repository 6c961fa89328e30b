import type { TrustDomain } from '@spirekit/runtime/id';
import type { IConstruct } from 'constructs';

/** What workloads of a cluster need to know of the SPIRE installation in it, whoever makes that. */
export interface WorkloadPlatform {
  /** The cluster's trust domain. */
  readonly trustDomain: TrustDomain;
  /** Class of the registration objects that the installation acts on. */
  readonly className: string;
  /** Namespaces in which SPIRE runs, that of the server first. */
  readonly namespaces: readonly string[];
  /** Name of the CSI driver that mounts the Workload API. */
  readonly csiDriverName: string;
  readonly agent: {
    /** File name of the Workload API's socket. */
    readonly socketName: string;
  };
  /** Where workloads find the Workload API: the CSI volume's folder and the endpoint in it. */
  readonly workloadApi: { readonly mountPath: string; readonly endpoint: string; readonly socketPath: string };
}

/** Which registration objects a controller manager acts on. */
export interface RegistrationClass {
  readonly className: string;
  /** Whether it acts on objects without a class too. */
  readonly watchClassless: boolean;
}

const CLASS = Symbol.for('spirekit.registration-class');

/** Says that a construct, once deployed, acts on registration objects of a class. */
export function setRegistrationClass(construct: IConstruct, registrationClass: RegistrationClass): void {
  Object.defineProperty(construct, CLASS, { value: registrationClass, configurable: true });
}

/** The classes that are acted on in a tree. */
export function registrationClassesOf(root: IConstruct): RegistrationClass[] {
  return root.node
    .findAll()
    .flatMap((construct) => (construct as unknown as Record<symbol, RegistrationClass>)[CLASS] ?? []);
}
