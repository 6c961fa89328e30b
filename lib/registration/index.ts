export { BundleEndpointProfile } from './bundle-endpoint';
export type { ObjectProps, TrustDomainLike } from './checks';
export { ClusterFederatedTrustDomain, type ClusterFederatedTrustDomainProps } from './cluster-federated-trust-domain';
export { ClusterSpiffeId, type ClusterSpiffeIdProps, type LabelSelectorSource } from './cluster-spiffe-id';
export { ClusterStaticEntry, type ClusterStaticEntryProps, type SpiffeIdLike } from './cluster-static-entry';
export { RegistrationCrds, registrationCrds } from './crds';
export { Parent } from './parent';
export { type TemplateContext, type TemplateKind, type TemplateProblem, templateProblem } from './template';
export { SpiffeIdTemplate, Template } from './template-parts';
