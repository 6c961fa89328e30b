import { approvalText, sentenceOf, subjectOf } from '../../../lib/federation';

test('whose change it is', () => {
  expect([
    subjectOf({ member: '' }),
    subjectOf({ member: 'east' }),
    subjectOf({ member: 'east', identity: 'shop' }),
    sentenceOf({ member: 'east', message: 'is gone' }),
    approvalText({ id: 'edge-added-00000000' }),
  ]).toEqual(['the mesh', "'east'", "'east/shop'", "'east' is gone", "{ change: 'edge-added-00000000', reason: '…' }"]);
});
