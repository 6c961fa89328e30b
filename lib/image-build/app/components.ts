import { byText } from '../../core';
import type { Component } from '../component';
import { isRecord } from './file-reader';
import type { LockFile } from './lock-file';
import type { Package } from './packages';

/**
 * The npm packages in a program, for its bill of materials: by name, then by version.
 *
 * @param held packages of which something is in the bundle
 * @param architectureOf the only architecture that a package is there for; undefined for all
 */
export function componentsOf(
  held: readonly Package[],
  lock: LockFile | undefined,
  architectureOf: (each: Package) => Component['architecture'],
): Component[] {
  const components = new Map<string, Component>();
  for (const each of held) {
    const { name, version, folder } = each;
    if (version === undefined) continue;
    const purl = `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
    const [license, architecture] = [licenseOf(each), architectureOf(each)];
    const sha512 = lock?.packages?.get(folder)?.sha512;
    components.set(purl, {
      type: 'library',
      name,
      version,
      purl,
      ...(license !== undefined && { license }),
      ...(sha512 !== undefined && { hashes: { 'SHA-512': sha512 } }),
      ...(architecture && { architecture }),
    });
  }
  return [...components.values()].sort((a, b) => byText(a.name, b.name) || byText(a.version, b.version));
}

/** The licence of a package, as SPDX has it. Old packages have an object, or a list of which the user may choose one. */
export function licenseOf({ manifest: { license, licenses } }: Package): string | undefined {
  const named = [license ?? licenses].flat().map((each) => (isRecord(each) ? each.type : each));
  const texts = named.filter((each): each is string => typeof each === 'string' && isSpdx(each));
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0] : `(${texts.join(' OR ')})`;
}

const isSpdx = (text: string): boolean => /^[\w.+()\- :]+$/.test(text) && !/^(?:SEE LICENSE|UNLICENSED$)/.test(text);
