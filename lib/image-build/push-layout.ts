import { type Digest, ImageError, ImageReference, OciLayout, recordOf } from '../image';
import { LayoutSource } from './layout-source';
import { pushImage, type RegistryOptions } from './registry';

/** How an image is pushed. */
export interface PushOptions extends RegistryOptions {
  /** Where to, with a tag or without. @default - the repository that the image was built for */
  readonly to?: string;
  /** The image that it has to be: another build may have put its own there since. @default - whatever the folder holds */
  readonly digest?: Digest;
}

/** An image in a registry. */
export interface PushedImage {
  /** As pods refer to it: the repository, and the image's digest. */
  readonly reference: string;
  readonly digest: Digest;
}

/**
 * Pushes an image that was built: first what it consists of, at last its tag, so that whoever pulls it gets it whole. What the
 * registry has already is not sent again.
 *
 * @param folder of the OCI layout
 * @throws ImageError says what is wrong with the image, the registry or the credentials
 */
export async function pushLayout(
  folder: string,
  { to, digest: wanted, ...options }: PushOptions = {},
): Promise<PushedImage> {
  const layout = OciLayout.of(folder);
  if (wanted !== undefined && layout.root.digest !== wanted) {
    throw new ImageError(
      `'${folder}' holds another image by now, ${layout.root.digest} instead of ${wanted}; give each image a folder of its own by 'layout'`,
    );
  }
  layout.requireWhole();
  const target = to ?? recordOf(folder)?.repository;
  if (target === undefined) {
    throw new ImageError(`the image in '${folder}' does not say where it belongs; name the repository`);
  }
  const reference = ImageReference.parse(target);
  const tagged = reference.tag === undefined ? reference.withTag(layout.tag) : reference;
  const { digest } = await pushImage(new LayoutSource(layout), tagged, options);
  return { reference: `${reference.untagged}@${digest}`, digest };
}
