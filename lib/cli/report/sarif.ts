import { createHash } from 'node:crypto';
import { isAccepted, type ReportedFinding, WHOLE } from '../../core';
import type { RuleText } from '../../federation';
import { manifest } from '../package';
import { allFindings, type Proof, rulesOf } from '../proof';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * The findings for code scanning, in SARIF 2.1.0. Accepted warnings are suppressed, with the reason.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport(proof: Proof): string {
  const findings = allFindings(proof);
  const rules = new Map(rulesOf(proof).map((rule) => [rule.id, descriptorOf(rule)]));
  for (const { rule } of findings) if (!rules.has(rule)) rules.set(rule, { id: rule });
  const places = new Map([...rules.keys()].map((id, index) => [id, index]));
  const { version, homepage } = manifest();
  const fingerprints = new Fingerprints();
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'spirekit',
            version,
            ...(homepage !== undefined && { informationUri: homepage }),
            rules: [...rules.values()].map((rule) => (homepage === undefined ? rule : { ...rule, helpUri: homepage })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: places.get(finding.rule),
          level: finding.severity,
          message: messageOf(finding.text),
          locations: [locationOf(finding, proof.artifact)],
          // The name is the one that GitHub looks for.
          partialFingerprints: { primaryLocationLineHash: fingerprints.next(finding) },
          // Where some results have them, the others say that they have none.
          suppressions: isAccepted(finding)
            ? [{ kind: 'external', status: 'accepted', justification: finding.accepted }]
            : [],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A text; single braces would be the place of an argument (3.11.5). */
const messageOf = (text: string): { text: string } => ({ text: text.replace(/[{}]/g, '$&$&') });

/** A rule as SARIF describes it; of one that no catalogue knows, its id is all. */
interface Descriptor {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** Texts that a rule of the user's own has left out are left out here too. */
function descriptorOf({ id, severity, title, text, remedy, source }: RuleText): Descriptor {
  const help = [
    text,
    [...(remedy === '' ? [] : [`Remedy: ${remedy}.`]), ...(source === '' ? [] : [`Source: ${source}`])].join('\n'),
  ].filter((part) => part !== '');
  return {
    id,
    shortDescription: messageOf(title),
    ...(text !== '' && { fullDescription: messageOf(text) }),
    ...(help.length > 0 && { help: messageOf(help.join('\n\n')) }),
    defaultConfiguration: { level: severity },
  };
}

/** The construct; and the file, as a whole, for nobody knows the line. */
function locationOf({ path }: ReportedFinding, artifact: string | undefined) {
  return {
    ...(artifact !== undefined && {
      physicalLocation: { artifactLocation: { uri: artifact }, region: { startLine: 1 } },
    }),
    logicalLocations: [{ fullyQualifiedName: path || WHOLE }],
  };
}

/**
 * What makes a finding the same in the next run: the rule, where it was found and what, but not the words. Of several that
 * are alike in that, each has a number.
 */
class Fingerprints {
  private readonly seen = new Map<string, number>();

  next({ rule, path, property, value }: ReportedFinding): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([rule, path, property, value]))
      .digest('hex')
      .slice(0, 32);
    const number = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, number);
    return `${hash}:${number}`;
  }
}
