import type * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type * as Models from '@cyclonedx/cyclonedx-library/Models';
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import type * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import type * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type * as Purl from 'packageurl-js';

/** What a bill of materials is written by. */
export interface Library {
  readonly Enums: typeof Enums;
  readonly Models: typeof Models;
  readonly Serialize: typeof Serialize;
  readonly SPDX: typeof SPDX;
  readonly Spec: typeof Spec;
  readonly PackageURL: typeof Purl.PackageURL;
}

/**
 * Loads the library when a bill of materials is written: most that loads this folder never writes one. Its parts by name, since the
 * whole of it has validators too, and takes twice as long.
 */
export function loadLibrary(): Library {
  return {
    Enums: require('@cyclonedx/cyclonedx-library/Enums'),
    Models: require('@cyclonedx/cyclonedx-library/Models'),
    Serialize: require('@cyclonedx/cyclonedx-library/Serialize'),
    SPDX: require('@cyclonedx/cyclonedx-library/SPDX'),
    Spec: require('@cyclonedx/cyclonedx-library/Spec'),
    PackageURL: (require('packageurl-js') as typeof Purl).PackageURL,
  };
}
