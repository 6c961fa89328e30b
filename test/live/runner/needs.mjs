import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/**
 * The environment in which tests find what they run with, whatever folder they run it in.
 *
 * A cluster that is only the current one, by KUBECONFIG, is taken when tiers are named: they install there, and remove.
 *
 * @param {NodeJS.ProcessEnv} given
 * @param {boolean} named whether tiers were named
 * @returns {NodeJS.ProcessEnv}
 */
export function withMeans(given, named) {
  const env = { ...given, CDK8S_CHECK_UPGRADE: 'false' };
  if (given.SPIREKIT_LIVE_BIN) env.PATH = `${resolve(given.SPIREKIT_LIVE_BIN)}${delimiter}${given.PATH}`;
  if (given.SPIREKIT_CRDS) env.SPIREKIT_CRDS = resolve(given.SPIREKIT_CRDS);
  const clusters = given.SPIREKIT_LIVE_KUBECONFIGS ?? (named ? given.KUBECONFIG : undefined) ?? '';
  env.SPIREKIT_LIVE_KUBECONFIGS = listed(clusters)
    .map((path) => resolve(path))
    .join();
  return env;
}

/**
 * What a part of a tier lacks in such an environment, a text each.
 *
 * @param {{ programs?: readonly string[], clusters?: number, crds?: boolean, root?: boolean, imports?: boolean }} needs
 * @param {NodeJS.ProcessEnv} env
 */
export function missingFor({ programs = [], clusters = 0, crds = false, root = false, imports = false }, env) {
  const missing = [];
  const absent = programs.filter((name) => !onPath(name, env));
  if (absent.length > 0) missing.push(`no ${absent.join(', ')} on PATH or in SPIREKIT_LIVE_BIN`);
  const configs = listed(env.SPIREKIT_LIVE_KUBECONFIGS);
  const there = configs.filter((path) => existsSync(path));
  if (there.length < clusters) {
    const lost = configs.filter((path) => !existsSync(path)).join(', ');
    missing.push(
      `${there.length} of ${clusters} kubeconfigs in SPIREKIT_LIVE_KUBECONFIGS${lost && ` (not there: ${lost})`}`,
    );
  }
  if (crds && !existsSync(env.SPIREKIT_CRDS ?? '')) missing.push('no folder of upstream’s CRDs in SPIREKIT_CRDS');
  if (root && process.getuid?.() !== 0) missing.push('not run as root');
  if (imports && !env.SPIREKIT_LIVE_IMPORT) missing.push('no command that imports images in SPIREKIT_LIVE_IMPORT');
  return missing;
}

/** Paths, separated by commas. */
function listed(paths = '') {
  return paths.split(',').filter(Boolean);
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
