import fc from 'fast-check';
import { manifest } from '../../../lib/cli/package';
import type { Proof } from '../../../lib/cli/proof';
import { sarifReport } from '../../../lib/cli/report/sarif';
import { finding, proofOf, rule } from '../fixtures';

const logOf = (proof: Proof) => JSON.parse(sarifReport(proof));
const runOf = (proof: Proof) => logOf(proof).runs[0];

const ofEast = (id: string, rest: Parameters<typeof finding>[2] = {}) => ({
  ...finding(id, 'east/spire', rest),
  member: 'east',
});

test('the whole of it', () => {
  const proof = proofOf(
    { findings: [ofEast('E05', { property: 'profile', value: 'x' }), ofEast('W27', { accepted: 'for now' })] },
    { artifact: 'a%20b/main.ts' },
  );
  expect(logOf(proof)).toMatchInlineSnapshot(`
{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "runs": [
    {
      "columnKind": "utf16CodeUnits",
      "results": [
        {
          "level": "error",
          "locations": [
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "east/spire",
                },
              ],
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/main.ts",
                },
                "region": {
                  "startLine": 1,
                },
              },
            },
          ],
          "message": {
            "text": "E05 is wrong",
          },
          "partialFingerprints": {
            "primaryLocationLineHash": "e19d9c28e53082dac4465eaa4eb64b7f:1",
          },
          "ruleId": "E05",
          "ruleIndex": 0,
          "suppressions": [],
        },
        {
          "level": "warning",
          "locations": [
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "east/spire",
                },
              ],
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b/main.ts",
                },
                "region": {
                  "startLine": 1,
                },
              },
            },
          ],
          "message": {
            "text": "W27 is wrong",
          },
          "partialFingerprints": {
            "primaryLocationLineHash": "8d1f69e2a5dd585abee139b1379a18ed:1",
          },
          "ruleId": "W27",
          "ruleIndex": 1,
          "suppressions": [
            {
              "justification": "for now",
              "kind": "external",
              "status": "accepted",
            },
          ],
        },
      ],
      "tool": {
        "driver": {
          "name": "spirekit",
          "rules": [
            {
              "defaultConfiguration": {
                "level": "error",
              },
              "fullDescription": {
                "text": "Text of E05.",
              },
              "help": {
                "text": "Text of E05.

Remedy: mend E05.
Source: a standard",
              },
              "id": "E05",
              "shortDescription": {
                "text": "title of E05",
              },
            },
            {
              "defaultConfiguration": {
                "level": "warning",
              },
              "fullDescription": {
                "text": "Text of W27.",
              },
              "help": {
                "text": "Text of W27.

Remedy: mend W27.
Source: a standard",
              },
              "id": "W27",
              "shortDescription": {
                "text": "title of W27",
              },
            },
          ],
          "version": "0.1.0",
        },
      },
    },
  ],
  "version": "2.1.0",
}
`);
});

test('without a file the construct alone is known; what is no construct is the program', () => {
  const { results } = runOf(proofOf({}, { findings: [finding('no-clusters', '')] }));
  expect(results[0].locations).toEqual([{ logicalLocations: [{ fullyQualifiedName: 'app' }] }]);
});

test('braces are no place for arguments', () => {
  const text = "write { rule: '{{ .Name }}' }";
  const run = runOf(
    proofOf({ rules: [rule('E05', 'error', { text })] }, { findings: [finding('E05', 'a', { text })] }),
  );
  const doubled = "write {{ rule: '{{{{ .Name }}}}' }}";
  expect([run.results[0].message.text, run.tool.driver.rules[0].fullDescription.text]).toEqual([doubled, doubled]);
});

test('rules that no catalogue knows have an id', () => {
  const { tool, results } = runOf(
    proofOf({}, { findings: [finding('svid-ttl', 'east'), finding('svid-ttl', 'west')] }),
  );
  expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['E05', 'W27', 'svid-ttl']);
  expect(tool.driver.rules[2]).toEqual({ id: 'svid-ttl' });
  expect(results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([2, 2]);
});

test('texts that a rule leaves out are not there', () => {
  const rules = [rule('shop-1', 'error', { text: '', remedy: '', source: '' }), rule('shop-2', 'error', { text: '' })];
  expect(runOf(proofOf({ rules })).tool.driver.rules).toEqual([
    { id: 'shop-1', shortDescription: { text: 'title of shop-1' }, defaultConfiguration: { level: 'error' } },
    {
      id: 'shop-2',
      shortDescription: { text: 'title of shop-2' },
      help: { text: 'Remedy: mend shop-2.\nSource: a standard' },
      defaultConfiguration: { level: 'error' },
    },
  ]);
});

test('a package that has a home leads there', () => {
  const { homepage } = manifest();
  const { driver } = runOf(proofOf()).tool;
  expect([driver.informationUri, driver.rules[0].helpUri]).toEqual([homepage, homepage]);
});

describe('a finding is known again by its fingerprint', () => {
  const fingerprints = (...findings: ReturnType<typeof finding>[]): string[] =>
    runOf(proofOf({}, { findings })).results.map(
      (it: { partialFingerprints: { primaryLocationLineHash: string } }) =>
        it.partialFingerprints.primaryLocationLineHash,
    );
  const base = finding('E05', 'east', { property: 'profile', value: 'x' });
  const [known] = fingerprints(base) as [string];

  test('it is this, from version to version', () => {
    expect(known).toMatchInlineSnapshot(`"667aea79bf579d1d4a5209709fa563a0:1"`);
  });

  test('words, severity and acceptance do not change it', () => {
    expect(fingerprints({ ...base, message: 'other', text: 'other', severity: 'warning', accepted: 'so' })).toEqual([
      known,
    ]);
  });

  test('what else was found does not', () => {
    expect(fingerprints(finding('E05', 'west'), finding('W27', 'east'), base)[2]).toBe(known);
  });

  test.each([
    ['rule', { rule: 'E06' }],
    ['path', { path: 'west' }],
    ['property', { property: 'url' }],
    ['value', { value: 'y' }],
  ])('another %s is another finding', (_, rest) => {
    expect(fingerprints({ ...base, ...rest })).not.toEqual([known]);
  });

  test('of several that are alike each has a number', () => {
    expect(fingerprints(base, base, base)).toEqual([1, 2, 3].map((number) => known.replace(/1$/, String(number))));
  });
});

/** What SARIF wants of every log; its own schema is not among the packages here, so that this is what it says, by hand. */
function problems(log: ReturnType<typeof logOf>): string[] {
  const found: string[] = [];
  const demand = (holds: boolean, what: string) => holds || found.push(what);
  demand(log.version === '2.1.0' && log.$schema.endsWith('/sarif-schema-2.1.0.json'), 'version');
  demand(log.runs.length === 1, 'runs');
  const { tool, results, ...rest } = log.runs[0];
  demand(Object.keys(rest).join() === 'columnKind' && rest.columnKind === 'utf16CodeUnits', 'columnKind');
  demand(tool.driver.name === 'spirekit', 'driver');
  const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
  demand(new Set(ids).size === ids.length, 'rules are unique');
  for (const result of results) {
    demand(ids[result.ruleIndex] === result.ruleId, 'ruleIndex');
    demand(['error', 'warning'].includes(result.level), 'level');
    demand(!/[{}]/.test(result.message.text.replaceAll('{{', '').replaceAll('}}', '')), 'message');
    demand(result.locations.length === 1, 'locations');
    const [{ physicalLocation, logicalLocations }] = result.locations;
    demand(logicalLocations[0].fullyQualifiedName.length > 0, 'logical location');
    demand(!physicalLocation || !/[ \\]/.test(physicalLocation.artifactLocation.uri), 'URI');
    demand(Array.isArray(result.suppressions), 'suppressions');
    for (const { kind, status, justification } of result.suppressions) {
      demand(kind === 'external' && status === 'accepted' && typeof justification === 'string', 'suppression');
    }
    demand(/^[0-9a-f]{32}:\d+$/.test(result.partialFingerprints.primaryLocationLineHash), 'fingerprint');
  }
  const all = results.map((it: { partialFingerprints: object }) => JSON.stringify(it.partialFingerprints));
  demand(new Set(all).size === all.length, 'fingerprints are unique');
  return found;
}

test('it is as SARIF wants it, whatever was found', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const found = fc.record({
    severity: fc.constantFrom('error' as const, 'warning' as const),
    rule: fc.oneof(fc.constantFrom('E05', 'W27'), text),
    path: fc.oneof(fc.constantFrom('', 'east'), text),
    property: fc.option(text, { nil: undefined }),
    value: fc.option(fc.jsonValue(), { nil: undefined }),
    message: text,
    text,
    accepted: fc.option(text, { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(found), (findings) => {
      const log = logOf(proofOf({}, { findings, artifact: 'main.ts' }));
      expect(problems(log)).toEqual([]);
      expect(log.runs[0].results).toHaveLength(findings.length);
    }),
  );
});

test('its version is that of the package', () => {
  expect(runOf(proofOf()).tool.driver.version).toBe(manifest().version);
});
