export { App, type AppProps, type Model } from './app';
export { type ArgoCdOptions, Delivery, type FluxOptions, type FluxSource, type RepositoryFolder } from './delivery';
export { type ClusterPlan, commandsOf, type PlanStep, planOf } from './plan';
export { PROGRAM_REPORT, writeReport } from './report';
export { summaryOf } from './summary';
