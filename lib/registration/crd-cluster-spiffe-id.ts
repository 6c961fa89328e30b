import {
  className,
  count,
  crd,
  DURATION,
  flag,
  hint,
  labelSelector,
  object,
  TRUST_DOMAIN,
  text,
  texts,
} from './crd-schema';

/** Definition of ClusterSPIFFEID. */
export const clusterSpiffeIdCrd = crd({
  kind: 'ClusterSPIFFEID',
  plural: 'clusterspiffeids',
  description: 'Gives a SPIFFE ID to selected pods.',
  spec: object(
    'Which pods, and which identity.',
    {
      spiffeIDTemplate: text('Go template of the SPIFFE ID.', { minLength: 1 }),
      podSelector: labelSelector('Labels of the pods; all pods if empty.'),
      namespaceSelector: labelSelector('Labels of the namespaces; all namespaces if empty.'),
      federatesWith: texts('Foreign trust domains whose bundles the pods get.', { pattern: TRUST_DOMAIN }),
      ttl: text("Longest lifetime of X509-SVIDs, such as 1h30m; the server's if empty.", { pattern: DURATION }),
      jwtTtl: text("Longest lifetime of JWT-SVIDs, such as 5m; the server's if empty.", { pattern: DURATION }),
      dnsNameTemplates: texts('Go templates of DNS names in the X509-SVID.'),
      workloadSelectorTemplates: texts('Go templates of selectors, type:value, that a process must match too.'),
      autoPopulateDNSNames: flag('Adds the names of the Services that lead to the pod.'),
      admin: flag('Lets the pods administer the SPIRE server.'),
      downstream: flag('Lets the pods act as SPIRE servers below this one.'),
      fallback: flag('Applies only to pods that no other object gives an identity to.'),
      hint,
      className,
    },
    { required: ['spiffeIDTemplate'] },
  ),
  status: object('What the controller manager made of it.', {
    stats: object('Counts of its last run.', {
      namespacesSelected: count('Namespaces selected.'),
      namespacesIgnored: count('Selected namespaces that the configuration ignores.'),
      podsSelected: count('Pods selected.'),
      podEntryRenderFailures: count('Pods for which a template gave no valid value.'),
      entriesMasked: count('Entries that another object makes already.'),
      entriesToSet: count('Entries that should exist.'),
      entryFailures: count('Entries that the SPIRE server refused.'),
    }),
  }),
});
