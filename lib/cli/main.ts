#!/usr/bin/env node
import { run } from './command';

void run(process.argv.slice(2)).then((code) => {
  // Not exit(): what is written to a pipe shall arrive.
  process.exitCode = code;
});
