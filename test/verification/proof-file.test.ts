import fc from 'fast-check';
import { toBase64 } from '../../src/verification/bytes';
import { MAX_PROOF_HASHES } from '../../src/verification/merkle-proof';
import { formatProofFile, parseProofFile } from '../../src/verification/proof-file';

const HASH = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const NOTE = `log.example\n5\n${HASH}\n\n\u2014 log.example AAAAAQI=\n`;
const HEADER = 'c2sp.org/tlog-proof@v1\n';
const malformed = expect.objectContaining({ code: 'proof.malformed' }) as Error;

describe('a proof file', () => {
  it('is written as it is read', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));
    const hashes = fc.array(hash, { maxLength: MAX_PROOF_HASHES });
    const extra = fc.option(fc.uint8Array({ minLength: 1, maxLength: 100 }).map((b) => Uint8Array.from(b)));
    fc.assert(
      fc.property(fc.nat(), hashes, extra, (index, proof, opaque) => {
        const file = { ...(opaque && { extra: opaque }), index, hashes: proof, checkpoint: NOTE };
        const text = formatProofFile(file);
        expect(parseProofFile(text)).toEqual(file);
        expect(formatProofFile(parseProofFile(text))).toBe(text);
      }),
    );
  });

  it('has the lines that the specification gives it', () => {
    expect(formatProofFile({ extra: Uint8Array.of(1), index: 3, hashes: [], checkpoint: NOTE })).toBe(
      `${HEADER}extra AQ==\nindex 3\n\n${NOTE}`,
    );
    expect(parseProofFile(`${HEADER}index 0\n${HASH}\n\n${NOTE}`)).toMatchObject({ index: 0, checkpoint: NOTE });
  });

  it.each([
    ['another version', `c2sp.org/tlog-proof@v2\nindex 0\n\n${NOTE}`],
    ['a byte order mark', `\ufeff${HEADER}index 0\n\n${NOTE}`],
    ['Windows line ends', `${HEADER}index 0\n\n${NOTE}`.replaceAll('\n', '\r\n')],
    ['no index', `${HEADER}${HASH}\n\n${NOTE}`],
    ['a leading zero', `${HEADER}index 01\n\n${NOTE}`],
    ['a negative index', `${HEADER}index -1\n\n${NOTE}`],
    ['an index beyond 2^53', `${HEADER}index 9007199254740992\n\n${NOTE}`],
    ['an empty extra', `${HEADER}extra \nindex 0\n\n${NOTE}`],
    ['an extra that is not canonical', `${HEADER}extra AR==\nindex 0\n\n${NOTE}`],
    ['two extras', `${HEADER}extra AQ==\nextra AQ==\nindex 0\n\n${NOTE}`],
    ['extra after index', `${HEADER}index 0\nextra AQ==\n\n${NOTE}`],
    ['a short hash', `${HEADER}index 0\nAAAA\n\n${NOTE}`],
    ['too many hashes', `${HEADER}index 0\n${`${HASH}\n`.repeat(MAX_PROOF_HASHES + 1)}\n${NOTE}`],
    ['no empty line', `${HEADER}index 0\n`],
    ['two empty lines', `${HEADER}index 0\n\n\n${NOTE}`],
    ['no signature', `${HEADER}index 0\n\nlog.example\n5\n${HASH}\n\n`],
    ['no checkpoint in the note', `${HEADER}index 0\n\nhello\n\n\u2014 log.example AAAAAQI=\n`],
    ['over a megabyte', `${HEADER}extra ${toBase64(new Uint8Array(800_000))}\nindex 0\n\n${NOTE}`],
    ['nothing', ''],
  ])('is refused with %s', (_, text) => {
    expect(() => parseProofFile(text)).toThrow(malformed);
  });

  it.each(['{"status":404}', ' \n<!doctype html>'])('says of %j that a server answered', (text) => {
    expect(() => parseProofFile(text)).toThrow('this is a server’s answer, not a proof.');
  });
});
