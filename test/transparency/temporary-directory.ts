import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory for each test of the file, removed after it. */
export function temporaryDirectory(): { readonly path: string; join(name: string): string } {
  const current = { path: '', join: (name: string): string => join(current.path, name) };
  beforeEach(() => {
    current.path = mkdtempSync(join(tmpdir(), 'mingjing-log-'));
  });
  afterEach(() => rmSync(current.path, { recursive: true, force: true }));
  return current;
}
