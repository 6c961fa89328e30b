/** Group of the controller manager's resources. */
export const API_GROUP = 'spire.spiffe.io';

/** Their only version. */
export const API_VERSION = `${API_GROUP}/v1alpha1`;
