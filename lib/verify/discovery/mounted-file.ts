import type { Pod, PodContainer } from './pods';

/** A key of a ConfigMap. */
export interface ConfigMapKey {
  readonly configMap: string;
  readonly key: string;
}

/** The value of a flag of a command line, such as `-config PATH` or `--config=PATH`. */
export function flagOf({ command = [], args = [] }: PodContainer, flag: string): string | undefined {
  const words = [...command, ...args];
  for (const [index, word] of words.entries()) {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === flag) return value ?? words[index + 1];
  }
  return undefined;
}

/**
 * The key of a ConfigMap that a container sees as a file. A path that is not absolute is looked for by its name, below whatever
 * is mounted: the working directory of an image is not known.
 */
export function mountedFile(
  { spec }: Pod,
  { volumeMounts = [] }: PodContainer,
  path: string,
): ConfigMapKey | undefined {
  const isAbsolute = path.startsWith('/');
  const name = path.split('/').at(-1) ?? path;
  for (const { name: volumeName, mountPath, subPath } of volumeMounts) {
    const volume = spec?.volumes?.find((each) => each.name === volumeName);
    const configMap = volume?.configMap?.name;
    if (volume === undefined || configMap === undefined) continue;
    const inside = isAbsolute ? below(mountPath, path) : name;
    if (inside === undefined) continue;
    const file = inside === '' ? (subPath ?? '') : inside;
    const { items } = volume.configMap ?? {};
    const item = items?.find((each) => each.path === file);
    if (items !== undefined && item === undefined) continue;
    return { configMap, key: item?.key ?? file };
  }
  return undefined;
}

/** The rest of a path below a folder; empty when it is the folder itself. */
function below(folder: string, path: string): string | undefined {
  const base = folder.replace(/\/$/, '');
  if (path === base) return '';
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}
