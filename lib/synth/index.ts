export { App, type AppProps, type Model } from './app';
export { type ClusterPlan, commandsOf, type PlanStep, planOf } from './plan';
export { summaryOf } from './summary';
