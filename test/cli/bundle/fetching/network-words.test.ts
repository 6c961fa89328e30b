import { networkWords } from '../../../../lib/cli/bundle/fetching/network-words';

const SSL = '805CE404DC7F0000:error:0A00010B:SSL routines:ssl3_get_record:';

test.each([
  [
    `no answer: '${SSL}wrong version number:../deps/openssl/ssl/record/ssl3_record.c:350:\\u{a}'; look`,
    "no answer: 'what answers there speaks no TLS'; look",
  ],
  [`write EPROTO ${SSL}wrong version number:../deps/x.c:350:\n`, 'what answers there speaks no TLS'],
  [
    `write EPROTO ${SSL}tlsv1 alert protocol version:../deps/x.c:1601:SSL alert number 70\n`,
    'what answers there speaks no TLS of version 1.2 or newer',
  ],
  [
    `${SSL}sslv3 alert handshake failure:../deps/x.c:1601:SSL alert number 40\n`,
    'TLS failed: sslv3 alert handshake failure',
  ],
  ['aborted', 'the connection ended in the middle of the answer'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
])('%s', (said, words) => {
  expect(networkWords(said)).toBe(words);
});
