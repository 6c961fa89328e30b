import { type ServerConf, writeServerConf } from '../../../lib/spire';
import { confAt, confKeys, confText, HclError, parseConf } from '../../../lib/verify/discovery/hcl';

test('HCL as SPIRE has it in its documents', () => {
  const tree = parseConf(`
    # a comment
    server {
      bind_port = "8081" // another
      ca_subject = {
        country = ["US", "DE",],
        organization = [],
      }
      federation {
        bundle_endpoint { address = "0.0.0.0" port = 8443
          profile "https_web" {
            acme { tos_accepted = true domain_name = "a.example.com" }
          }
        }
        federates_with "west.example.com" {
          bundle_endpoint_url = "https://west.example.com/"
          bundle_endpoint_profile "https_spiffe" { endpoint_spiffe_id = "spiffe://west.example.com/spire/server" }
        }
        federates_with "lab.example.com" { bundle_endpoint_profile "https_web" {} }
      }
    }
    plugins { /* several
      lines */
      DataStore "sql" { plugin_data { database_type = "sqlite3" } }
      KeyManager "memory" { plugin_data {} }
    }
    text = <<EOT
several
lines
EOT
  `);
  expect(tree).toEqual({
    server: {
      bind_port: '8081',
      ca_subject: { country: ['US', 'DE'], organization: [] },
      federation: {
        bundle_endpoint: {
          address: '0.0.0.0',
          port: 8443,
          profile: { https_web: { acme: { tos_accepted: true, domain_name: 'a.example.com' } } },
        },
        federates_with: {
          'west.example.com': {
            bundle_endpoint_url: 'https://west.example.com/',
            bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'spiffe://west.example.com/spire/server' } },
          },
          'lab.example.com': { bundle_endpoint_profile: { https_web: {} } },
        },
      },
    },
    plugins: {
      DataStore: { sql: { plugin_data: { database_type: 'sqlite3' } } },
      KeyManager: { memory: { plugin_data: {} } },
    },
    text: 'several\nlines\n',
  });
});

test('what this library writes', () => {
  const conf: ServerConf = {
    server: {
      trust_domain: 'east.example.com',
      data_dir: '/run/spire/data',
      jwt_issuer: 'https://a"b\\c.example.com',
      federation: {
        bundle_endpoint: { address: '0.0.0.0', port: 8443, profile: { https_spiffe: {} } },
        federates_with: {},
      },
    },
    plugins: [],
  } as unknown as ServerConf;
  const tree = parseConf(writeServerConf(conf));
  expect(confText(tree, 'server', 'trust_domain')).toBe('east.example.com');
  expect(confText(tree, 'server', 'jwt_issuer')).toBe('https://a"b\\c.example.com');
  expect(confText(tree, 'server', 'federation', 'bundle_endpoint', 'port')).toBe('8443');
  expect(confKeys(tree, 'server', 'federation', 'bundle_endpoint', 'profile')).toEqual(['https_spiffe']);
});

test('JSON, with a list where HCL has a block', () => {
  const tree = parseConf('{"plugins":{"DataStore":[{"sql":{"plugin_data":{"a":1}}}]},"list":[{"a":1},{"b":2}]}');
  expect(confText(tree, 'plugins', 'DataStore', 'sql', 'plugin_data', 'a')).toBe('1');
  expect(confKeys(tree, 'plugins', 'DataStore')).toEqual(['sql']);
  expect(confAt(tree, 'list', 'a')).toBeUndefined();
});

test.each([
  ['{ not JSON', /^is not JSON: /],
  ['a = 1\nserver {', /^line 2 ends without '}'$/],
  ['a = "b', /^line 1 has a text without its closing quote$/],
  ['a = [1, 2', /^line 1 ends without ']'$/],
  ['a =', /^line 1 has no value$/],
  ['a b = 1', /^line 1 has no key$/],
  ['= 1', /^line 1 has no key$/],
  [`a = ${'['.repeat(100)}`, /nested too deeply/],
  [`a ${'{ a '.repeat(100)}`, /nested too deeply/],
])('%s', (text, problem) => {
  expect(() => parseConf(text)).toThrow(HclError);
  expect(() => parseConf(text)).toThrow(problem);
});

test('names that objects have anyway are names like others', () => {
  const tree = parseConf('__proto__ { a = "1" }\nconstructor = "b"');
  expect(({} as { a?: string }).a).toBeUndefined();
  expect(confText(tree, '__proto__', 'a')).toBe('1');
  expect(confText(tree, 'toString')).toBeUndefined();
  expect(confText(tree, 'constructor')).toBe('b');
});
