// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import type { App } from '../../lib';
import * as spirekit from '../../lib';
import { deploy, kubernetesProvider } from '../../lib/pulumi';
import { type Registration, run } from '../pulumi/monitor';

/** Runs a program of `examples/` that makes an application of its own, and gives it this one, not to be synthesized. */
function describeInto(app: App, example: string): void {
  const folder = resolve('examples', example);
  const library = {
    ...spirekit,
    App: class {
      constructor() {
        // biome-ignore lint/correctness/noConstructorReturn: the program describes its clusters into another application
        return Object.assign(app, { synth: () => {} });
      }
    },
  };
  const load = (specifier: string) => {
    if (specifier === 'spirekit') return library;
    return require(specifier.startsWith('.') ? join(folder, specifier) : specifier);
  };
  const { code } = transformSync(readFileSync(join(folder, 'main.ts'), 'utf8'), {
    jsc: { parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  new Function('require', 'exports', '__dirname', code)(load, {}, folder);
}

/** What the Pulumi engine is asked for by a program that was written for the other engine. */
export async function deployExample(
  example: string,
  clusters: readonly string[],
): Promise<{ objects: readonly any[]; warnings: readonly string[] }> {
  const { registrations, warnings } = await run(() =>
    deploy('example', (app) => describeInto(app, example), {
      providers: Object.fromEntries(clusters.map((name) => [name, kubernetesProvider(name)])),
    }),
  );
  return { objects: objectsOf(registrations), warnings };
}

/** The objects among what the engine is asked for. */
export function objectsOf(registrations: readonly Registration[]): any[] {
  return registrations
    .filter(({ type }) => type.startsWith('kubernetes:') && type !== 'pulumi:providers:kubernetes')
    .map(manifestOf);
}

/** What the engine is asked for, without what only Pulumi reads. */
function manifestOf({ inputs }: Registration): any {
  const { annotations, ...metadata } = inputs.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith('pulumi.com/'));
  return { ...inputs, metadata: { ...metadata, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) } };
}
