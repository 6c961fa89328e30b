import { className, crd, DURATION, flag, hint, MEMBER_ID, object, TRUST_DOMAIN, text, texts } from './crd-schema';

/** Definition of ClusterStaticEntry. */
export const clusterStaticEntryCrd = crd({
  kind: 'ClusterStaticEntry',
  plural: 'clusterstaticentries',
  description: 'One registration entry of the SPIRE server.',
  spec: object(
    'The entry.',
    {
      spiffeID: text('SPIFFE ID that the workload gets.', { pattern: MEMBER_ID }),
      parentID: text('SPIFFE ID of the agent, or group of agents, that hands it out.', { pattern: MEMBER_ID }),
      selectors: texts(
        'What a process must match, all of it, as type:value.',
        { pattern: '^[^:]+:[\\s\\S]+$' },
        { minItems: 1 },
      ),
      federatesWith: texts('Foreign trust domains whose bundles the workload gets.', { pattern: TRUST_DOMAIN }),
      x509SVIDTTL: text("Lifetime of X509-SVIDs, such as 1h30m; the server's if empty.", { pattern: DURATION }),
      jwtSVIDTTL: text("Lifetime of JWT-SVIDs, such as 5m; the server's if empty.", { pattern: DURATION }),
      dnsNames: texts('DNS names in the X509-SVID.'),
      hint,
      admin: flag('Lets the workload administer the SPIRE server.'),
      downstream: flag('Lets the workload act as a SPIRE server below this one.'),
      storeSVID: flag("Keeps the SVID in the store of the agent's SVIDStore plugin."),
      className,
    },
    { required: ['parentID', 'selectors', 'spiffeID'] },
  ),
  status: object(
    'What the controller manager made of it.',
    {
      rendered: flag('Whether the entry is well-formed.'),
      masked: flag('Whether another object makes the same entry already.'),
      set: flag('Whether the SPIRE server took the entry.'),
    },
    { required: ['masked', 'rendered', 'set'] },
  ),
});
