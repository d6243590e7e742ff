import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeDisclosed } from '../../src/verification/disclosure';
import { formatNote, parseNote } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { formatProofFile, parseProofFile } from '../../src/verification/proof-file';
import { formatVerifierKey, parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { verifyCheckpoint, verifyProof } from '../../src/verification/verify-proof';
import { checkpointOf, sampleProof, type Sample } from './sample-proof';

const FOLDER = join(__dirname, 'golden');
const stored = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** What outsiders read, byte for byte; `UPDATE=1` writes it anew, which breaks every proof already handed out. */
function expectGolden(name: string, text: string): void {
  mkdirSync(FOLDER, { recursive: true });
  if (process.env.UPDATE) writeFileSync(join(FOLDER, name), text);
  expect(text).toBe(stored(name));
}

let sample: Sample;
beforeAll(async () => {
  sample = await sampleProof();
});

describe('golden bytes', () => {
  it('of verifier keys', () => {
    const keys = [sample.log.key, ...sample.witnesses.map(({ key }) => key)];
    expectGolden('verifier-keys.txt', keys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
  });

  it('of a signed note', () => {
    const text = '公告\n\n（空行之后）\n';
    expectGolden('signed-note.txt', formatNote({ text, signatures: [sample.log.sign(text)] }));
  });

  it('of a checkpoint with two cosignatures', () => {
    expectGolden('checkpoint.txt', checkpointOf(sample.pieces));
  });

  it('of a trust policy', () => {
    expectGolden('policy.txt', sample.policy);
  });

  it('of a proof file', () => {
    expectGolden('decision.tlog-proof', sample.proof);
  });

  it('of what is said of a proof', async () => {
    const report = await verifyProof(sample.proof, await parsePolicy(sample.policy));
    expectGolden('report.json', `${JSON.stringify(report, null, 2)}\n`);
  });
});

describe('the golden files by themselves', () => {
  it('hold against each other', async () => {
    const policy = await parsePolicy(stored('policy.txt'));
    const keys = await Promise.all(stored('verifier-keys.txt').trimEnd().split('\n').map(parseVerifierKey));
    expect(await verifyNote(parseNote(stored('signed-note.txt')), keys)).toHaveLength(1);
    expect((await verifyCheckpoint(stored('checkpoint.txt'), policy)).cosigners).toHaveLength(2);
    expect(await verifyProof(stored('decision.tlog-proof'), policy)).toEqual(JSON.parse(stored('report.json')));
  });

  it('are written as they are read', () => {
    expect(formatNote(parseNote(stored('signed-note.txt')))).toBe(stored('signed-note.txt'));
    const file = parseProofFile(stored('decision.tlog-proof'));
    expect(formatProofFile(file)).toBe(stored('decision.tlog-proof'));
    expect(file.checkpoint).toBe(stored('checkpoint.txt'));
    expect(decodeDisclosed(file.extra!)._sd).toEqual(sample.pieces._sd);
  });
});
