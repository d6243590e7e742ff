import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { Failure } from '../kernel/errors';

const MAX_PROFILE_BYTES = 256 * 1024;
const MAX_EXTENDS = 4;

/** A place in a profile, so that whatever is wrong with it is told with its file and line. */
export class Place {
  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly node: Node | null,
    readonly path: string,
    /** What tells the line when there is no node: an empty value stands where its key stands. */
    private readonly anchor: Node | null = node,
  ) {}

  wrong(zh: string, en: string): Failure {
    const at = `${this.file}:${this.line()}`;
    return new Failure('invalid', 'profile.invalid', {
      zh: `导入配置 ${at} ${this.path}：${zh}`,
      en: `import profile ${at} ${this.path}: ${en}`,
      field: this.path,
    });
  }

  /** The entries of a map; keys are text. */
  entries(): Array<[string, Place]> {
    if (!isMap(this.node)) throw this.wrong('应为“键: 值”的列表', 'should be a map of keys and values');
    return (this.node as YAMLMap<Node, Node | null>).items.map((pair) => {
      const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
      return [key, this.at(pair.value, key, pair.key)];
    });
  }

  /** The entries of a map that may have these keys only. */
  only(keys: readonly string[]): Map<string, Place> {
    const entries = this.entries();
    for (const [key, place] of entries) {
      if (!keys.includes(key)) {
        throw place.wrong(`不认识的键；可用：${keys.join('、')}`, `unknown key; known are ${keys.join(', ')}`);
      }
    }
    return new Map(entries);
  }

  items(): Place[] {
    if (!isSeq(this.node)) throw this.wrong('应为列表（- 开头）', 'should be a list');
    return (this.node.items as Array<Node | null>).map((item, i) => this.at(item, String(i + 1), this.node));
  }

  text(): string {
    if (isScalar(this.node) && typeof this.node.value === 'string' && this.node.value !== '') return this.node.value;
    throw this.wrong('应为文字', 'should be text');
  }

  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  /** Text that is one of the given words. */
  oneOf<T extends string>(words: readonly T[]): T {
    const text = this.text();
    const found = words.find((word) => word === text);
    if (found === undefined) throw this.wrong(`应为 ${words.join('、')} 之一`, `should be one of ${words.join(', ')}`);
    return found;
  }

  /** A regular expression over Unicode characters. */
  pattern(): RegExp {
    const text = this.text();
    try {
      return new RegExp(text, 'u');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.wrong(`正则表达式有误：${reason}`, `not a regular expression: ${reason}`);
    }
  }

  private at(node: Node | null, step: string, anchor: Node | null): Place {
    const path = this.path ? `${this.path}.${step}` : step;
    return new Place(
      this.file,
      this.lines,
      node,
      path,
      isScalar(node) && node.value === null ? anchor : (node ?? anchor),
    );
  }

  private line(): number {
    return this.anchor?.range ? this.lines.linePos(this.anchor.range[0]).line : 1;
  }
}

/** A profile's top-level entries, those of the profile it extends underneath, and the SHA-256 of both texts. */
export interface ProfileText {
  readonly top: Place;
  readonly entries: ReadonlyMap<string, Place>;
  readonly sha256: string;
}

/**
 * Reads a YAML profile and what it `extends` (a file beside it); an entry of the outer one replaces the whole entry beneath.
 * @throws Failure `profile.invalid` with file and line
 */
export function readProfileText(path: string, keys: readonly string[], depth = 0): ProfileText {
  const file = basename(path);
  const lines = new LineCounter();
  const bytes = readProfileFile(path);
  const document = parseDocument(bytes.toString('utf8'), { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw new Failure('invalid', 'profile.invalid', {
      zh: `导入配置 ${file}:${line} 不是有效的 YAML：${error.message}`,
      en: `import profile ${file}:${line} is not YAML: ${error.message}`,
    });
  }
  const top = new Place(file, lines, document.contents as Node | null, '');
  const own = top.only(['extends', ...keys]);
  const hash = createHash('sha256').update(bytes);
  const base = own.get('extends');
  if (!base) return { top, entries: own, sha256: hash.digest('hex') };
  if (depth === MAX_EXTENDS) throw base.wrong('继承层数过多', `more than ${MAX_EXTENDS} profiles extend each other`);
  const beneath = readProfileText(join(dirname(path), basename(base.text())), keys, depth + 1);
  return { top, entries: new Map([...beneath.entries, ...own]), sha256: hash.update(beneath.sha256).digest('hex') };
}

function readProfileFile(path: string): Buffer {
  const file = basename(path);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    throw new Failure('invalid', 'profile.not_found', {
      zh: `找不到导入配置 ${file}。`,
      en: `there is no import profile ${file}`,
    });
  }
  if (size > MAX_PROFILE_BYTES) {
    throw new Failure('invalid', 'profile.too_large', {
      zh: `导入配置 ${file} 超过 ${MAX_PROFILE_BYTES} 字节。`,
      en: `import profile ${file} has more than ${MAX_PROFILE_BYTES} bytes`,
    });
  }
  return readFileSync(path);
}
