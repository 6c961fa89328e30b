import * as pulumi from '@pulumi/pulumi';
import { ImageError } from '../image';

/** Why an image cannot be had, as Pulumi shows it: the text alone, at the resource if there is one. */
class ImageFailure extends pulumi.ResourceError {
  constructor(text: string, resource: pulumi.Resource | undefined) {
    super(text, resource, true);
    // Pulumi puts the name of each property in front that waits for the image, and our sentence would begin in the middle.
    Object.defineProperty(this, 'message', { get: () => text, set: () => undefined });
  }
}

/**
 * What work on an image comes to. It fails with errors as Pulumi is given them: of what the user can mend, the text is enough.
 *
 * @param resource that the image belongs to
 */
export function imageWork<T>(work: Promise<T>, resource?: pulumi.Resource): Promise<T> {
  // Not by await: Pulumi has a debugger attached, for which Node.js looks, when an async function throws, whether somebody handles
  // that, along every way through all that waits. Between Outputs there are more than it can walk; here it finds a handler at once.
  return new Promise((resolve, reject) => {
    work.then(resolve, (error: unknown) => {
      reject(error instanceof ImageError ? new ImageFailure(error.message, resource) : error);
    });
  });
}
