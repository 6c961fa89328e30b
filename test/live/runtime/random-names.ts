import fc from 'fast-check';
import type { GeneralName } from '../../../runtime/src/testing/names';
import { root, WEB } from '../../../runtime/test/svid/chain-makers';

/** A name or a constraint. An odd one breaks the rules of its kind, so that nobody can tell what it means. */
interface Choice {
  readonly name: GeneralName;
  readonly odd: boolean;
}

/** A leaf with names of all kinds below a CA that is constrained. */
export interface ConstrainedCase {
  readonly chain: readonly Buffer[];
  readonly bundle: readonly Buffer[];
  /** Whether it cannot be told whether a name is within a constraint, so that the validator refuses it. */
  readonly doubtful: boolean;
  /** What the certificates say. */
  readonly text: string;
}

function choice<T>(make: (value: T) => GeneralName, sound: readonly T[], odd: readonly T[]): fc.Arbitrary<Choice> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...sound).map((value) => ({ name: make(value), odd: false })) },
    { weight: 1, arbitrary: fc.constantFrom(...odd).map((value) => ({ name: make(value), odd: true })) },
  );
}

const uri = (value: string) => ({ uri: value });
const dns = (value: string) => ({ dns: value });
const email = (value: string) => ({ email: value });
const octets = (hex: string) => ({ ip: Buffer.from(hex, 'hex') });
const ipv6 = '00'.repeat(15);
const mask6 = 'ff'.repeat(16);

const directoryName = fc.constantFrom({ C: 'US' }, { C: 'US', O: 'a' }, { O: 'a', C: 'US' }, { C: 'DE' }, {});
const directory = directoryName.map((value) => ({ name: { directory: value }, odd: false }));

const constraint: fc.Arbitrary<Choice> = fc.oneof(
  choice(
    uri,
    ['example.org', '.example.org', 'EXAMPLE.org', 'org', '.org', 'ample.org', 'a.example.org', 'foreign.test'],
    ['example.org:443', 'spiffe://example.org', '.', ''],
  ),
  choice(
    dns,
    ['web.test', '.web.test', 'WEB.TEST', 'test', '.test', 'b.test', 'a.web.test', ''],
    ['*.web.test', 'web.test.', 'web..test'],
  ),
  choice(
    email,
    ['a@web.test', 'A@web.test', 'web.test', '.web.test', 'test', 'WEB.test'],
    ['@web.test', 'a@b@web.test', ''],
  ),
  choice(
    octets,
    ['0a000000ff000000', '0a000001ffffffff', '0000000000000000', `${ipv6}01${mask6}`, '00'.repeat(32)],
    ['0a000000', '', '0a00000000ff0000'],
  ),
  directory,
);

const name: fc.Arbitrary<Choice> = fc.oneof(
  choice(
    dns,
    ['web.test', 'a.web.test', 'A.Web.Test', 'xweb.test', 'test'],
    ['*.web.test', '*.test', 'web.test.', '.web.test', ''],
  ),
  choice(
    email,
    ['a@web.test', 'A@WEB.test', 'a@a.web.test', 'b@test'],
    ['@web.test', 'web.test', '"a@x"@web.test', ''],
  ),
  choice(octets, ['0a000001', '0aff0001', '0b000001', `${ipv6}01`, `${ipv6}02`], ['0a00000001', '']),
  directory,
);

/** Leaves with the SPIFFE ID and up to two more names, below an intermediate with up to four constraints. */
export const constrainedCase: fc.Arbitrary<ConstrainedCase> = fc
  .record({
    permitted: fc.array(constraint, { maxLength: 3 }),
    excluded: fc.array(constraint, { maxLength: 1 }),
    names: fc.array(name, { maxLength: 2 }),
    subject: directoryName,
  })
  .filter(({ permitted, excluded }) => permitted.length + excluded.length > 0)
  .map(({ permitted, excluded, names, subject }) => {
    const plain = (choices: readonly Choice[]) => choices.map((each) => each.name);
    const nameConstraints = { permitted: plain(permitted), excluded: plain(excluded) };
    const subjectAltNames = [WEB, ...plain(names)];
    return {
      chain: root.intermediate({ nameConstraints }).issue({ subject, subjectAltNames, subjectAltNamesCritical: true })
        .chain,
      bundle: [root.der],
      doubtful:
        [...permitted, ...excluded, ...names].some(({ odd }) => odd) ||
        // The same name can be encoded in several ways.
        excluded.some((each) => 'directory' in each.name),
      text: JSON.stringify({ nameConstraints, subjectAltNames, subject }),
    };
  });
