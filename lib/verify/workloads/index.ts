export type { TestImage } from './objects';
export { WORKLOAD_RIGHTS } from './rights';
export { WORKLOAD_TEXTS, type WorkloadCheck, workloadTexts } from './texts';
export { REMOVAL } from './waits';
export { testWorkloads, type WorkloadOptions } from './workload-test';
