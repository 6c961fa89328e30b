export { type AuthorityList, type BundleDifference, bundleDifference } from './bundle-difference';
export { type BundleFileName, bundleFileName, contentHash, readBundleFileName } from './bundle-file-name';
export { BundleFolder } from './bundle-folder';
export { type BundleView, bundleView, type JwtView, jwtView, type X509View, x509View } from './bundle-view';
export { canonicalBundle } from './canonical-bundle';
export { type BundleForm, type BundleReading, MAX_BUNDLE_BYTES, readBundle, uriDomains } from './read-bundle';
export {
  type BundleFile,
  DEFAULT_FOLDER,
  type FolderContent,
  fetchCommand,
  folderContent,
  readBundleFile,
  type StoredBundle,
} from './stored-bundle';
export { bundleProblems, type UsabilityOptions, withoutEnded } from './usability';
