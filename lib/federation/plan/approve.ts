/** What to write where a change has to be decided about, as the end of a sentence. */
export const APPROVE =
  "approve what 'npx spirekit diff' shows, each with its reason: approve: [{ change: '…', reason: '…' }] of the FederationMesh";
