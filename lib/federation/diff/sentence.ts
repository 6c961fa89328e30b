import type { MeshChange } from './change';

/** Whose change it is, as a sentence begins. */
export const subjectOf = ({ member, identity }: Pick<MeshChange, 'member' | 'identity'>): string =>
  identity !== undefined ? `'${member}/${identity}'` : member === '' ? 'the mesh' : `'${member}'`;

/** A change as one sentence, with whose it is. */
export const sentenceOf = (change: Pick<MeshChange, 'member' | 'identity' | 'message'>): string =>
  `${subjectOf(change)} ${change.message}`;

/** The line by which a program approves a change; the reason is for whoever writes it. */
export const approvalText = ({ id }: Pick<MeshChange, 'id'>): string => `{ change: '${id}', reason: '…' }`;
