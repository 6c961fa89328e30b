import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * What a part of a tier lacks in an environment, a line each.
 *
 * @param {{ programs?: readonly string[], clusters?: number, crds?: boolean }} needs
 * @param {NodeJS.ProcessEnv} env
 */
export function missingFor({ programs = [], clusters = 0, crds = false }, env) {
  const missing = [];
  const absent = programs.filter((name) => !onPath(name, env));
  if (absent.length > 0) missing.push(`no ${absent.join(', ')} on PATH or in SPIREKIT_LIVE_BIN`);
  const there = clustersIn(env).length;
  if (there < clusters)
    missing.push(
      `${there} of ${clusters} clusters in SPIREKIT_LIVE_KUBECONFIGS (paths, separated by commas) or KUBECONFIG`,
    );
  if (crds && !existsSync(env.SPIREKIT_CRDS ?? '')) missing.push('no folder of upstream’s CRDs in SPIREKIT_CRDS');
  return missing;
}

/**
 * Paths of the kubeconfigs, one for each cluster.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function clustersIn(env) {
  return (env.SPIREKIT_LIVE_KUBECONFIGS ?? env.KUBECONFIG ?? '').split(',').filter(Boolean);
}

function onPath(name, env) {
  return (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
