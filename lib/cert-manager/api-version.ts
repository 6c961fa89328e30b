/** Group of cert-manager's own kinds, and where references without a group lead. */
export const GROUP = 'cert-manager.io';

/** API version of every kind that is written here. */
export const API_VERSION = `${GROUP}/v1`;
