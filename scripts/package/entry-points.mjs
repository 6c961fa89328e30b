import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate } from './commands.mjs';
import { readJson } from './files.mjs';
import { requireNone } from './reporter.mjs';

/** Names under which a package can be imported. */
export function entryPointsOf(installed) {
  const { name, exports } = readJson(installed, 'package.json');
  return Object.entries(exports).map(([key, target]) => ({
    id: key === '.' ? name : `${name}${key.slice(1)}`,
    target,
  }));
}

/** Every entry point leads to files that exist, by both ways in. */
export async function requireResolvable(project, installed) {
  const problems = [];
  for (const { id, target } of entryPointsOf(installed)) {
    const quoted = JSON.stringify(id);
    const required = await evaluate(project, 'commonjs', `console.log(JSON.stringify(require.resolve(${quoted})))`);
    const imported = await evaluate(project, 'module', `console.log(JSON.stringify(import.meta.resolve(${quoted})))`);
    if (!existsSync(fileURLToPath(imported))) problems.push(`${id}: import leads to ${imported}`);
    if (!existsSync(required)) problems.push(`${id}: require leads to ${required}`);
    const types = typeof target === 'object' ? target.types : undefined;
    if (typeof target === 'object' && !(types && existsSync(join(installed, types)))) {
      problems.push(`${id}: no types (${types})`);
    }
  }
  requireNone(problems, 'entry points that lead nowhere');
}

/** Loads an entry point by both ways; they must give the same names. */
export async function requireLoadable(project, id) {
  const quoted = JSON.stringify(id);
  const required = await evaluate(
    project,
    'commonjs',
    `console.log(JSON.stringify(Object.keys(require(${quoted})).sort()))`,
  );
  const imported = new Set(
    await evaluate(project, 'module', `console.log(JSON.stringify(Object.keys(await import(${quoted}))))`),
  );
  if (required.length === 0) throw new Error(`${id} exports nothing`);
  requireNone(
    required.filter((name) => !imported.has(name)),
    `${id}: names that an ES module cannot import`,
  );
}

/** The packages (not files) that are asked for, however deep, while an entry point is loaded. */
export function packagesLoadedBy(project, id) {
  const code = `
    const Module = require('node:module');
    const load = Module._load;
    const asked = new Set();
    Module._load = function (request, ...rest) {
      if (!Module.isBuiltin(request) && !/^[./\\\\]|^[a-z]:/i.test(request)) asked.add(request);
      return load.call(this, request, ...rest);
    };
    require(${JSON.stringify(id)});
    console.log(JSON.stringify([...asked]));`;
  return evaluate(project, 'commonjs', code);
}
