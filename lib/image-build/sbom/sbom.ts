import type { Models } from '@cyclonedx/cyclonedx-library';
import { byText } from '../../core';
import { architectureOf, type Digest, digestOf, hexOf, type ImagePlatform } from '../../image';
import type { Component } from '../component';
import { type Library, loadLibrary } from './library';
import { licenseOf } from './license';

/** The image that a bill of materials is of. */
export interface SbomSubject {
  /** Such as `registry.example.com/shop/server`. */
  readonly name: string;
  /** @default - none */
  readonly version?: string;
  /** Of the image for the platform. */
  readonly digest: Digest;
  readonly platform: ImagePlatform;
}

/**
 * The bill of materials of an image: CycloneDX 1.6 in JSON. Same image and components, same bytes: it has no time, and its
 * serial number stands for its content. What depends on what is left open, for a bundle does not say it.
 *
 * @param components those for other platforms are left out, and what comes twice stands once
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function sbomOf(image: SbomSubject, components: readonly Component[]): string {
  const cdx = loadLibrary();
  const bom = new cdx.Models.Bom({
    metadata: new cdx.Models.Metadata({ component: subjectOf(image, cdx) }),
    components: new cdx.Models.ComponentRepository(
      chosen(components, image.platform).map((each) => componentOf(each, cdx)),
    ),
  });
  const factory = new cdx.Serialize.JSON.Normalize.Factory(cdx.Spec.Spec1dot6);
  // The library sorts by the machine's language; everything here is sorted already.
  const { dependencies: _, ...content } = factory.makeForBom().normalize(bom, { sortLists: false });
  return JSON.stringify({ ...content, serialNumber: serialNumber(JSON.stringify(content)) }, undefined, 2);
}

function subjectOf({ name, version, digest, platform }: SbomSubject, cdx: Library): Models.Component {
  const qualifiers: Record<string, string> = { arch: architectureOf(platform) };
  if (name.includes('/')) qualifiers.repository_url = name;
  const last = name.slice(name.lastIndexOf('/') + 1);
  const purl = new cdx.PackageURL('oci', undefined, last, digest, qualifiers, undefined).toString();
  return new cdx.Models.Component(cdx.Enums.ComponentType.Container, name, {
    version,
    purl,
    bomRef: purl,
    hashes: new cdx.Models.HashDictionary([[cdx.Enums.HashAlgorithm['SHA-256'], hexOf(digest)]]),
  });
}

function componentOf(component: Component, cdx: Library): Models.Component {
  const { type, name, version, purl, license, hashes = {} } = component;
  const scope = type === 'library' ? /^(@[^/]+)\/(.+)$/.exec(name) : null;
  return new cdx.Models.Component(TYPES(cdx)[type], scope?.[2] ?? name, {
    group: scope?.[1],
    version,
    purl,
    bomRef: purl,
    licenses: new cdx.Models.LicenseRepository(license ? [licenseOf(license, cdx)] : []),
    hashes: new cdx.Models.HashDictionary(
      (['SHA-256', 'SHA-512'] as const).flatMap((algorithm) => {
        const hex = hashes[algorithm];
        return hex === undefined ? [] : [[cdx.Enums.HashAlgorithm[algorithm], hex] as const];
      }),
    ),
  });
}

const TYPES = ({ Enums: { ComponentType } }: Library) => ({
  application: ComponentType.Application,
  library: ComponentType.Library,
  platform: ComponentType.Platform,
});

/** Components for a platform, each once, in the order of their package URLs. */
function chosen(components: readonly Component[], platform: ImagePlatform): Component[] {
  const architecture = architectureOf(platform);
  const own = components.filter((each) => each.architecture === undefined || each.architecture === architecture);
  const each = new Map(own.map((component) => [component.purl, component]));
  return [...each.values()].sort((a, b) => byText(a.purl, b.purl));
}

/** A UUID that stands for a content, of the kind that is free for such. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function serialNumber(content: string): string {
  const bytes = Buffer.from(hexOf(digestOf(content)), 'hex').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const groups = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(bytes.toString('hex'))?.slice(1) ?? [];
  return `urn:uuid:${groups.join('-')}`;
}
