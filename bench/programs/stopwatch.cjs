// What a measured program says of itself, as JSON on standard output.

const { performance } = require('node:perf_hooks');

const began = performance.now();
const marks = [];

/** Ends a phase of the program. */
function lap(name) {
  marks.push([name, performance.now()]);
}

/** Milliseconds of each phase, CPU milliseconds of the whole process, the most memory that it held, and more if given. */
function report(more = {}) {
  let last = began;
  const phases = {};
  for (const [name, at] of marks) {
    phases[name] = at - last;
    last = at;
  }
  const { user, system } = process.cpuUsage();
  const rss = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ phases, cpu: (user + system) / 1000, rss, ...more })}\n`);
}

module.exports = { lap, report };
