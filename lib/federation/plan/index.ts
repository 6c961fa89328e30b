export { addPlan } from './add/add';
export { deployedMesh } from './deployed';
export { migratePlan } from './migrate/migrate';
export type {
  CommandTask,
  InstallTask,
  KeptValue,
  KubectlTask,
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
  WaitPart,
} from './plan';
export { PlanError } from './plan-error';
export { planMarkdown } from './plan-markdown';
export { planText } from './plan-text';
export { recoverPlan } from './recover/recover';
export { type RemoveOptions, removePlan } from './remove/remove';
export { rotatePlan } from './rotate/rotate';
export { type ShellOptions, ShellWords } from './shell-words';
