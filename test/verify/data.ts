import { CHECKS, checkText, countVerdicts, DEFAULT_BOUNDS, type Verdict, type Verification } from '../../lib/verify';

/** A verdict, of which only what matters is said. */
export const verdict = (check: string, rest: Partial<Verdict> = {}): Verdict => ({
  check,
  state: 'ok',
  member: 'east',
  what: 'is fine',
  where: '',
  evidence: '',
  causes: [],
  next: '',
  ...rest,
});

/** Of two clusters and an external member: east believes both, nobody believes east. */
export function verification(verdicts: readonly Verdict[], rest: Partial<Verification> = {}): Verification {
  const asked = new Set(verdicts.map(({ check }) => check));
  return {
    started: new Date('2026-06-01T12:00:00Z'),
    ended: new Date('2026-06-01T12:00:02Z'),
    declared: true,
    bounds: DEFAULT_BOUNDS,
    members: [
      {
        name: 'east',
        trustDomain: 'east.example.com',
        context: 'admin@east',
        server: 'https://api.east.example.com:6443',
        answers: true,
        installation: 'StatefulSet spire-server/spire-server',
      },
      {
        name: 'west',
        trustDomain: 'west.example.com',
        context: 'west',
        server: 'https://api.west.example.com:6443',
        answers: false,
      },
      { name: 'partner', trustDomain: 'partner.example.org', answers: false },
    ],
    edges: [
      { consumer: 'east', provider: 'west' },
      { consumer: 'east', provider: 'partner' },
    ],
    checks: CHECKS.filter(({ id }) => asked.has(id)).map(checkText),
    verdicts,
    counts: countVerdicts(verdicts),
    ...rest,
  };
}

/** Something of each state. */
export const MIXED: readonly Verdict[] = [
  verdict('V01'),
  verdict('V01', {
    member: 'west',
    state: 'unseen',
    what: 'no way',
    where: 'cluster of context west',
    causes: ['the cluster is down'],
  }),
  verdict('V02', {
    member: 'west',
    state: 'unseen',
    what: 'no way',
    where: 'cluster of context west',
    causes: ['the cluster is down'],
  }),
  verdict('V14', {
    state: 'warning',
    what: 'is old',
    where: 'server',
    evidence: 'until tomorrow',
    causes: ['a', 'b'],
    next: 'look',
  }),
  verdict('V24', {
    peer: 'west',
    state: 'error',
    what: 'lacks <key>',
    where: 'server',
    causes: ['c'],
    next: 'kubectl',
  }),
  verdict('V24', { peer: 'partner' }),
];
