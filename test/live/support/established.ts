/**
 * What `kubectl wait` waits for until definitions are served, one after the other: of conditions that are `null`, as they are at
 * first, it says that they are of the wrong type, and breaks off.
 */
export const ESTABLISHED = ['--for=jsonpath={.status.conditions[0].type}', '--for=condition=Established'] as const;
