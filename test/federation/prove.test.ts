import fc from 'fast-check';
import { type Member, type MeshData, meshFrom, proveMesh } from '../../lib/federation';
import { dataOf, draft, findingsAfter, findingsIn, NOW, web } from './fixtures';

const show = (f: string[]) => console.log(f.join('\n'));
test('x', () => {
  show(findingsAfter(() => {}));
});
