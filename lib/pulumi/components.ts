import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A construct that has objects below it. */
class ConstructComponent extends pulumi.ComponentResource {
  close(): void {
    this.registerOutputs();
  }
}

/** Options of the component of a construct, besides its parent. */
export type ComponentOptions = (construct: IConstruct) => pulumi.ComponentResourceOptions;

/**
 * The component tree: one component per construct that has objects below it, as the user has nested them.
 *
 * The type, name and parent of each are part of the URNs of all objects below, and therefore of the public API.
 */
export class ComponentTree {
  private readonly components = new Map<IConstruct, pulumi.ComponentResource>();
  private readonly created: ConstructComponent[] = [];

  constructor(
    root: IConstruct,
    rootComponent: pulumi.ComponentResource,
    private readonly nameOf: (construct: IConstruct) => string,
    private readonly optionsOf: ComponentOptions,
  ) {
    this.components.set(root, rootComponent);
  }

  /** The component that an object, or the component of a construct, belongs to. */
  parentOf(construct: IConstruct): pulumi.ComponentResource {
    const scope = construct.node.scope as IConstruct;
    return ApiObject.isApiObject(scope) ? this.parentOf(scope) : this.of(scope);
  }

  /** The component of a construct that is no object itself. */
  of(construct: IConstruct): pulumi.ComponentResource {
    const known = this.components.get(construct);
    if (known) return known;
    const parent = this.parentOf(construct);
    const component = new ConstructComponent(
      componentType(construct),
      this.nameOf(construct),
      {},
      { ...this.optionsOf(construct), parent },
    );
    this.components.set(construct, component);
    this.created.push(component);
    return component;
  }

  /** Says that all components have their children; without it they stay pending. */
  close(): void {
    for (const component of this.created) component.close();
  }
}

const JSII = Symbol.for('jsii.rtti');

/**
 * Type of the component of a construct: its class in the package `spirekit`, or in the package that published it.
 *
 * Foreign constructs are known by the name that jsii gave them, without the Kubernetes version that cdk8s-plus carries in
 * its package name: moving to another must not replace every object.
 */
export function componentType(construct: IConstruct): string {
  const type = construct.constructor as { name: string; [JSII]?: { fqn: string } };
  // A subclass inherits the static property of its parent, but is not that class.
  const fqn = Object.hasOwn(type, JSII) ? type[JSII]?.fqn : undefined;
  if (fqn === undefined) return `spirekit:index:${word(type.name) || 'Construct'}`;
  const [pack = '', ...path] = fqn.split('.');
  const name = path.pop() ?? 'Construct';
  return `${word(pack).replace(/^(cdk8s-plus)-\d+$/, '$1')}:${word(path.join('-')) || 'index'}:${word(name)}`;
}

/** Only characters that a type token may hold. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
}
