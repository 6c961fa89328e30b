import { App, type FederationMesh } from 'spirekit';
import { describe as describeFinding } from '../../../lib/core';

/**
 * What one rule finds in a program, each as `SEVERITY RULE [MEMBER] TEXT`.
 *
 * @param rule its id; what the others find is left out
 */
export function foundBy(rule: string, program: (app: App) => FederationMesh): string[] {
  const mesh = program(new App({ summary: () => undefined }));
  return mesh
    .prove()
    .filter((found) => found.rule === rule)
    .map((found) => `${found.severity} ${found.rule} [${found.member}] ${describeFinding(found)}`);
}
