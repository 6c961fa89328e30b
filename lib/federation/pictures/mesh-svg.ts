import { LEGIBLE } from '../analysis/table';
import type { Mesh } from '../mesh';
import type { ProvenFinding } from '../rules/rule';
import { graphSvg } from './graph-svg';
import { Markings } from './markings';
import { matrixSvg } from './matrix-svg';

/** Settings of a picture of a federation. */
export interface PictureOptions {
  /**
   * What `proveMesh()` has found; members and edges are marked by it.
   *
   * @default - nothing is marked
   */
  readonly findings?: readonly ProvenFinding[];
}

/** Settings of `meshSvg()`. */
export interface MeshSvgOptions extends PictureOptions {
  /** @default 'Federation' */
  readonly title?: string;
  /**
   * Boxes and arrows, or rows that believe and columns that are believed.
   *
   * @default - 'graph' up to 20 members, and 'matrix' for more; above 40 always
   */
  readonly form?: 'graph' | 'matrix';
}

/** Members up to which a graph is drawn where it is asked for. */
const MOST = 40;

/**
 * The federation as a picture in SVG, which needs nothing but itself: no script, no font, no network. It is as bright or dark
 * as its surroundings, and can be put into a page (`<img>`, or as it is) or looked at by itself.
 *
 * Up to 20 members it shows boxes and arrows from who believes to who is believed; above, a matrix; above 100, a matrix of
 * several members in a row. The same mesh and findings give the same bytes.
 *
 * @see https://www.w3.org/TR/SVG2/
 */
export function meshSvg(mesh: Mesh, options: MeshSvgOptions = {}): string {
  const { findings, title = 'Federation', form = mesh.members.length > LEGIBLE ? 'matrix' : 'graph' } = options;
  const markings = new Markings(mesh, findings);
  // Beyond that the way for a graph is that of a program for graphs: meshDot().
  if (form === 'graph' && mesh.members.length <= MOST) return graphSvg(mesh, markings, title);
  return matrixSvg(mesh, markings, title);
}
