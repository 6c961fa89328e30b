export { addPlan } from './add';
export { deployedMesh } from './deployed';
export { migratePlan } from './migrate';
export type {
  CommandTask,
  InstallTask,
  KeptValue,
  KubectlTask,
  ObjectTask,
  Plan,
  PlanAction,
  PlanCheck,
  PlanOrder,
  PlanStep,
  PlanStop,
  PlanTask,
  PlanWait,
  ProgramTask,
  ServerTask,
  TellTask,
} from './plan';
export { PlanError } from './plan-error';
export { planMarkdown } from './plan-markdown';
export { planText } from './plan-text';
export { recoverPlan } from './recover';
export { type RemoveOptions, removePlan } from './remove';
export { rotatePlan } from './rotate';
export { type ShellOptions, ShellWords } from './shell-words';
export type { WaitPart } from './waits';
