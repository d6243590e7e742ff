import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseNote } from '../../src/verification/note';
import { parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { LogKeys, type LogKeysOptions } from '../../src/ledger/transparency/log-keys';
import { ORIGIN } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';

const BODY = `${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;

const pkcs8 = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/** Which of these verifier keys have signed the body, by their place in the list. */
async function signersOf(keys: LogKeys, lines: readonly string[]): Promise<number[]> {
  const known = await Promise.all(lines.map(parseVerifierKey));
  const verified = await verifyNote(parseNote(keys.signedNote(BODY)), known);
  return verified.map(({ key }) => known.indexOf(key)).sort();
}

describe('the keys of a log', () => {
  const directory = temporaryDirectory();
  const open = (more: Partial<LogKeysOptions> = {}): Promise<LogKeys> =>
    LogKeys.open({ file: directory.join('log.key'), origin: ORIGIN, ...more });

  it('are made on the first start, for their owner alone, and are the same ever after', async () => {
    const made = await open();
    expect(statSync(directory.join('log.key')).mode & 0o777).toBe(0o600);
    expect(made.verifierKeys).toEqual([expect.stringMatching(/^ledger\.example\.cn\/log\+[0-9a-f]{8}\+A/)]);
    expect((await open()).verifierKeys).toEqual(made.verifierKeys);
    expect(await signersOf(await open(), made.verifierKeys)).toEqual([0]);
    expect(readFileSync(directory.join('log.key'), 'utf8')).toMatch(
      /^(#.*\n)+PRIVATE\+KEY\+ledger\.example\.cn\/log\+/,
    );
  });

  it('are the same for nodes that share the file and start together', async () => {
    const made = await Promise.all([open(), open(), open()]);
    const [key] = (await open()).verifierKeys;
    expect(made.map(({ verifierKeys }) => verifierKeys)).toEqual([[key], [key], [key]]);
    expect(readdirSync(directory.path)).toEqual(['log.key']); // nothing with a secret in it is left beside
  });

  it('of a node among several are those that have signed the log: no others are taken, and none made', async () => {
    const [own, other] = [pkcs8(), pkcs8()];
    const keys = await open({ secret: own });
    const signed = keys.signedNote(BODY);
    await expect(open({ signed })).rejects.toMatchObject({ code: 'log.key_missing', kind: 'unavailable' });
    expect(readdirSync(directory.path)).toEqual([]);
    await expect(open({ signed, secret: other })).rejects.toMatchObject({ code: 'log.key_unknown' });
    (await open({ secret: other })).store(directory.join('log.key')); // made on this node when it was alone
    await expect(open({ signed })).rejects.toMatchObject({ code: 'log.key_unknown' });
    expect((await open({ signed, secret: own })).verifierKeys[0]).toBe(keys.verifierKeys[0]);
    (await keys.rotated()).store(directory.join('log.key')); // a newer key beside it
    expect((await open({ signed })).verifierKeys[1]).toBe(keys.verifierKeys[0]);
  });

  it('that others may read are refused', async () => {
    await open();
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(directory.join('log.key'), mode);
      await expect(open()).rejects.toMatchObject({ code: 'log.key_exposed', kind: 'unavailable' });
    }
    chmodSync(directory.join('log.key'), 0o400);
    await expect(open()).resolves.toBeDefined();
  });

  it('are of one log: another name later is refused', async () => {
    await open();
    await expect(open({ origin: 'other.example.cn/log' })).rejects.toMatchObject({ code: 'log.origin_changed' });
  });

  it('that are damaged are refused, and the error does not quote them', async () => {
    const text = (await open()).toText();
    const line = text.split('\n').find((each) => each.startsWith('PRIVATE'))!;
    const damaged = [
      '',
      text.replace(line, line.replace(/\+[0-9a-f]{8}\+/, '+00000000+')),
      text.replace(line, line.slice(0, -8)),
      text.replace(line, `${line}\nPRIVATE+KEY+other+00000000+AAAA`),
      text.replace(line, 'nonsense'),
    ];
    for (const each of damaged) {
      writeFileSync(directory.join('log.key'), each, { mode: 0o600 });
      const error: unknown = await open().catch((e: unknown) => e);
      expect(error).toMatchObject({ name: 'Failure' });
      expect(String(error)).not.toContain(line.split('+').at(-1)!);
    }
  });

  it('can come from the environment, and then no file is made', async () => {
    const secret = pkcs8();
    const given = await open({ secret });
    expect(existsSync(directory.join('log.key'))).toBe(false);
    expect((await open({ secret })).verifierKeys).toEqual(given.verifierKeys);
    expect((await open({ secret: given.toText().replaceAll(/^#.*$/gm, '') })).verifierKeys).toEqual(given.verifierKeys);
    for (const wrong of ['', 'nonsense'].map((each) => `${each}AAAA`)) {
      await expect(open({ secret: wrong })).rejects.toMatchObject({ code: 'log.key_invalid' });
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'der', type: 'pkcs8' });
    await expect(open({ secret: rsa.toString('base64') })).rejects.toMatchObject({ code: 'log.key_invalid' });
    await expect(open({ secret: given.toText(), origin: 'other/log' })).rejects.toMatchObject({
      code: expect.any(String),
    });
  });

  it('from the environment come before those of the file, which sign too until they are retired', async () => {
    const inFile = await open();
    const both = await open({ secret: pkcs8() });
    expect(both.verifierKeys.slice(1)).toEqual(inFile.verifierKeys);
    expect(await signersOf(both, both.verifierKeys)).toEqual([0, 1]);
  });

  it('are rotated: old and new sign together, until the old is retired and only listed', async () => {
    const file = directory.join('log.key');
    const first = await open();
    (await first.rotated()).store(file);
    const both = await open();
    expect(both.verifierKeys).toHaveLength(2);
    expect(both.verifierKeys[1]).toBe(first.verifierKeys[0]);
    expect(await signersOf(both, both.verifierKeys)).toEqual([0, 1]);
    expect(await signersOf(both, first.verifierKeys)).toEqual([0]); // who knows the old key only sees it on the same note

    // Not before a note with both was signed: nobody could tell that the new key is this log's.
    await expect(both.withoutOld(parseNote(first.signedNote(BODY)))).rejects.toMatchObject({
      code: 'log.new_key_unseen',
    });
    const old = parseNote(both.signedNote(BODY));
    (await both.withoutOld(old)).store(file);
    const inactive = await open();
    expect(inactive.verifierKeys).toEqual(both.verifierKeys);
    expect(await signersOf(inactive, both.verifierKeys)).toEqual([0]);

    // The old secret is kept until a checkpoint by the new key alone was published; taking INACTIVE+ away lets it sign again.
    const text = readFileSync(file, 'utf8');
    expect(text.match(/^(INACTIVE\+)?PRIVATE/gm)).toEqual(['PRIVATE', 'INACTIVE+PRIVATE']);
    writeFileSync(file, text.replace('\nINACTIVE+', '\n'));
    expect(await signersOf(await open(), both.verifierKeys)).toEqual([0, 1]);
    writeFileSync(file, text);
    await expect(inactive.withoutInactive(old)).rejects.toMatchObject({ code: 'log.new_key_unaccepted' });
    const alone = inactive.signedNote(BODY.replace('\n0\n', '\n12\n'));
    await expect(inactive.withoutInactive(parseNote(alone.replace('\n12\n', '\n13\n')))).rejects.toMatchObject({
      code: 'proof.signature_invalid',
    });
    (await inactive.withoutInactive(parseNote(alone))).store(file);
    const last = await open();
    expect(last.verifierKeys).toEqual(both.verifierKeys);
    expect(await signersOf(last, both.verifierKeys)).toEqual([0]);
    expect(readFileSync(file, 'utf8').match(/^(INACTIVE\+)?PRIVATE/gm)).toHaveLength(1);
    expect(last.retired).toMatchObject([{ below: 12 }]);
    expect(await verifyNote(old, await Promise.all(last.verifierKeys.map(parseVerifierKey)))).toHaveLength(2);
    await expect(last.withoutOld(old)).rejects.toMatchObject({ code: 'log.nothing_to_retire' });
    expect((await (await last.rotated()).rotated()).verifierKeys).toHaveLength(4);
  });
});
