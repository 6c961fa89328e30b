/** Why there is no plan for what was asked, in words for whoever asked, with the remedy. */
export class PlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PlanError';
  }
}

/** Of a system that others run, when there is nothing to be done here. */
export const nobodyBelieves = (name: string): PlanError =>
  new PlanError(`'${name}' is run by others, and nobody here believes it: there is nothing to be done here`);
