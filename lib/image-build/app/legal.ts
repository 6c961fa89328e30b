import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { byText } from '../../core';
import { licenseOf } from './components';
import { type FileReader, mapSome } from './file-reader';
import type { Package } from './packages';

/** Licences of packages that go into the image with their code, as most of them ask for. */
export interface LegalTexts {
  readonly text: string;
  /** Files that it was made of, relative to the project folder. */
  readonly sources: readonly string[];
}

/**
 * The licences and notices of packages, as one text.
 *
 * @param held packages of which something is in the bundle
 * @param comments what esbuild took out of the sources
 */
export async function legalTexts(held: readonly Package[], comments: string, files: FileReader): Promise<LegalTexts> {
  const installed = held.filter((each) => each.installed).sort((a, b) => byText(a.folder, b.folder));
  const parts = await mapSome(installed, async (each) => {
    const sources = await licenseFilesOf(each, files);
    const texts = await mapSome(sources, async (path) => (await files.read(path)).toString('utf8').trim());
    const title = [each.name, each.version, licenseOf(each) && `(${licenseOf(each)})`].filter(Boolean).join(' ');
    return { sources, text: [`=== ${title}`, ...texts].join('\n\n') };
  });
  return {
    text: `${[...parts.map(({ text }) => text), comments.trim()].filter((each) => each !== '').join('\n\n')}\n`.replace(
      /\r\n/g,
      '\n',
    ),
    sources: parts.flatMap(({ sources }) => sources),
  };
}

async function licenseFilesOf({ folder }: Package, files: FileReader): Promise<string[]> {
  const names = await readdir(join(files.folder, folder));
  const isLicense = (name: string): boolean => /^(?:licen[cs]e|copying|notice)(?:[-.][\w.-]*)?$/i.test(name);
  const found = names.filter((name) => isLicense(name) && !/\.(?:[cm]?[jt]sx?|json)$/i.test(name)).sort(byText);
  // A folder of that name is no text.
  const texts = await mapSome(found, async (name) => ((await files.find(posix.join(folder, name))) ? [name] : []));
  return texts.flat().map((name) => posix.join(folder, name));
}
