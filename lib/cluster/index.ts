export {
  Cluster,
  type GiveIdentityOptions,
  type IdentityOptions,
  type IdentityProps,
} from './cluster';
export { type PeerLike, trustDomainOf } from './peer';
export {
  type RegistrationClass,
  registrationClassesOf,
  setRegistrationClass,
  type WorkloadPlatform,
} from './platform';
export { registrationFindings } from './registration-findings';
