const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Gives the tests of a run one folder for all that they make and leave, and removes it with the run. */
module.exports = () => {
  // Of several projects, each asks.
  if (process.env.SPIREKIT_TEST_SCRATCH) return;
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  chmodSync(folder, 0o755); // as the system's own: some programs run as other users
  process.env.TMPDIR = folder;
  process.env.SPIREKIT_TEST_SCRATCH = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
};
