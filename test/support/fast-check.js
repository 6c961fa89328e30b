// Stands for 'fast-check' in tests: the same cases at every run, so that a test that passes goes on passing. SPIREKIT_FUZZ_SEED names
// others.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

fc.configureGlobal({ seed: Number(process.env.SPIREKIT_FUZZ_SEED ?? 1) });
module.exports = fc;
