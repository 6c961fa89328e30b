export { type CaTimelineSvgOptions, caTimelineSvg } from './ca-timeline-svg';
export { servingChainsMermaid } from './chains-mermaid';
export { type ServingChainsSvgOptions, servingChainsSvg } from './chains-svg';
export { meshDot } from './dot';
export { mermaid } from './mermaid';
export { type MeshSvgOptions, meshSvg, type PictureOptions } from './mesh-svg';
