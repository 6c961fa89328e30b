export type { VerificationJobProps } from './props';
export { VerificationJob } from './verification-job';
