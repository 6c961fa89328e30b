import type { MeshRule } from './rule';
import { dynamicOf } from './wording';

/** Relationships have the class that somebody acts on. */
export const classNames: MeshRule = {
  id: 'E03',
  severity: 'error',
  title: 'relationships have the class of their member',
  text: 'A controller manager acts on objects of its own class, and on those without one only if it is told to. What it passes over it passes over in silence: such an object has no status.',
  remedy: "write the class of the member's registration objects",
  source: 'https://github.com/spiffe/spire-controller-manager/blob/main/docs/spire-controller-manager-config.md',
  shownBy: ['spire/mesh-topology', 'apiserver/bad-objects'],

  *check(mesh) {
    for (const member of mesh.members) {
      const own = member.className;
      for (const placed of dynamicOf(member)) {
        const { relationship } = placed;
        const { className } = relationship;
        if (className === own || (className === undefined && member.watchClassless === true)) continue;
        const wanted = own === undefined ? 'objects without a class' : `objects of the class '${own}'`;
        yield {
          ...placed.at('className'),
          ...(className !== undefined && { value: className }),
          message: `${className === undefined ? 'is missing' : 'is not what is looked for'}: only ${wanted} are acted on here`,
          remedy: own === undefined ? 'leave it out' : `write '${own}'`,
        };
      }
    }
  },
};
