import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { sizeText } from '../../core';
import { IMAGE_PLATFORMS, ImageError, ImageReference, OciLayout, recordOf } from '../../image';
import { writeDockerArchive, writeOciArchive } from '../../image-build';
import { EXIT, UsageFailure } from '../failure';
import { oneOf, readOptions } from '../options';
import { write } from '../output';
import { withProgress } from './work';

const OPTIONS = {
  form: { type: 'string', default: 'oci' },
  platform: { type: 'string' },
  to: { type: 'string' },
} as const;

/** `spirekit image archive LAYOUT FILE`: writes an image that was built as one file. */
export async function archive(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('image', args, OPTIONS, 2);
  const [folder, file] = positionals;
  if (folder === undefined || file === undefined) {
    throw new UsageFailure('write the folder of the image and the file to write', 'image');
  }
  const form = oneOf('image', 'form', values.form, ['oci', 'docker']);
  const platform =
    values.platform === undefined ? undefined : oneOf('image', 'platform', values.platform, IMAGE_PLATFORMS);
  if (form === 'docker' && platform === undefined) {
    throw new UsageFailure('--form docker holds one platform; name it by --platform', 'image');
  }
  if (form === 'oci' && platform !== undefined) {
    throw new UsageFailure('--form oci holds all platforms; leave --platform out', 'image');
  }
  requireFile(file);
  await withProgress(async (_, signal) => {
    const layout = OciLayout.of(folder);
    const name = values.to ?? recordOf(folder)?.repository;
    if (name === undefined) {
      throw new ImageError(`the image in '${folder}' does not say what it is called; name it by --to`);
    }
    const reference = ImageReference.parse(name);
    if (platform === undefined) writeOciArchive(layout, reference, file);
    else await writeDockerArchive(layout, platform, reference, file, signal);
  });
  await write(process.stdout, `${file}  ${sizeText(statSync(file).size)}\n`);
  return EXIT.ok;
}

/** What cannot be written is said before an image is read. */
function requireFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageFailure(`'${file}' is a folder; name the file to write`, 'image');
  }
  if (!existsSync(dirname(file))) {
    throw new UsageFailure(
      `'${file}' cannot be written: there is no folder '${dirname(file)}'; make it first`,
      'image',
    );
  }
}
