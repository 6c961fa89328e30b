import type { Mesh } from '../mesh';
import { chainTree } from './chain-rows';
import { quoted } from './mermaid';

/**
 * Who serves whose bundle, as a Mermaid flowchart: an arrow leads from the trust domain that serves a bundle to the one
 * whose it is, thick by `https_spiffe`; dotted ones lead to those that it can forge beyond. At most 60 trust domains are
 * drawn, a note stands for the others.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function servingChainsMermaid(mesh: Mesh): string {
  const { rows, left } = chainTree(mesh);
  const ids = new Map<string, string>();
  for (const { trustDomain, again } of rows) if (!again) ids.set(trustDomain, `t${ids.size}`);
  const direct = new Set<string>();
  const lines = rows.flatMap(({ trustDomain, parent, profile }) => {
    const above = parent === undefined ? undefined : rows[parent]?.trustDomain;
    if (above === undefined) return [];
    direct.add(`${above} ${trustDomain}`);
    const arrow = profile === 'https_spiffe' ? '==>' : '-->';
    return [`  ${ids.get(above)} ${arrow}|serves| ${ids.get(trustDomain)}`];
  });
  const further = rows.flatMap(({ trustDomain, forges }) =>
    forges
      .filter((other) => ids.has(other) && !direct.has(`${trustDomain} ${other}`))
      .map((other) => `  ${ids.get(trustDomain)} -.->|can forge| ${ids.get(other)}`),
  );
  const nodes = rows.flatMap(({ trustDomain, member, again }) =>
    again
      ? []
      : [`  ${ids.get(trustDomain)}["${[...(member ? [member.name] : []), trustDomain].map(quoted).join('<br/>')}"]`],
  );
  const notes = rows.length === 0 ? ['every bundle is served by the trust domain whose it is'] : [];
  if (left > 0) notes.push(`and ${left} more`);
  const note = notes.map((text, index) => `  note${index}["${quoted(text)}"]`);
  return `${['flowchart LR', ...nodes, ...lines, ...further, ...note].join('\n')}\n`;
}
