import fc from 'fast-check';
import { formatNote, MAX_SIGNATURES, parseNote, type NoteSignature } from '../../src/verification/note';
import { parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { signerOf, witnessOf } from './signing';

const malformed = expect.objectContaining({ code: 'note.malformed' }) as Error;
const LINE = '\u2014 a AAAAAQI=\n';

describe('a signed note', () => {
  it('splits at the last empty line, and leaves the text as it is', () => {
    expect(parseNote(`one\n\n\n two \n\n${LINE}`)).toEqual({
      text: 'one\n\n\n two \n',
      signatures: [{ name: 'a', keyId: 1, signature: Uint8Array.of(2) }],
    });
    expect(parseNote(`\n\n${LINE}`).text).toBe('\n');
    expect(parseNote(`a\n\n\n${LINE}`).text).toBe('a\n\n');
  });

  it.each([
    ['no empty line', `text\n${LINE}`],
    ['nothing before the empty line', `\n${LINE}`],
    ['no signature', 'text\n\n'],
    ['no last line feed', `text\n\n${LINE.trimEnd()}`],
    ['a hyphen instead of the dash', `text\n\n- a AAAAAQI=\n`],
    ['an en dash', `text\n\n\u2013 a AAAAAQI=\n`],
    ['two spaces', `text\n\n\u2014  a AAAAAQI=\n`],
    ['two spaces before the signature', `text\n\n\u2014 a  AAAAAQI=\n`],
    ['something after the signature', `text\n\n\u2014 a AAAAAQI= x\n`],
    ['no name', `text\n\n\u2014  AAAAAQI=\n`],
    ['a name with a plus', `text\n\n\u2014 a+b AAAAAQI=\n`],
    ['a name with a Unicode space', `text\n\n\u2014 a\u3000b AAAAAQI=\n`],
    ['a name with a next-line character', `text\n\n\u2014 a\u0085b AAAAAQI=\n`],
    ['base64 that is not canonical', `text\n\n\u2014 a AAAAAQJ=\n`],
    ['base64 without padding', `text\n\n\u2014 a AAAAAQI\n`],
    ['a key id and no signature', `text\n\n\u2014 a AAAAAQ==\n`],
    ['less than a key id', `text\n\n\u2014 a AAAA\n`],
    ['a tab', `te\txt\n\n${LINE}`],
    ['a carriage return', `text\r\n\n${LINE}`],
    ['a null', `te\0xt\n\n${LINE}`],
    ['half a surrogate pair', `te\ud800xt\n\n${LINE}`],
    ['an empty line among the signatures', `text\n\n${LINE}\n`],
    ['too many signatures', `text\n\n${LINE.repeat(MAX_SIGNATURES + 1)}`],
    ['a megabyte', `${'x'.repeat(1 << 20)}\n\n${LINE}`],
  ])('is refused with %s', (_, source) => {
    expect(() => parseNote(source)).toThrow(malformed);
  });

  it('is written as it is read', () => {
    const name = fc.stringMatching(/^[^\s+\0-\x1f\u0085\ud800-\udfff]{1,20}$/u);
    const line = fc
      .tuple(name, fc.nat(0xffffffff), fc.uint8Array({ minLength: 1, maxLength: 80 }))
      .map(([n, keyId, signature]): NoteSignature => ({ name: n, keyId, signature: Uint8Array.from(signature) }));
    const text = fc.stringMatching(/^[^\0-\x09\x0b-\x1f\ud800-\udfff]{0,40}$/u).map((body) => `${body}\n`);
    const lines = fc.array(line, { minLength: 1, maxLength: MAX_SIGNATURES });
    fc.assert(
      fc.property(text, lines, (body, signatures) => {
        const source = formatNote({ text: body, signatures });
        expect(parseNote(source)).toEqual({ text: body, signatures });
        expect(formatNote(parseNote(source))).toBe(source);
      }),
    );
  });

  it('cannot be written so that it would not be read', () => {
    const good: NoteSignature = { name: 'a', keyId: 1, signature: Uint8Array.of(2) };
    for (const note of [
      { text: 'no end', signatures: [good] },
      { text: 'text\n', signatures: [] },
      { text: 'text\n', signatures: [{ ...good, name: 'a b' }] },
      { text: 'text\n', signatures: [{ ...good, name: 'a\n\n\u2014 b' }] },
    ]) {
      expect(() => formatNote(note)).toThrow(malformed);
    }
  });
});

describe('signatures of notes', () => {
  /** Published with the formats: the note of Go's `sumdb/note` documentation, and a checkpoint of Go's own log. */
  it.each([
    [
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
        '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
    ],
    [
      'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
      'go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
        '\u2014 sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
    ],
  ])('of others hold: %s', async (line, source) => {
    const key = await parseVerifierKey(line);
    expect(await verifyNote(parseNote(source), [key])).toEqual([{ key }]);
    const changed = parseNote(source.replace('e', 'f'));
    await expect(verifyNote(changed, [key])).rejects.toMatchObject({ code: 'proof.signature_invalid' });
  });

  const text = 'a text\n';

  it('of unknown keys are ignored, also where they share a name or an id with a known one', async () => {
    const [known, namesake] = [await signerOf('log.example', 1), await signerOf('log.example', 2)];
    const borrowed = { ...namesake.sign(text), name: 'other.example', keyId: known.key.keyId };
    const note = { text, signatures: [namesake.sign(text), borrowed, known.sign(text)] };
    expect(await verifyNote(note, [known.key])).toEqual([{ key: known.key }]);
    expect(await verifyNote({ text, signatures: [namesake.sign(text), borrowed] }, [known.key])).toEqual([]);
  });

  it('of a known key must hold, even beside another that does', async () => {
    const [first, second] = [await signerOf('log.example', 1), await signerOf('second.example', 2)];
    const bad = { ...second.sign('another text\n') };
    const verified = verifyNote({ text, signatures: [first.sign(text), bad] }, [first.key, second.key]);
    await expect(verified).rejects.toMatchObject({ kind: 'invalid', code: 'proof.signature_invalid' });
    const cut = { ...second.sign(text), signature: second.sign(text).signature.slice(1) };
    await expect(verifyNote({ text, signatures: [cut] }, [second.key])).rejects.toMatchObject({
      code: 'proof.signature_invalid',
    });
  });

  it('are counted once a key', async () => {
    const signer = await signerOf('log.example', 1);
    const note = { text, signatures: [signer.sign(text), signer.sign(text)] };
    expect(await verifyNote(note, [signer.key])).toHaveLength(1);
  });

  it('of witnesses hold for the time they name, and for no other', async () => {
    const witness = await witnessOf('witness.example', 3);
    const cosigned = (time: number) => witness.cosign(text, time);
    expect(await verifyNote({ text, signatures: [cosigned(1_800_000_000)] }, [witness.key])).toEqual([
      { key: witness.key, time: 1_800_000_000 },
    ]);
    const moved = { ...cosigned(1_800_000_000), signature: cosigned(1_800_000_000).signature.with(7, 1) };
    const asPlain = { ...witness.sign(text) };
    const late = cosigned(8_640_000_000_001); // a second more than a date can be
    for (const signature of [moved, asPlain, late]) {
      await expect(verifyNote({ text, signatures: [signature] }, [witness.key])).rejects.toMatchObject({
        code: 'proof.signature_invalid',
      });
    }
  });

  it('are accepted up to the bound, well over the 16 that the specification asks for', async () => {
    const signers = await Promise.all(
      Array.from({ length: MAX_SIGNATURES }, (_, at) => signerOf(`log${at}.example`, at)),
    );
    const note = parseNote(formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) }));
    expect(
      await verifyNote(
        note,
        signers.map(({ key }) => key),
      ),
    ).toHaveLength(MAX_SIGNATURES);
  });
});
