import { basename } from 'node:path';
import { TrustDomain } from '@spirekit/runtime/id';
import { oneLine } from '../../core';
import {
  BundleFolder,
  type BundleForm,
  type BundleView,
  bundleView,
  DEFAULT_FOLDER,
  readBundle,
  readBundleFileName,
  uriDomains,
} from '../../federation';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { nameOfInput } from '../input-bytes';
import { readOptions } from '../options';
import { deliver } from '../output';
import { momentOf } from '../source';
import { bytesOf, COMMAND, isFile, trustDomainOf } from './bundle-input';
import { bundleLines, countText } from './bundle-text';

const OPTIONS = {
  'trust-domain': { type: 'string' },
  folder: { type: 'string' },
  now: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** A bundle that is shown. */
interface Shown {
  readonly file: string;
  /** Undefined: neither the name of the file nor a certificate says it. */
  readonly trustDomain?: string;
  readonly form: BundleForm;
  readonly view: BundleView;
}

/** `spirekit bundle show FILE|TRUST-DOMAIN`: what is in a bundle. */
export async function show(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(COMMAND, args, OPTIONS);
  const [what] = positionals;
  if (what === undefined) throw new UsageFailure('nothing is named; write a FILE or a TRUST-DOMAIN', COMMAND);
  const now = momentOf(COMMAND, values.now) ?? new Date();
  if (!isFile(what) && values['trust-domain'] !== undefined) {
    throw new UsageFailure(`--trust-domain says whose a FILE is, and '${what}' is a trust domain itself`, COMMAND);
  }
  const shown = isFile(what) ? ofFile(what, values['trust-domain']) : ofFolder(what, values.folder ?? DEFAULT_FOLDER);
  await deliver(values.json ? jsonOf(shown) : textOf(shown, now), undefined);
  return EXIT.ok;
}

function ofFolder(given: string, folder: string): Shown {
  const found = BundleFolder.at(folder).find(trustDomainOf(given).name);
  if ('message' in found) throw new CommandFailure(`the bundle of '${given}' ${found.message}; ${found.remedy}`);
  return { file: found.path, trustDomain: found.trustDomain, form: 'spiffe', view: bundleView(found.bundle) };
}

/** Any name does to read a document, which says none itself. */
const UNKNOWN = TrustDomain.parse('unknown');

function ofFile(file: string, given: string | undefined): Shown {
  const bytes = bytesOf(file);
  const reading = readBundle(UNKNOWN, bytes, { pem: true });
  if ('message' in reading) throw new CommandFailure(`${nameOfInput(file)} ${reading.message}; ${reading.remedy}`);
  const { bundle, form } = reading;
  const [uri, ...others] = uriDomains(bundle.x509.authorities);
  const said = given === undefined ? readBundleFileName(basename(file))?.trustDomain : trustDomainOf(given).name;
  const trustDomain = said ?? (others.length === 0 ? uri : undefined);
  return { file, ...(trustDomain !== undefined && { trustDomain }), form, view: bundleView(bundle) };
}

function textOf({ file, trustDomain, form, view }: Shown, now: Date): string {
  const whose = trustDomain ?? 'a trust domain that nothing in it names';
  const certificates = form === 'pem' ? '; certificates in PEM, which lack JWT keys and refresh hint' : '';
  const head = `${whose}: ${countText(view)} (${file}${certificates})`;
  return `${[oneLine(head), '', ...bundleLines(view, now)].join('\n')}\n`;
}

function jsonOf({ file, trustDomain, form, view }: Shown): string {
  const { sequence, ...rest } = view;
  const document = {
    schema: 'spirekit/bundle/v1',
    file,
    ...(trustDomain !== undefined && { trustDomain }),
    form,
    ...rest,
    // It may be greater than any number of JavaScript.
    ...(sequence !== undefined && { sequence: String(sequence) }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
