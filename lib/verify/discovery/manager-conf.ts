/** What the controller manager's configuration says, as far as it is looked at. */
export interface ManagerConf {
  readonly trustDomain?: string;
  /** Class of the objects that it acts on; undefined: those without a class. */
  readonly className?: string;
  /** Whether it acts on objects without a class too. */
  readonly watchClassless: boolean;
  /** Whether it acts on ClusterFederatedTrustDomains at all. */
  readonly reconcilesTrustDomains: boolean;
}

/**
 * Reads the configuration of a controller manager.
 *
 * @param given what its YAML holds
 * @see https://github.com/spiffe/spire-controller-manager/blob/v0.7.0/docs/spire-controller-manager-config.md
 */
export function managerConf(given: unknown): ManagerConf {
  const fields = objectOf(given);
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const reconcile = objectOf(fields.reconcile);
  return {
    trustDomain: text('trustDomain'),
    className: text('className'),
    watchClassless: fields.watchClassless === true,
    // Where nothing is said of any kind, all are reconciled.
    reconcilesTrustDomains: fields.reconcile === undefined || reconcile.clusterFederatedTrustDomains === true,
  };
}

/** Whether a controller manager acts on objects of a class. */
export function actsOn({ className, watchClassless }: ManagerConf, objectClass: string | undefined): boolean {
  const of = objectClass === '' ? undefined : objectClass;
  return of === undefined ? className === undefined || watchClassless : of === className;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
