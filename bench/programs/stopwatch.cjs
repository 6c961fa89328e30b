// What a measured program says of itself, as JSON on standard output.

const { performance } = require('node:perf_hooks');

const began = performance.now();
const marks = [];

/** Ends a phase of the program. */
function lap(name) {
  marks.push([name, performance.now()]);
}

/** Milliseconds of each phase, and the most memory that the process held. */
function report(extra) {
  let last = began;
  const phases = {};
  for (const [name, at] of marks) {
    phases[name] = at - last;
    last = at;
  }
  const rss = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ phases, rss, ...extra })}\n`);
}

module.exports = { lap, report };
