/**
 * What tests need: an authority that issues SVIDs, valid ones in one line and wrong ones in any way.
 *
 * Not for production: keys are kept in memory, and nothing that is signed is checked.
 */
export { type BuiltCertificate, buildCertificate, flipBit, type Signer } from './certificate-builder';
export type { CertificateTemplate, Moment, SvidTemplate } from './certificate-template';
export { element, generalizedTime, integer, octetString, oid, sequence, set, utcTime, utf8String } from './der-writer';
export {
  authorityKeyId,
  basicConstraints,
  type Extension,
  extendedKeyUsage,
  type KeyUsageName,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyId,
} from './extensions';
export {
  type FakeAnswer,
  FakeBundleEndpoint,
  type FakeBundleEndpointOptions,
  type RecordedRequest,
} from './fake-bundle-endpoint';
export { type FakeCall, FakeGrpcServer, type FakeStatus } from './fake-grpc-server';
export { FakeWorkloadApi, type FakeWorkloadApiOptions, type RecordedCall } from './fake-workload-api';
export {
  FakeDenial,
  type FakeJwtIssuer,
  type FakeJwtRequest,
  type FakeWitSvid,
  type WorkloadState,
} from './fake-workload-state';
export { type Digest, generateKey, type KeyType } from './keys';
export type { DistinguishedName, GeneralName } from './names';
export { type Issued, TestAuthority, type TestAuthorityOptions } from './test-authority';
export { TestSource } from './test-source';
export {
  generateTokenKey,
  newTokenKey,
  signToken,
  type TokenAlgorithm,
  type TokenKey,
  type TokenParts,
  type TokenTemplate,
} from './test-tokens';
