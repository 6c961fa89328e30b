import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps the credentials of whoever runs the tests of a file out of them. @returns the folder that stands for `~/.docker` */
export function withoutLogins(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-test-'));
  const before = { ...process.env };
  beforeAll(() => {
    process.env.DOCKER_CONFIG = folder;
    delete process.env.XDG_RUNTIME_DIR;
  });
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });
  return folder;
}
