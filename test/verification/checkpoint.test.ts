import { fromBase64 } from '../../src/verification/bytes';
import { cosignedMessage, formatCheckpoint, parseCheckpoint } from '../../src/verification/checkpoint';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const malformed = expect.objectContaining({ code: 'checkpoint.malformed' }) as Error;

describe('the body of a checkpoint', () => {
  it('is read and written byte for byte', () => {
    const body = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
    const checkpoint = parseCheckpoint(body);
    expect(checkpoint).toEqual({ origin: 'example.com/behind-the-sofa', size: 20852163, root: fromBase64(ROOT) });
    expect(formatCheckpoint(checkpoint)).toBe(body);
  });

  it.each(['0', '1', '9007199254740991'])('has size %s', (size) => {
    expect(parseCheckpoint(`o\n${size}\n${ROOT}\n`).size).toBe(Number(size));
  });

  it.each(['', '00', '01', '+1', '-1', '1.0', '1e3', ' 1', '1 ', '0x1', '9007199254740992', '١'])(
    'has not size “%s”',
    (size) => {
      expect(() => parseCheckpoint(`o\n${size}\n${ROOT}\n`)).toThrow(malformed);
    },
  );

  it.each([
    ['an extension line', `o\n1\n${ROOT}\nmore\n`],
    ['an empty line at the end', `o\n1\n${ROOT}\n\n`],
    ['no last line feed', `o\n1\n${ROOT}`],
    ['no root', 'o\n1\n'],
    ['no origin', `\n1\n${ROOT}\n`],
    ['a carriage return', `o\r\n1\n${ROOT}\n`],
    ['an origin that steers a terminal', `o\u009b2J\n1\n${ROOT}\n`],
    ['an origin that reads backwards', `\u202elive.example\n1\n${ROOT}\n`],
    ['a short root', 'o\n1\nAAAA\n'],
    ['a root that is not canonical', `o\n1\n${ROOT.replace('I=', 'J=')}\n`],
  ])('is refused with %s', (_, body) => {
    expect(() => parseCheckpoint(body)).toThrow(malformed);
  });

  it.each([
    ['a line feed in its origin', { origin: 'a\nb', size: 1, root: fromBase64(ROOT) }],
    ['a fraction as size', { origin: 'a', size: 1.5, root: fromBase64(ROOT) }],
    ['a huge size', { origin: 'a', size: 2 ** 53, root: fromBase64(ROOT) }],
    ['a short root', { origin: 'a', size: 1, root: new Uint8Array(31) }],
  ])('is not written with %s', (_, checkpoint) => {
    expect(() => formatCheckpoint(checkpoint)).toThrow(malformed);
  });

  it('is what a witness signs, under the time', () => {
    const message = cosignedMessage(1679315147, `example.com/behind-the-sofa\n20852163\n${ROOT}\n`);
    expect(new TextDecoder().decode(message)).toBe(
      `cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n${ROOT}\n`,
    );
  });
});
