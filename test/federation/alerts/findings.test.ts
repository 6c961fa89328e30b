import { describe as describeFinding } from '../../../lib/core';
import { type Member, meshFrom } from '../../../lib/federation';
import { intervalFinding, labelFindings } from '../../../lib/federation/alerts';
import { draft, web } from '../fixtures';

const meshOf = ({ east, west, partner, edges }: ReturnType<typeof draft>) =>
  meshFrom({ members: [east, west, partner], edges });

const told = (findings: ReturnType<typeof labelFindings>): string[] =>
  findings.map((finding) => describeFinding({ severity: 'error', path: '', ...finding }));

test('trust domains that SPIRE writes alike are told, and others not', () => {
  const given = draft();
  expect(labelFindings(meshOf(given), 'demo/mesh')).toEqual([]);
  given.west.relationships.push(web('east-example.org', 'https://x.example/'));
  given.partner.trustDomain = 'apps-west.example.org';
  expect(told(labelFindings(meshOf(given), 'demo/mesh'))).toMatchInlineSnapshot(`
[
  "members has 'east.example.org' and 'east-example.org', which SPIRE writes as 'east_example_org' in its metrics: the alerts take them for one, so that what goes well with one of them hides what fails with the other; give one of them a name that differs in more than dots, hyphens and underscores",
  "members has 'apps.west.example.org' and 'apps-west.example.org', which SPIRE writes as 'apps_west_example_org' in its metrics: the alerts take them for one, so that what goes well with one of them hides what fails with the other; give one of them a name that differs in more than dots, hyphens and underscores",
]
`);
});

test('readings that are too far apart for so short a CA are told', () => {
  const given = draft();
  given.west.caTtl = 3600;
  given.west.endpoint.refreshHint = 60;
  const findings = (interval: number) => {
    const mesh = meshOf(given);
    return told(intervalFinding(mesh, mesh.member('prod/east') as Member, 'prod/east', interval));
  };
  expect(findings(100)).toEqual([]);
  expect(findings(120)).toMatchInlineSnapshot(`
[
  "monitoring.interval '2m' is so long that a bundle of 'prod/west' that is not fetched is found 24m later, and the next CA signs 20m after it is published; write 1m40s or less",
]
`);
  // A hint that leaves no time is told by its own rule.
  given.west.endpoint.refreshHint = 3600;
  expect(findings(120)).toEqual([]);
});
