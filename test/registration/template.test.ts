import { SpiffeId } from '@spirekit/runtime/id';
import fc from 'fast-check';
import { type TemplateKind, templateProblem } from '../../lib/registration';

const TD = { trustDomain: 'example.org' };
const problem = (text: string, kind: TemplateKind = 'spiffeId', context = {}) => {
  const found = templateProblem(text, kind, context);
  return found && `${found.message}; ${found.remedy}`;
};

describe('templates that are right', () => {
  test.each([
    'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}',
    'spiffe://example.org/fixed',
    'spiffe://{{.TrustDomain}}/{{index .PodMeta.Labels "app.kubernetes.io/name"}}',
    'spiffe://{{ .TrustDomain }}/{{ printf "%s-%s" .ClusterName .PodMeta.Name }}',
    'spiffe://{{ .TrustDomain }}/{{ .PodMeta.Name | printf "%v" }}',
    'spiffe://{{ .TrustDomain -}} {{- /* comment with }} */ -}} /x',
    'spiffe://{{ .TrustDomain }}/{{ .NodeMeta.Labels.zone }}/{{ $.PodMeta.UID }}',
    'spiffe://{{ .TrustDomain }}/{{ .PodMeta.GetName }}',
    '{{ if eq .PodMeta.Namespace "a" }}spiffe://x/a{{ else if true }}b{{ else }}c{{ end }}',
    '{{ range $i, $c := .PodSpec.Containers }}{{ $c.Image }}{{ break }}{{ end }}',
    '{{ with $x := .PodMeta }}{{ .Anything }}{{ $x.Anything }}{{ else with .PodSpec }}{{ end }}',
    '{{ define "t" }}{{ .Anything }}{{ end }}{{ template "t" .PodMeta }}',
    'spiffe://{{ .TrustDomain }}/{{ (index .PodSpec.Containers 0).Image }}',
    'spiffe://{{ .TrustDomain }}/{{ "}}" | len }}',
  ])('%s', (text) => expect(problem(text, 'spiffeId', TD)).toBeUndefined());
});

test('what is wrong with the grammar', () => {
  const lines = [
    '',
    'a {{',
    '{{ .PodMeta.Name',
    '{{}}',
    '{{ }}',
    '{{ /* x */ }}',
    '{{/* x',
    '{{ "a }}',
    '{{ .PodMeta.Name }',
    '{{ ( .PodMeta.Name }}',
    '{{ .PodMeta.Name ) }}',
    '{{ | print }}',
    '{{ .PodMeta.Name | "x" }}',
    '{{ $x }}',
    '{{ if true }}',
    '{{ end }}',
    '{{ if true }}{{ else }}{{ else }}{{ end }}',
    '{{ break }}',
    '{{ 08 }}',
    '{{ "\\q" }}',
    '{{ ä.b§ }}',
    '{{ printf("x") }}',
    '{{ template }}',
  ].map((text) => `${text} => ${problem(text)}`);
  expect(lines).toMatchInlineSnapshot(`
[
  " => is empty; write a template such as 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}'",
  "a {{ => has an action without end: '{{'; end every '{{' with '}}'",
  "{{ .PodMeta.Name => has an action without end: '{{'; end every '{{' with '}}'",
  "{{}} => has an empty action; write what to print, such as {{ .PodMeta.Namespace }}",
  "{{ }} => has an empty action; write what to print, such as {{ .PodMeta.Namespace }}",
  "{{ /* x */ }} => has '/' where Go expects a value or the end of the action; begin a comment right behind the braces: {{/* comment */}}",
  "{{/* x => has a comment without end: '/*'; end the comment with '*/}}'",
  "{{ "a }} => has a text without end: "; end the text with " before the action ends",
  "{{ .PodMeta.Name } => has an action without end: '{{'; end every '{{' with '}}'",
  "{{ ( .PodMeta.Name }} => has '(' without ')'; close every '('",
  "{{ .PodMeta.Name ) }} => has ')' without '('; remove it",
  "{{ | print }} => has nothing before '|'; write what to print, such as {{ .PodMeta.Namespace }}",
  "{{ .PodMeta.Name | "x" }} => has a value behind '|'; put a function there, such as printf",
  "{{ $x }} => has the unknown variable '$x'; declare it before: {{ $x := .PodMeta.Name }}",
  "{{ if true }} => has {{if}} without end; close it with {{end}}",
  "{{ end }} => has {{end}} without a beginning; remove it, or begin with {{if}}",
  "{{ if true }}{{ else }}{{ else }}{{ end }} => has two {{else}} in {{if}}; remove one",
  "{{ break }} => has {{break}} outside of a range; remove it",
  "{{ 08 }} => has '08', which is not a number; write a number such as 1, or text in double quotes",
  "{{ "\\q" }} => has the text "\\q", which Go cannot read; write \\\\ for a backslash",
  "{{ ä.b§ }} => has '.b§', which is not a name in Go; use letters, digits and underscores, and set spaces around everything else",
  "{{ printf("x") }} => has '(' where Go expects a value or the end of the action; write arguments behind the function, with spaces between them: printf "%s" .PodMeta.Name",
  "{{ template }} => has {{template}} without a name; write {{template "name"}}",
]
`);
});

test('what is wrong with names', () => {
  const lines = [
    '{{ .Pod.Name }}',
    '{{ .podMeta.Name }}',
    '{{ .PodMeta.name }}',
    '{{ .PodMeta.ServiceAccountName }}',
    '{{ .PodSpec.ServiceAccount }}',
    '{{ .NodeSpec.NodeName }}',
    '{{ .TrustDomain.Name }}',
    '{{ .PodMeta.Name.First }}',
    '{{ .PodMeta.Labels.app-name }}',
    '{{ .PodMeta.Labels.app.kubernetes.io/name }}',
    '{{ .PodMeta.Labels.app.tier }}',
    '{{ index .PodMeta.Labels "a b" }}',
    '{{ lower .PodMeta.Name }}',
    '{{ .PodMeta.Name | default "x" }}',
    '{{ $.Foo }}',
    '{{ .a-b }}',
  ].map((text) => `${text} => ${problem(text)}`);
  expect(lines).toMatchInlineSnapshot(`
[
  "{{ .Pod.Name }} => has the unknown field '.Pod'; write '.PodMeta' or '.PodSpec'",
  "{{ .podMeta.Name }} => has the unknown field '.podMeta'; write '.PodMeta'",
  "{{ .PodMeta.name }} => has the unknown field '.PodMeta.name'; write '.PodMeta.Name'",
  "{{ .PodMeta.ServiceAccountName }} => has the unknown field '.PodMeta.ServiceAccountName'; write '.PodSpec.ServiceAccountName'",
  "{{ .PodSpec.ServiceAccount }} => has the unknown field '.PodSpec.ServiceAccount'; write '.PodSpec.ServiceAccountName'",
  "{{ .NodeSpec.NodeName }} => has the unknown field '.NodeSpec.NodeName'; write '.PodSpec.NodeName'",
  "{{ .TrustDomain.Name }} => has the unknown field '.TrustDomain.Name'; '.TrustDomain' has no fields: write '.TrustDomain'",
  "{{ .PodMeta.Name.First }} => has the unknown field '.PodMeta.Name.First'; '.PodMeta.Name' has no fields: write '.PodMeta.Name'",
  "{{ .PodMeta.Labels.app-name }} => reads the key 'app-name' of .PodMeta.Labels as if it were a field; write index .PodMeta.Labels "app-name"",
  "{{ .PodMeta.Labels.app.kubernetes.io/name }} => reads the key 'app.kubernetes.io/name' of .PodMeta.Labels as if it were a field; write index .PodMeta.Labels "app.kubernetes.io/name"",
  "{{ .PodMeta.Labels.app.tier }} => reads the key 'app.tier' of .PodMeta.Labels as if it were a field; write index .PodMeta.Labels "app.tier"",
  "{{ index .PodMeta.Labels "a b" }} => reads the key 'a b' of .PodMeta.Labels, which is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "{{ lower .PodMeta.Name }} => calls the unknown function 'lower'; the controller manager has only Go's own functions (none of sprig or Helm): and, call, eq, ge, gt, html, index, js, le, len, lt, ne, not, or, print, printf, println, slice, urlquery",
  "{{ .PodMeta.Name | default "x" }} => calls the unknown function 'default'; the controller manager has only Go's own functions (none of sprig or Helm): and, call, eq, ge, gt, html, index, js, le, len, lt, ne, not, or, print, printf, println, slice, urlquery",
  "{{ $.Foo }} => has the unknown field '.Foo'; known are .TrustDomain, .ClusterName, .ClusterDomain, .PodMeta, .PodSpec, .NodeMeta, .NodeSpec",
  "{{ .a-b }} => has '.a-b', which is not a name in Go; use letters, digits and underscores, and set spaces around everything else",
]
`);
});

test('what is wrong with the result', () => {
  const lines = [
    'spiffe://{{ .TrustDomain }}',
    'spiffe://{{ .TrustDomain }}/',
    'spiffe://{{ .TrustDomain }}/a//b',
    'spiffe://{{ .TrustDomain }}/spire/agent',
    'spiffe://{{ .TrustDomain }}/spire',
    'spiffe://other.org/a',
    'spiffe://{{ .ClusterName }}/a',
    '/ns/{{ .PodMeta.Namespace }}',
    'spiffe://{{ .TrustDomain }}/{{ .PodMeta.Labels }}',
    'https://{{ .TrustDomain }}/a',
    'spiffe://{{ .TrustDomain }}/a b',
  ].map((text) => `${text} => ${problem(text, 'spiffeId', TD)}`);
  expect(lines).toMatchInlineSnapshot(`
[
  "spiffe://{{ .TrustDomain }} => renders to 'spiffe://example.org' for a sample pod, which has no path; add one, such as 'spiffe://example.org/web'",
  "spiffe://{{ .TrustDomain }}/ => renders to 'spiffe://example.org/' for a sample pod, which is not valid: path cannot have a trailing slash; remove the last '/'",
  "spiffe://{{ .TrustDomain }}/a//b => renders to 'spiffe://example.org/a//b' for a sample pod, which is not valid: path cannot contain empty segments; write one '/' between segments",
  "spiffe://{{ .TrustDomain }}/spire/agent => renders to 'spiffe://example.org/spire/agent' for a sample pod, which is in the part of the trust domain that SPIRE keeps for itself: '/spire'; write a path that does not begin with '/spire/'",
  "spiffe://{{ .TrustDomain }}/spire => renders to 'spiffe://example.org/spire' for a sample pod, which is in the part of the trust domain that SPIRE keeps for itself: '/spire'; write a path that does not begin with '/spire/'",
  "spiffe://other.org/a => is not in trust domain 'example.org'; begin it with 'spiffe://example.org/'",
  "spiffe://{{ .ClusterName }}/a => renders to 'spiffe://sample/a' for a sample pod, which is not in trust domain 'example.org'; begin it with 'spiffe://example.org/'",
  "/ns/{{ .PodMeta.Namespace }} => renders to '/ns/sample' for a sample pod, which is not valid: scheme is missing or invalid; begin with 'spiffe://'",
  "spiffe://{{ .TrustDomain }}/{{ .PodMeta.Labels }} => prints the whole of .PodMeta.Labels; print one value of it, such as {{ index .PodMeta.Labels "app" }}",
  "https://{{ .TrustDomain }}/a => renders to 'https://example.org/a' for a sample pod, which is not valid: scheme is missing or invalid; begin with 'spiffe://'",
  "spiffe://{{ .TrustDomain }}/a b => renders to 'spiffe://example.org/a b' for a sample pod, which is not valid: path segment characters are limited to letters, numbers, dots, dashes, and underscores; remove the white space",
]
`);
  expect(problem('spiffe://{{ .ClusterName }}/a')).toMatchInlineSnapshot(
    `"renders to 'spiffe://sample/a' for a sample pod, which is not in the trust domain of the cluster; begin the template with 'spiffe://{{ .TrustDomain }}/'"`,
  );
  expect(problem('spiffe://any.example/a')).toBeUndefined();
});

test('DNS names and selectors', () => {
  expect(problem('*.{{ .PodMeta.Namespace }}.svc', 'dnsName')).toBeUndefined();
  expect(problem('k8s:ns:{{ .PodMeta.Namespace }}', 'selector')).toBeUndefined();
  const lines = [
    ...['{{ .PodMeta.Name }}.', 'a.*.b', '**', '*', 'bücher.example', 'a_b c', 'ab--c.d', '{{ .PodMeta.Labels }}'].map(
      (text) => `${text} => ${problem(text, 'dnsName')}`,
    ),
    ...['{{ .PodMeta.Name }}', ':{{ .PodMeta.Name }}', 'k8s:'].map((text) => `${text} => ${problem(text, 'selector')}`),
  ];
  expect(lines).toMatchInlineSnapshot(`
[
  "{{ .PodMeta.Name }}. => renders to 'sample.' for a sample pod, which ends with '.'; remove the last '.'",
  "a.*.b => has a '*' that is not the whole first label; write at most one, in front: '*.example.org'",
  "** => has a '*' that is not the whole first label; write at most one, in front: '*.example.org'",
  "* => has a '*' that is not the whole first label; write at most one, in front: '*.example.org'",
  "bücher.example => has characters that are not ASCII; write the name in punycode, such as 'xn--bcher-kva.example'",
  "a_b c => has the part 'a_b c', which is not a DNS label; write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th",
  "ab--c.d => has the part 'ab--c', which is not a DNS label; write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th",
  "{{ .PodMeta.Labels }} => prints the whole of .PodMeta.Labels; print one value of it, such as {{ index .PodMeta.Labels "app" }}",
  "{{ .PodMeta.Name }} => renders to 'sample' for a sample pod, which has no ':'; write type and value, such as 'k8s:ns:shop'",
  ":{{ .PodMeta.Name }} => renders to ':sample' for a sample pod, which has an empty type; write type and value, such as 'k8s:ns:shop'",
  "k8s: => has an empty value; write type and value, such as 'k8s:ns:shop'",
]
`);
});

test('a value that is not text', () => {
  expect(problem(7 as unknown as string)).toMatchInlineSnapshot(
    `"is not text; write a template such as SpiffeIdTemplate.serviceAccount()"`,
  );
});

const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '{{',
        '}}',
        ' ',
        '.',
        '.PodMeta',
        '.Labels',
        'index',
        'printf',
        '"',
        '`',
        '%s',
        '|',
        '(',
        ')',
        '$x',
        ':=',
        'if',
        'else',
        'end',
        'range',
        '-',
        '/*',
        '*/',
        '\n',
        'a',
        '1',
        ',',
      ),
      { maxLength: 30 },
    )
    .map((words) => words.join('')),
);

test('the whole of the data cannot be printed', () => {
  expect(problem('{{ . }}')).toBe(
    'prints the whole of its data; print one value of it, such as {{ index .PodMeta.Labels "app" }}',
  );
});

test('no text makes the checker throw', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom<TemplateKind>('spiffeId', 'dnsName', 'selector'), (text, kind) => {
      const found = templateProblem(text, kind, TD);
      if (found) {
        expect(found.message).not.toMatch(/\.$/);
        expect(found.remedy).not.toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});

test('accepted simple templates render to valid SPIFFE IDs', () => {
  const actions = {
    '{{ .TrustDomain }}': 'example.org',
    '{{ .PodMeta.Name }}': 'pod-1',
    '{{index .PodMeta.Labels "a"}}': 'v',
    '{{- .ClusterName -}}': 'c',
  };
  const parts = fc.array(fc.constantFrom(...Object.keys(actions), '/', 'a', 'B-1', '_', '.', ' ', '%', 'spire', '?'), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      fc.constantFrom('spiffe://{{ .TrustDomain }}', 'spiffe://example.org', 'spiffe:/', ''),
      parts,
      (head, tail) => {
        const template = head + tail.join('');
        if (templateProblem(template, 'spiffeId', TD)) return;
        let rendered = template.replaceAll(/\s*\{\{-/g, '{{-').replaceAll(/-\}\}\s*/g, '-}}');
        for (const [action, value] of Object.entries(actions)) rendered = rendered.replaceAll(action, value);
        const id = SpiffeId.parse(rendered);
        expect(id.trustDomain.name).toBe('example.org');
        expect(id.path).toMatch(/^\/(?!spire(\/|$))/);
      },
    ),
    { numRuns: 3000 },
  );
});

test('a synth of many identities asks for templates cheaply', () => {
  const start = process.cpuUsage();
  for (let i = 0; i < 40_000; i++)
    templateProblem(`spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/${i}`, 'spiffeId', TD);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(4);
});
