// src/kernel/errors.ts
var Failure = class extends Error {
  constructor(kind2, code, detail, also = []) {
    super(`${code}: ${detail.en}`);
    this.kind = kind2;
    this.code = code;
    this.detail = detail;
    this.also = also;
    this.name = "Failure";
  }
};

// src/verification/bytes.ts
var CHUNK = 8192;
function toBase64(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
function fromBase64(text) {
  const bytes = decoded(text);
  if (!bytes || toBase64(bytes) !== text) {
    throw new Failure("invalid", "encoding.not_canonical", {
      zh: "不是规范的 base64 编码。",
      en: "This is not canonical base64."
    });
  }
  return bytes;
}
function toBase64Url(bytes) {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
function fromBase64Url(text) {
  const standard = text.replaceAll(/[-_+/=]/g, (char) => ({ "-": "+", _: "/" })[char] ?? " ");
  return fromBase64(standard + "=".repeat((4 - text.length % 4) % 4));
}
function equalBytes(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
function concatBytes(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
function utf8(text) {
  return new TextEncoder().encode(text);
}
async function sha256(bytes) {
  return new Uint8Array(await webCrypto().digest("SHA-256", bytes));
}
function webCrypto() {
  const { crypto } = globalThis;
  if (crypto?.subtle) return crypto.subtle;
  throw new Failure("unavailable", "verification.webcrypto_missing", {
    zh: "此环境没有提供 WebCrypto（浏览器只对 https 页面和下载到本机的页面提供），无法在此核验；这不表示记录有误。",
    en: "WebCrypto is missing here (browsers offer it to https pages and to pages saved on this device), so nothing can be verified here. It does not mean that the record is wrong."
  });
}
function decoded(text) {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return void 0;
  }
}

// src/verification/note.ts
var MAX_NOTE_LENGTH = 1 << 20;
var MAX_SIGNATURES = 256;
var SIGNATURE_PREFIX = "— ";
var KEY_ID_BYTES = 4;
function parseNote(source) {
  if (source.length > MAX_NOTE_LENGTH) throw malformed("过长", "it is too long");
  if (!isNoteText(source)) throw malformed("含有控制字符", "it has control characters");
  const split = source.lastIndexOf("\n\n");
  if (split < 0) throw malformed("缺少空行", "the empty line is missing");
  if (!source.endsWith("\n")) throw malformed("末行没有换行", "the last line does not end");
  const lines = source.slice(split + 2).split("\n");
  lines.pop();
  if (lines.length === 0) throw malformed("没有签名", "it has no signature");
  if (lines.length > MAX_SIGNATURES) throw malformed("签名过多", "it has too many signatures");
  return { text: source.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}
function parseSignatureLine(line) {
  const [name, encoded, ...rest] = line.startsWith(SIGNATURE_PREFIX) ? line.slice(SIGNATURE_PREFIX.length).split(" ") : [];
  if (!isKeyName(name) || encoded === void 0 || rest.length > 0) throw badSignatureLine();
  const bytes = signatureBytes(encoded);
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) };
}
function isKeyName(name) {
  return name !== void 0 && name !== "" && isPlainLine(name) && !/[\p{White_Space}+]/u.test(name);
}
function isPlainLine(text) {
  return !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text);
}
function isNoteText(text) {
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}
function signatureBytes(encoded) {
  let bytes;
  try {
    bytes = fromBase64(encoded);
  } catch {
    throw badSignatureLine();
  }
  if (bytes.length <= KEY_ID_BYTES) throw badSignatureLine();
  return bytes;
}
var badSignatureLine = () => malformed("签名行格式不对", "a signature line is malformed");
function malformed(zh, en) {
  return new Failure("invalid", "note.malformed", {
    zh: `签名文本格式不对：${zh}。`,
    en: `The signed note is malformed: ${en}.`
  });
}

// src/verification/merkle-proof.ts
var MAX_PROOF_HASHES = 64;
var HASH_BYTES = 32;
var LEAF = Uint8Array.of(0);
var NODE = Uint8Array.of(1);
function leafHash(entry) {
  return sha256(concatBytes(LEAF, entry));
}
function nodeHash(left, right) {
  return sha256(concatBytes(NODE, left, right));
}
async function rootFromInclusion({ leafHash: leafHash2, index, size, proof }) {
  if (index < 0n || index >= size || !areHashes(proof, leafHash2)) throw invalid();
  let node = index;
  let last = size - 1n;
  let hash = leafHash2;
  for (const sibling of proof) {
    if (last === 0n) throw invalid();
    if (isRight(node) || node === last) {
      hash = await nodeHash(sibling, hash);
      [node, last] = upTo(isRight, node, last);
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) throw invalid();
  return hash;
}
async function verifyInclusion(claim) {
  if (!equalBytes(await rootFromInclusion(claim), claim.root)) throw invalid();
}
var isRight = (node) => (node & 1n) === 1n;
function upTo(wanted, node, last) {
  while (node !== 0n && !wanted(node)) [node, last] = [node >> 1n, last >> 1n];
  return [node, last];
}
function areHashes(proof, ...others) {
  return proof.length <= MAX_PROOF_HASHES && [...proof, ...others].every((hash) => hash.length === HASH_BYTES);
}
function invalid() {
  return new Failure("invalid", "log.proof_invalid", {
    zh: "日志证明不成立。",
    en: "The proof does not hold in the log."
  });
}

// src/verification/checkpoint.ts
function parseCheckpoint(text) {
  const [origin, size, root, end, ...rest] = text.split("\n");
  if (end !== "" || rest.length > 0) throw malformed2("应为三行", "it is not three lines");
  if (origin === "") throw malformed2("没有日志名称", "the origin is missing");
  if (!isPlainLine(origin)) throw malformed2("日志名称含有不可见字符", "its origin has invisible characters");
  return { origin, size: parseSize(size), root: parseRoot(root) };
}
function cosignedMessage(time, checkpointBody) {
  return utf8(`cosignature/v1
time ${time}
${checkpointBody}`);
}
function parseDecimal(text) {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : void 0;
}
function parseSize(text) {
  const size = parseDecimal(text);
  if (size === void 0) throw malformed2("条数不是规范的十进制数", "its size is not a canonical decimal number");
  return size;
}
function parseRoot(text) {
  try {
    const root = fromBase64(text);
    if (root.length === HASH_BYTES) return root;
  } catch {
  }
  throw malformed2("根哈希不是 32 字节的 base64", "its root is not 32 bytes of base64");
}
function malformed2(zh, en) {
  return new Failure("invalid", "checkpoint.malformed", {
    zh: `检查点格式不对：${zh}。`,
    en: `The checkpoint is malformed: ${en}.`
  });
}

// src/verification/verifier-key.ts
var TYPE_BYTES = { ed25519: 1, "cosignature/v1": 4 };
var PUBLIC_KEY_BYTES = 32;
var SIGNATURE_BYTES = 64;
var TIME_BYTES = 8;
var MAX_LINE = 1024;
var MAX_TIME_S = 8640000000000n;
async function parseVerifierKey(line) {
  const [, name, id, encoded] = line.length <= MAX_LINE && /^([^+]*)\+([0-9a-f]{8})\+(.+)$/su.exec(line) || [];
  if (!isKeyName(name)) throw malformed3();
  const bytes = keyBytes(encoded);
  const algorithm = Object.keys(TYPE_BYTES).find((each) => TYPE_BYTES[each] === bytes[0]);
  if (!algorithm) {
    throw new Failure("invalid", "verifier_key.unsupported", {
      zh: "不支持该公钥的签名类型，只支持 Ed25519（0x01）和 cosignature/v1（0x04）。",
      en: "The signature type of this key is not supported: only Ed25519 (0x01) and cosignature/v1 (0x04) are."
    });
  }
  const key = await verifierKeyOf(name, algorithm, bytes.slice(1));
  if (hexKeyId(key) !== id) throw malformed3();
  return key;
}
function formatVerifierKey(key) {
  return `${key.name}+${hexKeyId(key)}+${toBase64(typedKey(key))}`;
}
async function verifierKeyOf(name, algorithm, publicKey) {
  if (!isKeyName(name) || publicKey.length !== PUBLIC_KEY_BYTES) throw malformed3();
  const digest = await sha256(concatBytes(utf8(`${name}
`), typedKey({ algorithm, publicKey })));
  return { name, algorithm, publicKey, keyId: new DataView(digest.buffer).getUint32(0) };
}
function hexKeyId({ keyId }) {
  return keyId.toString(16).padStart(8, "0");
}
async function verifyNote(note2, keys) {
  const verified2 = [];
  for (const signature of note2.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (!key) continue;
    const found = await verifySignature(note2.text, signature, key);
    if (!verified2.some((earlier) => earlier.key === key)) verified2.push(found);
  }
  return verified2;
}
async function verifySignature(text, line, key) {
  const claim = key.algorithm === "ed25519" ? plainClaim(text, line.signature) : timedClaim(text, line.signature);
  if (claim && await verifyEd25519(key.publicKey, claim.signature, claim.message)) {
    return { key, ...claim.time !== void 0 && { time: claim.time } };
  }
  throw new Failure("invalid", "proof.signature_invalid", {
    zh: `“${key.name}”的签名不成立：文本在签名之后被改动，或签名系伪造。`,
    en: `The signature of “${key.name}” does not hold: the text was changed after signing, or the signature is forged.`
  });
}
function plainClaim(text, signature) {
  return signature.length === SIGNATURE_BYTES ? { signature, message: utf8(text) } : void 0;
}
function timedClaim(text, bytes) {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return void 0;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time > MAX_TIME_S) return void 0;
  return { signature: bytes.slice(TIME_BYTES), message: cosignedMessage(Number(time), text), time: Number(time) };
}
async function verifyEd25519(publicKey, signature, message) {
  const subtle = webCrypto();
  try {
    const key = await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", key, signature, message);
  } catch (error) {
    if (error.name === "DataError") return false;
    throw new Failure("unavailable", "verification.ed25519_missing", {
      zh: "此浏览器不支持 Ed25519 签名，无法在此核验签名；这不表示记录有误。请换用较新的浏览器，或用 mingjing verify。",
      en: "This browser does not know Ed25519 signatures, so they cannot be verified here. It does not mean that the record is wrong. Take a newer browser, or mingjing verify."
    });
  }
}
function typedKey({ algorithm, publicKey }) {
  return concatBytes(Uint8Array.of(TYPE_BYTES[algorithm]), publicKey);
}
function keyBytes(encoded) {
  try {
    return fromBase64(encoded);
  } catch {
    throw malformed3();
  }
}
function malformed3() {
  return new Failure("invalid", "verifier_key.malformed", {
    zh: "公钥格式不对，应为“名称+8 位十六进制编号+base64”。",
    en: "The verifier key is malformed: it is name+8 hexadecimal digits+base64."
  });
}

// src/verification/policy.ts
var MAX_POLICY_LENGTH = 1 << 18;
var MAX_POLICY_LINES = MAX_SIGNATURES / 2;
var NO_QUORUM = "none";
var RULES = { log, witness, group, quorum };
async function parsePolicy(text) {
  if (text.length > MAX_POLICY_LENGTH) throw invalid2(1, "文件过长", "the file is too long");
  const draft = { logs: [], witnesses: [], groups: [], names: /* @__PURE__ */ new Set(), members: /* @__PURE__ */ new Set() };
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) await readLine(line, at + 1, draft);
  if (draft.quorum === void 0 && draft.witnesses.length > 0) {
    throw invalid2(lines.length, "列有见证人而没有 quorum 行", "there are witnesses but no quorum line");
  }
  const { logs, witnesses, groups, quorum: required = NO_QUORUM } = draft;
  return { logs, witnesses, groups, quorum: required };
}
function quorumMet(policy, cosigners) {
  if (policy.quorum === NO_QUORUM) return true;
  const met = new Set(policy.witnesses.map(({ name }) => name).filter((name) => cosigners.has(name)));
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  }
  return met.has(policy.quorum);
}
async function readLine(line, number, draft) {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) {
    throw invalid2(
      number,
      "含有控制字符（Windows 换行符也是）",
      "it has a control character (a Windows line end is one)"
    );
  }
  const [keyword, ...args] = line.split(/[ \t]+/).filter(Boolean);
  if (keyword === void 0 || keyword.startsWith("#")) return;
  const rule = Object.hasOwn(RULES, keyword) ? RULES[keyword] : void 0;
  if (!rule) throw invalid2(number, `不认识“${keyword}”`, `“${keyword}” is not known`);
  try {
    await rule(args, draft);
  } catch (error) {
    if (error instanceof Unreadable) throw invalid2(number, error.zh, error.message);
    if (error instanceof Failure && error.kind === "invalid") throw invalid2(number, error.detail.zh, error.detail.en);
    throw error;
  }
}
async function log(args, draft) {
  if (args.length < 1 || args.length > 2) throw new Unreadable("应为 log <公钥> [<网址>]", "it is log <vkey> [<url>]");
  const [line, url] = args;
  bounded(draft.logs);
  const key = await keyOf(line, "ed25519", draft);
  draft.logs.push({ key, ...url && { url } });
}
async function witness(args, draft) {
  if (args.length < 2 || args.length > 3) {
    throw new Unreadable("应为 witness <名称> <公钥> [<网址>]", "it is witness <name> <vkey> [<url>]");
  }
  const [name, line, url] = args;
  define(name, draft);
  bounded(draft.witnesses);
  const key = await keyOf(line, "cosignature/v1", draft);
  draft.witnesses.push({ name, key, ...url && { url } });
}
function group(args, draft) {
  const [name, rule, ...members] = args;
  if (members.length === 0) {
    throw new Unreadable("应为 group <名称> all|any|<数> <成员>…", "it is group <name> all|any|<number> <member>…");
  }
  bounded(draft.groups);
  const threshold = thresholdOf(rule, members.length);
  for (const member of members) {
    if (!draft.names.has(member)) throw new Unreadable(`前面没有定义“${member}”`, `“${member}” is not defined before`);
    if (draft.members.has(member)) throw new Unreadable(`“${member}”已是成员`, `“${member}” is a member already`);
    draft.members.add(member);
  }
  define(name, draft);
  draft.groups.push({ name, threshold, members });
}
function quorum(args, draft) {
  if (args.length !== 1) throw new Unreadable("应为 quorum <名称>", "it is quorum <name>");
  if (draft.quorum !== void 0) throw new Unreadable("quorum 行只能有一行", "there is a quorum line already");
  const [name] = args;
  if (name !== NO_QUORUM && !draft.names.has(name)) {
    throw new Unreadable(`前面没有定义“${name}”`, `“${name}” is not defined before`);
  }
  draft.quorum = name;
}
function define(name, { names }) {
  if (name === NO_QUORUM) throw new Unreadable("none 是保留名称", "none is a reserved name");
  if (names.has(name)) throw new Unreadable(`“${name}”已定义过`, `“${name}” is defined already`);
  names.add(name);
}
function thresholdOf(rule, members) {
  if (rule === "any") return 1;
  if (rule === "all") return members;
  const threshold = /^[1-9][0-9]{0,3}$/.test(rule) ? Number(rule) : 0;
  if (threshold < 1 || threshold > members) {
    throw new Unreadable(`“${rule}”应为 all、any 或 1 至 ${members}`, `“${rule}” is not all, any or 1 to ${members}`);
  }
  return threshold;
}
async function keyOf(line, algorithm, { logs, witnesses }) {
  const key = await parseVerifierKey(line);
  if (key.algorithm !== algorithm) {
    throw new Unreadable(
      `公钥类型是 ${key.algorithm}，应为 ${algorithm}`,
      `the key is ${key.algorithm}, not ${algorithm}`
    );
  }
  const earlier = [...logs, ...witnesses].map((other) => other.key);
  if (earlier.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))) {
    throw new Unreadable("前面已有这把公钥", "this public key is listed before");
  }
  if (earlier.some(({ name, keyId }) => name === key.name && keyId === key.keyId)) {
    throw new Unreadable("前面已有同名同编号的公钥", "a key of this name and key id is listed before");
  }
  return key;
}
function bounded(list) {
  if (list.length >= MAX_POLICY_LINES) {
    throw new Unreadable(`这类行超过 ${MAX_POLICY_LINES} 行`, `there are over ${MAX_POLICY_LINES} lines of this kind`);
  }
}
var Unreadable = class extends Error {
  constructor(zh, en) {
    super(en);
    this.zh = zh;
  }
};
function invalid2(line, zh, en) {
  return new Failure("invalid", "policy.invalid", {
    zh: `信任策略第 ${line} 行：${zh.replace(/。$/, "")}。`,
    en: `Trust policy, line ${line}: ${en.replace(/\.$/, "")}.`,
    field: String(line)
  });
}

// src/portal/verifier/compare-page.ts
function comparePage(article, fields2, notice, lang) {
  const differences2 = [];
  const same = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  for (const element2 of article.querySelectorAll("[data-proves]")) {
    const mark = element2.getAttribute("data-proves") ?? "";
    const field = fields2.get(mark);
    const [shown, recorded2] = [inLines(element2.textContent), field && inLines(field.text[lang])];
    seen.add(mark);
    if (shown === recorded2) same.add(mark);
    else differences2.push({ label: field?.label[lang] ?? labelBeside(element2) ?? mark, shown, recorded: recorded2 });
  }
  for (const [mark, { label: label2, text }] of fields2) {
    if (!seen.has(mark)) differences2.push({ label: label2[lang], recorded: text[lang] });
  }
  for (const link of article.querySelectorAll('[data-proves-link="bodyId"]')) {
    const shown = idIn(link.getAttribute("href"));
    if (notice.bodyId === void 0) continue;
    if (shown === notice.bodyId) same.add("bodyId");
    else differences2.push({ label: labelBeside(link) ?? "bodyId", shown, recorded: notice.bodyId });
  }
  return { same: same.size, differences: differences2, uncovered: uncoveredBy(article) };
}
function uncoveredBy(article) {
  return [...article.querySelectorAll(".fields dd")].filter((value) => !value.querySelector("[data-proves]")).flatMap((value) => labelBeside(value) ?? []);
}
function labelBeside(element2) {
  const label2 = element2.closest("dd")?.parentElement?.querySelector("dt")?.textContent;
  return label2 ?? element2.closest("td")?.getAttribute("data-label") ?? void 0;
}
function idIn(address) {
  const [, id] = /\/bodies\/([^/?#]+)/.exec(address ?? "") ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    return id;
  }
}
var inLines = (text) => (text ?? "").replace(/\r\n?/g, "\n");

// src/portal/verifier/elements.ts
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== void 0) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== void 0 && child !== false));
  return made;
}
function fields(rows) {
  const list = element("dl", { class: "fields wide" });
  for (const [label2, value] of rows) {
    list.append(element("div", {}, element("dt", {}, label2), element("dd", {}, value)));
  }
  return list;
}
function table(caption, titles, rows) {
  const head = element("tr", { role: "row" });
  for (const title of titles) head.append(element("th", { role: "columnheader", scope: "col" }, title));
  const body = element("tbody", { role: "rowgroup" });
  for (const row of rows) {
    const cells = row.map((cell, i) => element("td", { role: "cell", "data-label": titles[i] }, cell));
    body.append(element("tr", { role: "row" }, ...cells));
  }
  return element(
    "table",
    { role: "table", class: "rows folding" },
    element("caption", { class: "unseen" }, caption),
    element("thead", { role: "rowgroup" }, head),
    body
  );
}
function folded(title, ...children) {
  return element("details", {}, element("summary", {}, title), ...children);
}

// src/verification/proof-file.ts
var MAX_PROOF_LENGTH = 1 << 20;
var HEADER = "c2sp.org/tlog-proof@v1";
var looksLikeProof = (text) => /^c2sp\.org\/tlog-proof@/.test(text);
function parseProofFile(text) {
  if (text.length > MAX_PROOF_LENGTH) throw malformedProof("文件超过 1 MiB", "the file is over 1 MiB");
  if (/^\s*[{<]/.test(text)) {
    throw malformedProof("这是服务器的答复，不是证明", "this is a server’s answer, not a proof");
  }
  const split = text.indexOf("\n\n");
  if (split < 0) throw malformedProof("缺少空行", "the empty line is missing");
  const [header, ...lines] = text.slice(0, split).split("\n");
  if (header !== HEADER) throw malformedProof(`首行应为 ${HEADER}`, `the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith("extra ") ? parseBytes(lines.shift().slice("extra ".length)) : void 0;
  const index = parseIndex(lines.shift());
  if (lines.length > MAX_PROOF_HASHES) throw malformedProof("哈希过多", "it has too many hashes");
  const checkpoint2 = text.slice(split + 2);
  checkCheckpoint(checkpoint2);
  return { ...extra && { extra }, index, hashes: lines.map(parseHash), checkpoint: checkpoint2 };
}
function parseIndex(line) {
  const index = line?.startsWith("index ") ? parseDecimal(line.slice("index ".length)) : void 0;
  if (index === void 0) throw malformedProof("缺少规范的 index 行", "a canonical index line is missing");
  return index;
}
function parseHash(line) {
  const hash = parseBytes(line);
  if (hash.length !== HASH_BYTES) throw malformedProof("哈希不是 32 字节", "a hash is not 32 bytes");
  return hash;
}
function parseBytes(encoded) {
  try {
    const bytes = fromBase64(encoded);
    if (bytes.length > 0) return bytes;
  } catch {
  }
  throw malformedProof("某行不是规范的 base64", "a line is not canonical base64");
}
function checkCheckpoint(note2) {
  try {
    parseCheckpoint(parseNote(note2).text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw malformedProof(error.detail.zh.replace(/。$/, ""), error.detail.en.replace(/\.$/, ""));
  }
}
function malformedProof(zh, en) {
  return new Failure("invalid", "proof.malformed", {
    zh: `证明文件格式不对：${zh}。`,
    en: `The proof file is malformed: ${en}.`
  });
}

// src/portal/bilingual.ts
var m = (zh, en) => ({ zh, en });
var fill = (text, values) => text.replace(/\{(\d)\}/g, (_, i) => String(values[Number(i)] ?? ""));
var fillBoth = (text, ...values) => ({
  zh: fill(text.zh, inOne(values, "zh")),
  en: fill(text.en, inOne(values, "en"))
});
var inOne = (values, lang) => values.map((value) => typeof value === "object" ? value[lang] : value);

// src/portal/verify-messages.ts
var verifyMessages = {
  "verify.title": m("验证此记录", "Verify this record"),
  "verify.link": m("验证此记录", "Verify this record"),
  "verify.lead": m(
    "本公示逐项登入一本公开的透明日志：只增不改，任何人都能查验，连管理数据库的人改动了也会留下破绽。点一下，您的浏览器就重新计算一遍，看页面所示是否就是当时登记的内容。",
    "What this notice says was entered, item by item, in a public log that only grows and that anyone can check: not even those who run the database could alter it unseen. One click, and your browser computes everything again and compares this page with what was entered."
  ),
  "verify.start": m("在浏览器中核对", "Verify in this browser"),
  "verify.again": m("重新核对", "Verify again"),
  "verify.download": m("下载可离线验证的副本", "Download a copy that verifies offline"),
  "verify.script": m(
    "没有出现“核对”按钮：您的浏览器没有运行脚本。不用脚本也可以核对，见下面的证明文件。",
    "If there is no button here, your browser runs no scripts. The proof files below verify without one."
  ),
  "verify.files": m("不用脚本：证明文件与命令", "Without a script: proof files and a command"),
  "verify.files.what": m(
    "每条登记有一个证明文件（格式 c2sp.org/tlog-proof）。下载后在自己的电脑上核对，不必联网，也不必信任本站的页面：",
    "Each entry has a proof file (format c2sp.org/tlog-proof). Verify them on a computer of your own, offline, without trusting the pages of this site:"
  ),
  "verify.files.policy": m("信任策略（公钥与见证要求）", "Trust policy: keys, and which witnesses are required"),
  "verify.files.none": m(
    "这些登记还没有写入日志的检查点，通常只需几秒，请稍后刷新。",
    "No checkpoint of the log covers these entries yet. It takes a few seconds as a rule: reload the page."
  ),
  "verify.files.entry": m("第 {0} 号登记", "entry {0}"),
  "verify.keys": m("用我自己信任的公钥", "Use keys I trust"),
  "verify.keys.what": m(
    "核对要用日志和见证人的公钥。默认使用本站提供的公钥：能发现记录被改动，但不能发现本站把公钥也一起换掉。如果您从别处得到了公钥（公报、报纸、见证机构的网站），请贴在这里，就只按它们核对。",
    "Verifying takes the public keys of the log and of its witnesses. As a rule they come from this site: that shows whether records were changed, but not whether the site has changed its keys as well. If you have keys from elsewhere (the gazette, a newspaper, a witness’s own site), paste them here, and only they will count."
  ),
  "verify.keys.label": m("公钥（每行一个）或信任策略", "Verifier keys, one a line, or a trust policy"),
  "verify.keys.hint": m(
    "只贴公钥时：列出的日志须有一个签名，列出的见证人须全部附署。",
    "Of keys alone: one of the logs must have signed, and all of the witnesses must have cosigned."
  ),
  "verify.keys.start": m("用这些公钥核对", "Verify with these keys"),
  "verify.keys.empty": m("请先粘贴公钥。", "Paste the keys first."),
  "verify.means": m("核对能说明什么，不能说明什么", "What this shows, and what it does not"),
  "verify.means.1": m(
    "能说明：页面所示与登记时一字不差；登记的次序和时间没有改过；日志给您看的与给见证人看的是同一本。",
    "It shows that the page says, to the letter, what was entered; that order and times were not changed; and that you are shown the same log as its witnesses."
  ),
  "verify.means.2": m(
    "不能说明：登记的内容本身属实。它只保证事后无人能悄悄改动；内容有误，请投诉举报。",
    "It does not show that what was entered is true: only that nobody could alter it unseen afterwards. If it is wrong, complain."
  ),
  "verify.means.3": m(
    "核对的脚本也来自本页。如果连页面也不放心，请下载证明文件，用另行取得的 mingjing 程序和公钥核对；别人发来的副本，请到{0}核对。",
    "The script that verifies comes with this page. If you do not trust the page either, take the proof files and verify them with a mingjing program and keys from elsewhere. A copy that somebody sent you is best checked at {0}."
  ),
  "verify.means.log": m("透明日志页", "the page of the log"),
  "verify.checking": m("正在核对…", "Verifying…"),
  "verify.ok": m("已核实：页面所示 {0} 项与登记内容一致", "Verified: the {0} items shown here are what was entered"),
  "verify.ok.proofs": m("已核实：{0} 条登记都在日志中", "Verified: {0} entries are in the log"),
  "verify.ok.witnessed": m(
    "{0} 条登记都在日志“{1}”的 {2} 条之中；日志的签名成立，{3} 个见证人附署。",
    "All {0} entries are among the {2} of the log “{1}”; its signature holds, and {3} witnesses have cosigned."
  ),
  "verify.ok.unwitnessed": m(
    "{0} 条登记都在日志“{1}”的 {2} 条之中；日志的签名成立，没有见证人附署。",
    "All {0} entries are among the {2} of the log “{1}”; its signature holds; no witness has cosigned."
  ),
  "verify.bad": m("核对未通过", "Not verified"),
  "verify.bad.page": m("有 {0} 项与登记内容不一致", "{0} items differ from what was entered"),
  "verify.bad.events": m("{0} 条登记的证明不成立", "the proofs of {0} entries do not hold"),
  "verify.bad.faults": m("证明不属于本公示", "the proofs are not of this notice"),
  "verify.bad.what": m(
    "请不要把本页当作原始记录。请保存本页和证明文件，并向监督机关反映。",
    "Do not take this page for the record. Keep the page and the proof files, and tell the supervisor."
  ),
  "verify.bad.partly": m(
    "登记本身的证明都成立，不一致的是页面。请以登记内容为准，并向监督机关反映。",
    "The proofs themselves hold; it is the page that differs. Go by what was entered, and tell the supervisor."
  ),
  "verify.unable": m("无法在此核对", "It cannot be verified here"),
  "verify.unable.not_wrong": m("这不表示记录有误。", " It does not mean that the record is wrong."),
  "verify.unable.webcrypto": m(
    "浏览器只对 https 页面和存到本机的页面提供核对所需的密码学功能。",
    "Browsers offer the cryptography for this only to https pages and to pages saved on your device."
  ),
  "verify.unable.webcrypto.todo": m(
    "请改用 https 地址打开本页，或者下载副本后从本机打开，或者用证明文件核对。",
    "Open this page by its https address, or download the copy and open it from your device, or use the proof files."
  ),
  "verify.unable.ed25519": m("这个浏览器不认识 Ed25519 签名。", "This browser does not know Ed25519 signatures."),
  "verify.unable.ed25519.todo": m(
    "请换用较新的浏览器（Chrome 和 Edge 137、Firefox 129、Safari 17 起），或者用证明文件核对。",
    "Take a newer browser (Chrome and Edge from 137, Firefox from 129, Safari from 17), or use the proof files."
  ),
  "verify.unable.network": m(
    "没有取得证明：网络不通，或者服务器没有应答。",
    "The proofs could not be fetched: there is no network, or the server does not answer."
  ),
  "verify.unable.network.todo": m(
    "联网后请再试。下载过的副本不联网也能核对。",
    "Try again when you are connected. A downloaded copy verifies without a network."
  ),
  "verify.unable.soon.todo": m("请过几秒再试。", "Try again in a few seconds."),
  "verify.unable.other.todo": m("请刷新页面后再试。", "Reload the page and try again."),
  "verify.fault.none": m("没有一条登记可以核对。", "There is no entry to verify."),
  "verify.fault.streams": m("各条登记不属于同一份公示。", "The entries are not of one and the same notice."),
  "verify.fault.other": m(
    "证明属于公示 {0}，而不是本页的公示 {1}。",
    "The proofs are of notice {0}, not of this one, {1}."
  ),
  "verify.fault.twice": m("同一条登记出现了两次。", "The same entry is given twice."),
  "verify.fault.unreadable": m(
    "随副本保存的证明无法读取：文件已损坏或被改动。",
    "The proofs in this copy cannot be read: the file is damaged or was changed."
  ),
  "verify.check.content": m(
    "内容：公开的 {0} 个字段逐一重算摘要，都属于这 {1} 条登记。另有 {2} 项只登记摘要、不公开内容（个人信息和内部信息）。",
    "Content: the digests of {0} disclosed fields were computed again, and all belong to these {1} entries. {2} further items are committed to but not disclosed: personal and internal data."
  ),
  "verify.check.place": m(
    "位置：由摘要重算出日志条目，再沿证明路径重算到树根，与检查点所载一致。",
    "Place: from the digests the log entries, and from these along their paths the root of the log, which is the checkpoint’s."
  ),
  "verify.check.signature": m(
    "签名：检查点由日志“{0}”签名，签名成立。",
    "Signature: the checkpoint is signed by the log “{0}”, and the signature holds."
  ),
  "verify.check.witness": m(
    "见证：“{0}”于 {1} 附署同一检查点，签名成立。",
    "Witness: “{0}” cosigned the same checkpoint at {1}, and the signature holds."
  ),
  "verify.check.page": m(
    "页面：所示 {0} 项与登记内容逐字一致。页面上若有别的话，以下面“登记的内容”为准。",
    "Page: the {0} items that it shows are, to the letter, what was entered. If it says anything else, go by “What was entered” below."
  ),
  "verify.check.uncovered": m(
    "页面上的“{0}”未作核对：取自名录、由程序写出，或者证明已不再披露。",
    "Not compared, because it is from a register, written by the program, or disclosed no longer: {0}."
  ),
  "verify.check.unseen": m(
    "这些登记之间另有 {0} 条内部环节（如审核、期限），不属于公示内容。",
    "Between these entries lie {0} of internal steps (review, time limits), which are not part of the notice."
  ),
  "verify.check.own": m("核对用的是您粘贴的公钥。", "Verified with the keys you pasted."),
  "verify.check.served": m(
    "核对用的是本站提供的公钥；从别处取得公钥再核对一次，更为可靠。",
    "Verified with the keys that this site offers; keys from elsewhere make it stronger."
  ),
  "verify.check.carried": m(
    "核对用的是随副本保存的公钥；从别处取得公钥再核对一次，更为可靠。",
    "Verified with the keys that were saved with this copy; keys from elsewhere make it stronger."
  ),
  "verify.differences": m("不一致之处", "What differs"),
  "verify.difference.item": m("项目", "Item"),
  "verify.difference.shown": m("页面所示", "Shown here"),
  "verify.difference.recorded": m("登记内容", "Entered"),
  "verify.difference.absent": m("（页面没有显示）", "(not shown here)"),
  "verify.difference.unrecorded": m("（登记中没有）", "(not in what was entered)"),
  "verify.checkpoint": m("所依据的检查点", "The checkpoint it rests on"),
  "verify.checkpoint.origin": m("日志", "Log"),
  "verify.checkpoint.size": m("大小", "Size"),
  "verify.checkpoint.entries": m("{0} 条", "{0} entries"),
  "verify.checkpoint.root": m("树根", "Root"),
  "verify.checkpoint.witnessed": m("见证时间", "Witnessed"),
  "verify.checkpoint.unwitnessed": m("没有见证人附署", "by nobody"),
  "verify.checkpoint.key": m("日志公钥", "Key of the log"),
  "verify.checkpoint.witness": m("见证人“{0}”的公钥", "Key of the witness “{0}”"),
  "verify.checkpoint.fingerprint": m("编号 {0}，SHA-256 指纹 {1}", "id {0}, SHA-256 fingerprint {1}"),
  "verify.when": m("核对时间（本机）", "Verified at (this device)"),
  "verify.events": m("逐条登记", "Entry by entry"),
  "verify.event.position": m("登记序号", "Entry"),
  "verify.event.title": m("事项", "What"),
  "verify.event.at": m("登记时间", "Entered at"),
  "verify.event.fields": m("公开 / 未公开", "Disclosed / withheld"),
  "verify.event.result": m("结果", "Result"),
  "verify.event.ok": m("成立", "holds"),
  "verify.event.bad": m("不成立", "does not hold"),
  "verify.event.named": m("第 {0} 号登记“{1}”：{2}", "Entry {0}, “{1}”: {2}"),
  "verify.event.file": m("“{0}”：{1}", "“{0}”: {1}"),
  "verify.recorded": m("登记的内容", "What was entered"),
  "verify.file": m("核对别人给您的文件", "Check a file that somebody gave you"),
  "verify.file.what": m(
    "可以是证明文件（.tlog-proof），也可以是从公示页下载的副本（.html）。文件不会上传：只在您的浏览器里核对，也不运行副本自带的程序，不采用它自带的公钥。",
    "A proof file (.tlog-proof), or a copy downloaded from a notice (.html). It is not sent anywhere: your browser verifies it, without running the copy’s program and without believing the keys it brings."
  ),
  "verify.file.label": m("选择文件", "Choose a file"),
  "verify.file.start": m("核对这个文件", "Verify this file"),
  "verify.file.none": m("请先选择文件。", "Choose a file first."),
  "verify.file.no_proof": m("这不是证明文件", "This is not a proof file"),
  "verify.file.no_proof.what": m(
    "它既不是 .tlog-proof，也不是从公示页下载的副本：不能用它核对什么，也不说明任何记录有误。",
    "It is neither a .tlog-proof nor a copy downloaded from a notice: it proves nothing, and does not mean that any record is wrong."
  ),
  "verify.file.script": m(
    "在这里核对需要浏览器运行脚本；也可以用上面的 mingjing verify。",
    "This takes a browser that runs scripts; mingjing verify, above, does not."
  ),
  "copy.title": m("可离线验证的副本", "A copy that verifies offline"),
  "copy.what": m(
    "保存于 {0}。本文件自带证明和核对程序：用浏览器打开即可核对，不需要网络。公示此后如有更正、撤回或期满，以原地址为准：",
    "Saved at {0}. This file holds its proofs and the program that verifies them: open it in a browser, no network needed. Whether the notice was corrected, withdrawn or expired since is said at its address:"
  )
};

// src/portal/verifier/say.ts
var languageOf = ({ documentElement }) => documentElement.lang.startsWith("en") ? "en" : "zh";
var say = (key, ...values) => inPageLanguage(fillBoth(verifyMessages[key], ...values));
var inPageLanguage = (text) => text[languageOf(document)];

// src/portal/verifier/offer.ts
var Unable = class extends Error {
  constructor(why, todo, code) {
    super(why.en);
    this.why = why;
    this.todo = todo;
    this.code = code;
  }
};
var Unreadable2 = class extends Error {
  constructor(why) {
    super(why.en);
    this.why = why;
  }
};
var NoProof = class extends Error {
};
var TIMEOUT_MS = 2e4;
var DISPROVED = /* @__PURE__ */ new Set(["log.event_differs", "ledger.corrupt"]);
var MAX_FILE_BYTES = 32 * 1024 * 1024;
function carriedOffer(block) {
  try {
    const { policy, proofs } = JSON.parse(block?.textContent ?? "");
    return { policy: String(policy), proofs: proofs.map(({ position, title, proof }) => ({ position, title, proof })) };
  } catch {
    throw new Unreadable2(verifyMessages["verify.fault.unreadable"]);
  }
}
async function servedOffer(listAddress, policyAddress) {
  const [list, policy] = await Promise.all([fetched(listAddress), fetched(policyAddress)]);
  const { items } = JSON.parse(list);
  const proofs = items.map(async ({ position, title, href }) => ({ position, title, ...await proofAt(href) }));
  return { policy, proofs: await Promise.all(proofs) };
}
async function fileOffer(file) {
  if (file.size > MAX_FILE_BYTES) throw new NoProof();
  const text = await file.text();
  if (looksLikeProof(text)) return { proofs: [{ title: { zh: file.name, en: file.name }, proof: text }] };
  if (!/^\s*<!doctype html/i.test(text)) throw new NoProof();
  const copy = new DOMParser().parseFromString(text, "text/html");
  const article = copy.querySelector("article");
  const block = copy.querySelector("#proofs");
  if (!block) throw new NoProof();
  const { proofs } = carriedOffer(block);
  return { proofs, ...article && { page: { article, lang: languageOf(copy) } } };
}
async function proofAt(address) {
  try {
    return { proof: await fetched(address) };
  } catch (error) {
    if (error instanceof Unable && DISPROVED.has(error.code ?? "")) return { proof: "", contradicted: error.why };
    throw error;
  }
}
async function fetched(address) {
  let response;
  let text;
  try {
    response = await fetch(address, { headers: { accept: "*/*" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch {
    throw new Unable(verifyMessages["verify.unable.network"], "verify.unable.network.todo");
  }
  if (response.ok) return text;
  const {
    code = "",
    detail_zh: zh = `HTTP ${response.status}`,
    detail_en: en = `HTTP ${response.status}`
  } = problemIn(text);
  throw new Unable(
    { zh, en },
    code === "log.not_sealed_in_time" ? "verify.unable.soon.todo" : "verify.unable.other.todo",
    code
  );
}
function problemIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// src/portal/verifier/fingerprint.ts
async function fingerprintOf(verifierKey) {
  const key = await parseVerifierKey(verifierKey);
  const digits = [...await sha256(key.publicKey)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { name: key.name, id: hexKeyId(key), sha256: digits.replace(/(.{4})(?=.)/g, "$1 ") };
}

// src/law/penalty-kind-table.ts
var kind = (id, item, zh, en, hearing, grave, publicity, lasts = false) => ({ id, item, zh, en, hearing, grave, publicity, lasts });
var penaltyKinds = [
  kind("other", 6, "其他", "other", "never", false, "long"),
  kind("warning", 1, "警告", "warning", "never", false, "none"),
  kind("criticism", 1, "通报批评", "circulated criticism", "never", false, "short"),
  kind("fine", 2, "罚款", "fine", "from_amount", false, "by_amount"),
  kind("confiscate_gains", 2, "没收违法所得", "confiscation of illegal gains", "from_amount", false, "long"),
  kind("confiscate_property", 2, "没收非法财物", "confiscation of illegal property", "from_amount", false, "long"),
  kind("suspend_licence", 3, "暂扣许可证件", "suspension of a licence", "never", false, "long", true),
  kind("lower_grade", 3, "降低资质等级", "lowering of a grade of qualification", "always", true, "long"),
  kind(
    "restrict_business",
    4,
    "限制开展生产经营活动",
    "restriction of business",
    "always",
    true,
    "by_restriction",
    true
  ),
  kind("suspend_business", 4, "责令停产停业", "order to suspend business", "always", true, "long", true),
  kind("close_business", 4, "责令关闭", "order to close down", "always", true, "long", true),
  kind("restrict_employment", 4, "限制从业", "restriction of employment", "always", true, "by_restriction", true),
  kind("revoke_licence", 3, "吊销许可证件", "revocation of a licence", "always", true, "long"),
  kind("detention", 5, "行政拘留", "administrative detention", "never", true, "long", true)
];
var penaltyKindIds = penaltyKinds.map(({ id }) => id);
var byId = new Map(penaltyKinds.map((k) => [k.id, k]));
var penaltyKind = (id) => byId.get(id);

// src/portal/notice-messages.ts
var noticeMessages = {
  "category.penalty": m("行政处罚", "Penalty"),
  "category.permit": m("行政许可", "Licence"),
  "category.inspection": m("行政检查", "Inspection"),
  "category.compulsion": m("行政强制", "Compulsion"),
  "category.other": m("其他", "Other"),
  "status.published": m("公示中", "Published"),
  "status.withdrawn": m("已撤回", "Withdrawn"),
  "status.expired": m("公示期满", "Period ended"),
  "status.historical": m("历史导入", "Historical"),
  "status.corrected": m("已更正", "Corrected"),
  "notice.title": m("{0}公示", "{0} notice"),
  "notice.decision": m("决定内容", "The decision"),
  "notice.document": m("决定书文号", "Document number"),
  "notice.party": m("当事人", "Party"),
  "notice.uscc": m("统一社会信用代码", "Unified social credit code"),
  "notice.violation": m("违法行为", "Act"),
  "notice.subject": m("事项", "Subject"),
  "notice.facts": m("认定事实", "Facts found"),
  "notice.basis": m("依据", "Legal basis"),
  "notice.kinds": m("处罚种类", "Kinds of penalty"),
  "notice.content": m("决定", "Decision"),
  "notice.fine": m("罚款", "Fine"),
  "notice.confiscated": m("没收", "Confiscated"),
  "notice.licence": m("涉及证照", "Licence concerned"),
  "notice.body": m("决定机关", "Decided by"),
  "notice.decided": m("决定日期", "Decided on"),
  "notice.published": m("首次公示", "First published"),
  "notice.lag": m("决定至公示", "Decision to publication"),
  "notice.remarks": m("备注", "Remarks"),
  "notice.category": m("类别", "Kind"),
  "notice.id": m("公示编号", "Notice number"),
  "notice.amount": m("{0} 元", "CNY {0}"),
  "notice.days": m("{0} 天", "{0} days"),
  "notice.party.kind": m("当事人类型", "Kind of party"),
  "notice.representative": m("法定代表人", "Legal representative"),
  "notice.party.natural_person": m("自然人", "Natural person"),
  "notice.party.individual_business": m("个体工商户", "Individual business"),
  "notice.party.organisation": m("法人或其他组织", "Organisation"),
  "notice.masked": m(
    "自然人的姓名公示时只保留姓氏，其余隐去（个人信息保护法第6条）；证件号码、住址和电话一律不公示。",
    "Of a natural person only the family name is published (Personal Information Protection Law, art. 6); identity numbers, addresses and telephone numbers never are."
  ),
  "notice.channels": m("公示渠道与期限", "Where it is published, and until when"),
  "notice.channel": m("渠道", "Channel"),
  "notice.channel.due": m("应于此日前公示", "Due by"),
  "notice.channel.published": m("公示日期", "Published on"),
  "notice.channel.until": m("公示至", "Shown until"),
  "notice.channel.state": m("情况", "State"),
  "notice.channel.basis": m("依据", "Basis"),
  "channel.agency_site": m("本机关网站", "The body’s own site"),
  "channel.publicity_system": m("国家企业信用信息公示系统", "National enterprise credit publicity system"),
  "channel.credit_site": m("信用网站", "Credit site"),
  "channel.state.on_time": m("按期", "On time"),
  "channel.state.late": m("逾期 {0} 天", "{0} days late"),
  "channel.state.missed": m("已逾期", "Overdue"),
  "channel.state.waiting": m("待公示", "Not yet"),
  "channel.state.exempt": m("依法不在此公示", "Not shown here by law"),
  "channel.state.expired": m("{0} 起不再展示", "No longer shown from {0}"),
  "notice.versions": m("版本与更正", "Versions and corrections"),
  "notice.version": m("第 {0} 版", "Version {0}"),
  "notice.version.now": m("（现行）", "(current)"),
  "notice.version.first": m("首次公示的版本", "As first published"),
  "notice.version.on": m("更正日期", "Corrected on"),
  "notice.version.since": m("{0} 更正", "Corrected on {0}"),
  "notice.version.reason": m("更正原因", "Reason"),
  "notice.version.old": m("查看当时的内容", "What it said"),
  "notice.version.hidden": m("内容含有应当隐去的信息，已隐去。", "It showed personal data; what it said is hidden."),
  "notice.withdrawn": m("本公示已撤回", "This notice has been withdrawn"),
  "notice.withdrawn.what": m(
    "依照行政处罚法第48条，撤回后不再展示决定的内容，只说明曾经公示、何时以及为何撤回。",
    "Under article 48 of the Administrative Penalty Law the content is no longer shown: only that it was published, and when and why it was withdrawn."
  ),
  "notice.withdrawn.on": m("撤回日期", "Withdrawn on"),
  "notice.withdrawn.due": m("应于此日前撤回", "Withdrawal was due by"),
  "notice.withdrawn.cause": m("撤回原因", "Cause"),
  "notice.withdrawn.reason": m("公开说明", "Statement"),
  "cause.changed": m("决定被变更", "The decision was changed"),
  "cause.revoked": m("决定被撤销", "The decision was revoked"),
  "cause.unlawful": m("决定被确认违法", "The decision was found unlawful"),
  "cause.void": m("决定被确认无效", "The decision was found void"),
  "cause.never_publishable": m("依法不应公示", "It should never have been published"),
  "cause.early_stop": m("依申请提前停止公示", "Stopped early on application"),
  "notice.expired": m("公示期已满", "Its publicity period has ended"),
  "notice.expired.what": m(
    "编号 {0} 的公示信息曾在此展示，公示期满后依法不再展示。记录仍在台账中，当事人可向决定机关申请查阅。",
    "Notice {0} stood here. Its lawful period has ended and it is no longer shown. The record remains in the ledger; the party may ask the body for it."
  ),
  "notice.historical": m("历史数据说明", "About this historical record"),
  "notice.historical.what": m(
    "本条是台账启用前作出的决定，由公开文件导入：按原文件照录，只通过导入规则的检查，未经过现行程序的各道关口。",
    "This decision was made before the ledger existed and was imported from a published file: it stands as that file has it, and passed the import’s own checks, not today’s procedural gates."
  ),
  "notice.historical.source": m("来源文件", "Source file"),
  "notice.historical.row": m("行号", "Row"),
  "notice.historical.sha": m("文件 SHA-256", "SHA-256 of the file"),
  "notice.historical.gates": m("通过的规则", "Rules passed"),
  "notice.historical.recorded": m("导入时间", "Imported at"),
  "notice.historical.articles": m("违反条款", "Provisions broken"),
  "notice.historical.aggravation": m("从重情节", "Aggravating"),
  "notice.historical.campaign": m("专项检查", "Campaign"),
  "notice.historical.amount": m("金额", "Amount"),
  "notice.historical.repairs": m("原文件瑕疵", "Faults of the file"),
  "repair.exchanged": m("单元格错位，已归位：{0}", "cells found in each other’s column and put back: {0}"),
  "repair.damaged": m("字符在原文件中已丢失：{0}", "characters lost in the file: {0}"),
  "notice.reconsideration": m("行政复议结果", "Reconsideration"),
  "notice.reconsideration.outcome": m("结果", "Outcome"),
  "notice.reconsideration.authority": m("复议机关", "Decided by"),
  "outcome.dismissed": m("驳回", "Dismissed"),
  "outcome.not_accepted": m("不予受理", "Not accepted"),
  "outcome.upheld": m("维持", "Upheld"),
  "outcome.revoked": m("撤销", "Revoked"),
  "outcome.changed": m("变更", "Changed"),
  "outcome.withdrawn": m("撤回申请", "Application withdrawn"),
  "notice.next": m("对本决定有意见", "If you disagree"),
  "notice.next.remedy": m("当事人如何申请复议、提起诉讼", "How a party applies for reconsideration or sues"),
  "notice.next.complain": m("向监督机关投诉举报", "Complain to the supervisor"),
  "notice.next.more": m("该机关的其他公示", "Other notices of this body"),
  "notice.next.json": m("本条的机器可读数据", "This notice as data"),
  "kind.suspension": m("停业", "suspension"),
  "kind.revocation": m("吊销", "revocation")
};

// src/portal/verifier/shown-fields.ts
function shownFields(notice) {
  const fields2 = /* @__PURE__ */ new Map();
  const show = (mark, label2, value) => {
    if (value === void 0 || value === "") return;
    fields2.set(mark, { label: label2, text: typeof value === "object" ? value : m(String(value), String(value)) });
  };
  if (notice.status === "withdrawn") withdrawn(show, notice);
  else published(show, notice);
  return fields2;
}
function published(show, notice) {
  const { text, historical } = notice;
  show("documentNumber", label("notice.document"), notice.documentNumber);
  if (text) decision(show, notice, text);
  if (historical) show("bodyName", label("notice.body"), notice.bodyName);
  show("decidedOn", label("notice.decided"), notice.decidedOn);
  show("publishedOn", label("notice.published"), notice.publishedOn);
  show("lagDays", label("notice.lag"), notice.lagDays !== void 0 ? days(notice.lagDays) : void 0);
  show("remarks", label("notice.remarks"), text?.remarks);
  show("id", label("notice.id"), notice.id);
  if (historical) imported(show, historical, notice.recordedAt);
  for (const channel of notice.channels ?? []) onChannel(show, channel);
  for (const version of text && notice.superseded?.length ? [text, ...notice.superseded] : []) {
    wasSaid(show, version, version === text);
  }
}
function withdrawn(show, { id, withdrawal }) {
  show("withdrawal.withdrawnOn", label("notice.withdrawn.on"), withdrawal?.withdrawnOn);
  show("withdrawal.dueOn", label("notice.withdrawn.due"), withdrawal?.dueOn);
  show("withdrawal.cause", label("notice.withdrawn.cause"), withdrawal && word("cause", withdrawal.cause));
  show("withdrawal.reason", label("notice.withdrawn.reason"), withdrawal?.reason);
  show("id", label("notice.id"), id);
}
function decision(show, notice, text) {
  const { category, partyKind, partyUscc, fineYuan, confiscatedYuan, licence } = notice;
  show("category", label("notice.category"), category && word("category", category));
  show("partyPublicName", label("notice.party"), text.partyPublicName);
  show("partyKind", label("notice.party.kind"), partyKind && word("notice.party", partyKind));
  show("partyUscc", label("notice.uscc"), partyUscc);
  for (const [name, title, value] of wording(category === "penalty", text)) show(name, title, value);
  show("fineYuan", label("notice.fine"), fineYuan !== void 0 ? yuan(fineYuan) : void 0);
  show(
    "confiscatedYuan",
    label("notice.confiscated"),
    confiscatedYuan !== void 0 ? yuan(confiscatedYuan) : void 0
  );
  show("licence", label("notice.licence"), licence);
}
function wording(penalty, text) {
  return [
    ["violation", label(penalty ? "notice.violation" : "notice.subject"), text.violation],
    ["facts", label("notice.facts"), text.facts === text.violation ? void 0 : text.facts],
    ["basis", label("notice.basis"), text.basis],
    ["penaltyKinds", label("notice.kinds"), text.penaltyKinds?.length ? listed(text.penaltyKinds.map(kindName)) : ""],
    ["content", label("notice.content"), text.content]
  ];
}
function wasSaid(show, version, current) {
  if (version.hidden) return;
  const of = (title) => fillBoth(m("{0} · {1}", "{0}: {1}"), fillBoth(noticeMessages["notice.version"], version.version), title);
  const mark = (name) => `versions.${version.version}.${name}`;
  show(mark("since"), of(label("notice.version.on")), version.since);
  show(mark("reason"), of(label("notice.version.reason")), version.reason);
  if (current) return;
  show(mark("partyPublicName"), of(label("notice.party")), version.partyPublicName);
  for (const [name, title, value] of wording(true, version)) show(mark(name), of(title), value);
  show(mark("remarks"), of(label("notice.remarks")), version.remarks);
}
function onChannel(show, row) {
  const of = (title) => fillBoth(m("{0} · {1}", "{0}: {1}"), word("channel", row.channel), title);
  const mark = (name) => `channels.${row.channel}.${name}`;
  show(mark("dueOn"), of(label("notice.channel.due")), row.dueOn);
  show(mark("publishedOn"), of(label("notice.channel.published")), row.publishedOn);
  show(mark("publicUntil"), of(label("notice.channel.until")), row.publicUntil);
  const recorded2 = row.publishedOn || !row.required;
  show(mark("state"), of(label("notice.channel.state")), recorded2 ? channelState(row).text : void 0);
  show(mark("basis"), of(label("notice.channel.basis")), row.basis);
}
function channelState(of) {
  const say2 = (kind2, key, value = "") => ({
    kind: kind2,
    text: fillBoth(noticeMessages[key], value)
  });
  if (!of.required && !of.publishedOn) return say2("plain", "channel.state.exempt");
  if (of.expiredOn) return say2("plain", "channel.state.expired", of.expiredOn);
  if (of.daysLate) return say2("warn", "channel.state.late", of.daysLate);
  if (of.publishedOn) return say2("good", "channel.state.on_time");
  return of.missed ? say2("warn", "channel.state.missed") : say2("plain", "channel.state.waiting");
}
function imported(show, h, recordedAt) {
  const { outcome } = h;
  const articles = (h.articles ?? []).map(({ text, violation }) => violation ? `${text}：${violation}` : text);
  const sum = h.amount !== void 0 ? `${h.currency ?? ""} ${amount(h.amount)}`.trim() : void 0;
  show("historical.sourceName", label("notice.historical.source"), h.sourceName);
  show("historical.row", label("notice.historical.row"), h.row || void 0);
  show("historical.fileSha256", label("notice.historical.sha"), h.fileSha256);
  show("historical.gates", label("notice.historical.gates"), h.gates);
  show("historical.recordedAt", label("notice.historical.recorded"), recordedAt && inChina(recordedAt));
  show("historical.articles", label("notice.historical.articles"), articles.join("\n"));
  show("historical.aggravation", label("notice.historical.aggravation"), h.aggravation?.join("；"));
  show("historical.campaign", label("notice.historical.campaign"), h.campaign);
  show("historical.amount", label("notice.historical.amount"), sum);
  show(
    "historical.repairs",
    label("notice.historical.repairs"),
    h.repairs?.length ? inLines2(h.repairs.map(repair)) : ""
  );
  if (!outcome) return;
  show("outcome.outcome", label("notice.reconsideration.outcome"), word("outcome", outcome.outcome));
  show("outcome.authority", label("notice.reconsideration.authority"), outcome.authority);
  show("outcome.documentNumber", label("notice.document"), outcome.documentNumber);
  show("outcome.decidedOn", label("notice.decided"), outcome.decidedOn);
  show("outcome.text", label("notice.remarks"), outcome.text);
}
var label = (key) => noticeMessages[key];
function word(group2, code) {
  const known = noticeMessages[`${group2}.${code}`];
  return known ?? m(code, code);
}
function kindName(id) {
  return penaltyKind(id) ?? word("kind", id);
}
var AMOUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
var amount = (value) => AMOUNT.format(value);
var yuan = (value) => fillBoth(noticeMessages["notice.amount"], amount(value));
var days = (count) => fillBoth(noticeMessages["notice.days"], count);
var listed = (texts) => m(texts.map(({ zh }) => zh).join("、"), texts.map(({ en }) => en).join(", "));
var inLines2 = (texts) => m(texts.map(({ zh }) => zh).join("\n"), texts.map(({ en }) => en).join("\n"));
var CLOCK_IN_CHINA = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  ...{ year: "numeric", month: "2-digit", day: "2-digit" },
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" }
});
var inChina = (instant2) => `${CLOCK_IN_CHINA.format(new Date(instant2))} UTC+8`;
var FILE_FIELDS = {
  partyName: "notice.party",
  representative: "notice.representative",
  documentNumber: "notice.document",
  decidedOn: "notice.decided",
  publishedOn: "notice.published",
  articles: "notice.historical.articles",
  violation: "notice.violation",
  remarks: "notice.remarks"
};
function repair(code) {
  const [kind2, fields2 = ""] = code.split(":", 2);
  if (kind2 !== "exchanged" && kind2 !== "damaged") return m(code, code);
  const named2 = fields2.split(",").map((field) => FILE_FIELDS[field] ? label(FILE_FIELDS[field]) : m(field, field));
  const inOne2 = (lang) => named2.map((name) => name[lang]).join(", ");
  return fillBoth(noticeMessages[`repair.${kind2}`], m(inOne2("zh"), inOne2("en")));
}

// src/kernel/canonical-json.ts
function canonicalJson(value) {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("not a JSON number");
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return canonicalJson(value.toJSON());
  const members = Object.entries(value).filter(([, member]) => member !== void 0).sort(([a], [b]) => a < b ? -1 : 1).map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

// src/verification/disclosure.ts
var MAX_DIGESTS = 1024;
var SHA256_BYTES = 32;
var RESERVED_PATHS = ["_sd", "..."];
var HALF_CHARACTER = /\p{Cs}/u;
var PATH = /^[^\p{Cc}\p{Cf}\p{Cs}]{1,256}$/u;
function decodeDisclosure(encoded) {
  const parts = disclosedParts(encoded);
  const [salt, path, value] = parts ?? [];
  const isWellFormed = parts?.length === 3 && typeof salt === "string" && typeof path === "string";
  if (!isWellFormed || !PATH.test(path) || RESERVED_PATHS.includes(path)) throw malformed4();
  return { salt, path, value };
}
async function disclosureDigest(encoded) {
  return toBase64Url(await sha256(utf8(encoded)));
}
function entryOf(sortedDigests) {
  return sha256(utf8(canonicalJson({ _sd: sortedDigests, _sd_alg: "sha-256" })));
}
function decodeDisclosed(extra) {
  const read = parsed(extra);
  if (typeof read !== "object" || read === null || Object.keys(read).sort().join() !== "_sd,_sd_alg,disclosures") {
    throw malformed4();
  }
  const { _sd, _sd_alg, disclosures } = read;
  if (_sd_alg !== "sha-256" || !isTexts(_sd) || !isTexts(disclosures) || disclosures.length > _sd.length)
    throw malformed4();
  if (!_sd.every(isDigest) || !_sd.every((digest, at) => at === 0 || _sd[at - 1] < digest)) throw malformed4();
  return { _sd, _sd_alg, disclosures };
}
function isTexts(value) {
  return Array.isArray(value) && value.length <= MAX_DIGESTS && value.every((each) => typeof each === "string");
}
function isDigest(text) {
  try {
    return fromBase64Url(text).length === SHA256_BYTES;
  } catch {
    return false;
  }
}
function disclosedParts(encoded) {
  try {
    const parts = JSON.parse(decodeUtf8(fromBase64Url(encoded)), wellFormed);
    return Array.isArray(parts) && toBase64Url(utf8(canonicalJson(parts))) === encoded ? parts : void 0;
  } catch {
    return void 0;
  }
}
function wellFormed(name, value) {
  if (HALF_CHARACTER.test(name) || typeof value === "string" && HALF_CHARACTER.test(value)) throw malformed4();
  return value;
}
function parsed(bytes) {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    return void 0;
  }
}
function decodeUtf8(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
var malformed4 = () => malformedProof("公开内容的部分无法读取", "the part that discloses cannot be read");

// src/verification/verify-proof.ts
var CLOCK_TOLERANCE_S = 300;
var FAR_APART_S = 86400;
async function verifyProof(proofText, policy, now) {
  const { file, position, disclosed, withheld } = await openProof(proofText);
  const verified2 = await verifyCheckpoint(file.checkpoint, policy);
  if (!verified2.met) throw quorumNotMet(verified2, policy);
  const told = report(position, disclosed, withheld, verified2, policy);
  return { ...told, warnings: [...told.warnings, ...warningsOfTimes(verified2.cosigners, now)] };
}
async function openProof(proofText) {
  const file = parseProofFile(proofText);
  const extra = disclosedOf(file);
  const disclosed = await openDisclosures(extra);
  const position = positionOf(file, disclosed);
  const entry = await entryOf(extra._sd);
  await checkInclusion(file, entry);
  return { file, entry, position, disclosed, withheld: extra._sd.length - disclosed.size };
}
async function verifyCheckpoint(noteText, policy) {
  const note2 = parseNote(noteText);
  const checkpoint2 = parseCheckpoint(note2.text);
  const logs = policy.logs.map(({ key }) => key);
  const signatures = await verifyNote(note2, [...logs, ...policy.witnesses.map(({ key }) => key)]);
  const byLogs = signatures.map(({ key }) => key).filter((key) => logs.includes(key));
  if (byLogs.length === 0) throw unsigned(checkpoint2);
  const log2 = byLogs.find(({ name }) => name === checkpoint2.origin);
  if (!log2) throw originMismatch(checkpoint2, byLogs[0]);
  const cosigners = cosignersOf(signatures, policy);
  return { checkpoint: checkpoint2, log: log2, cosigners, met: quorumMet(policy, new Set(cosigners.map(({ name }) => name))) };
}
function cosignersOf(signatures, policy) {
  return policy.witnesses.flatMap(({ name, key }) => {
    const time = signatures.find((signature) => signature.key === key)?.time;
    return time === void 0 ? [] : [{ name, key, time }];
  });
}
function disclosedOf({ extra }) {
  if (extra) return decodeDisclosed(extra);
  throw new Failure("invalid", "proof.entry_missing", {
    zh: "证明文件没有 extra 行，无从得知它证明的是哪条记录。",
    en: "The proof file has no extra line, so there is no telling which record it proves."
  });
}
async function openDisclosures({ _sd, disclosures }) {
  const digests = new Set(_sd);
  const opened = /* @__PURE__ */ new Map();
  for (const encoded of disclosures) {
    const { path, value } = decodeDisclosure(encoded);
    if (!digests.has(await disclosureDigest(encoded)) || opened.has(path)) {
      throw new Failure("invalid", "proof.disclosure_forged", {
        zh: `字段“${path}”不属于该记录：内容被改动、伪造或重复。`,
        en: `The field “${path}” is not of this record: it was changed, forged or given twice.`,
        field: path
      });
    }
    opened.set(path, value);
  }
  return opened;
}
function positionOf({ index }, disclosed) {
  const position = index + 1;
  if (!disclosed.has("position") || disclosed.get("position") === position) return position;
  throw new Failure("invalid", "proof.position_mismatch", {
    zh: "记录自称的序号与它在日志中的位置不符。",
    en: "The record says another position than the one it has in the log.",
    field: "position"
  });
}
async function checkInclusion({ index, hashes, checkpoint: checkpoint2 }, entry) {
  const { size, root } = parseCheckpoint(parseNote(checkpoint2).text);
  const claim = { leafHash: await leafHash(entry), index: BigInt(index), size: BigInt(size), proof: hashes, root };
  try {
    await verifyInclusion(claim);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "invalid") throw error;
    throw new Failure("invalid", "proof.inclusion_failed", {
      zh: "该记录不在检查点所载的日志之中：记录、路径或检查点被改动。",
      en: "The record is not in the log of this checkpoint: record, path or checkpoint was changed."
    });
  }
}
function unsigned({ origin }) {
  return new Failure("invalid", "proof.checkpoint_unsigned", {
    zh: `检查点（${origin}）没有信任策略所列日志的签名。`,
    en: `The checkpoint (${origin}) is not signed by a log of the trust policy.`
  });
}
function originMismatch({ origin }, { name }) {
  return new Failure("invalid", "proof.origin_mismatch", {
    zh: `检查点自称属于日志“${origin}”，签名的却是“${name}”。`,
    en: `The checkpoint says that it is of the log “${origin}”, but “${name}” has signed it.`
  });
}
function quorumNotMet({ cosigners }, { quorum: quorum2, witnesses }) {
  const names = cosigners.map(({ name }) => name).join("、");
  return new Failure("invalid", "proof.quorum_not_met", {
    zh: `见证不足：信任策略要求“${quorum2}”，${witnesses.length} 个见证人中有 ${cosigners.length} 个见证${names && `（${names}）`}。`,
    en: `Not enough witnesses: the trust policy requires “${quorum2}”, ${cosigners.length} of ${witnesses.length} witnesses have cosigned${names && ` (${names})`}.`
  });
}
function report(position, disclosed, withheld, { checkpoint: checkpoint2, log: log2, cosigners }, policy) {
  const { origin, size } = checkpoint2;
  const root = toBase64(checkpoint2.root);
  return {
    steps: [
      {
        step: "disclosures",
        zh: `公开的 ${disclosed.size} 个字段逐一重新计算了摘要，都属于该记录；另有 ${withheld} 项只见摘要，未公开内容。`,
        en: `The digests of the ${disclosed.size} disclosed fields were computed again, and all belong to the record; ${withheld} further items are committed to but not disclosed.`
      },
      {
        step: "entry",
        zh: `由全部摘要重新计算了日志条目，即台账第 ${position} 条事件。`,
        en: `The log entry, event ${position} of the ledger, was computed again from all digests.`
      },
      {
        step: "inclusion",
        zh: `条目沿证明路径计算到根 ${root}，与检查点所载一致：它在日志“${origin}”的 ${size} 条之中。`,
        en: `The path from the entry leads to the root ${root} of the checkpoint: it is one of the ${size} entries of the log “${origin}”.`
      },
      {
        step: "signature",
        zh: `检查点由日志“${log2.name}”签名，签名成立。`,
        en: `The checkpoint is signed by the log “${log2.name}”, and the signature holds.`
      },
      ...cosigners.map(({ name, time }) => ({
        step: "cosignatures",
        zh: `见证人“${name}”于 ${instant(time)} 见证了同一检查点，签名成立。`,
        en: `The witness “${name}” cosigned the same checkpoint at ${instant(time)}, and the signature holds.`
      }))
    ],
    warnings: warningsOf(disclosed, policy),
    position,
    disclosed: Object.fromEntries(disclosed),
    withheld,
    checkpoint: { origin, size, root },
    log: formatVerifierKey(log2),
    cosigners: cosigners.map(({ name, key, time }) => ({ name, key: formatVerifierKey(key), time }))
  };
}
function warningsOf(disclosed, { quorum: quorum2 }) {
  return [
    ...quorum2 === NO_QUORUM ? [
      {
        warning: "no_witnesses",
        zh: "信任策略不要求见证人：只能证明日志这样签过名，不能排除它给别人看的是另一本账。",
        en: "The trust policy asks for no witness: this shows what the log has signed, not that it shows everyone the same."
      }
    ] : [],
    ...disclosed.size === 0 ? [
      {
        warning: "nothing_disclosed",
        zh: "证明没有公开任何字段：只知道日志有这一条，不知道内容。",
        en: "The proof discloses no field: there is such an entry, but not what it says."
      }
    ] : []
  ];
}
function warningsOfTimes(cosigners, now = Infinity) {
  const early = cosigners.filter(({ time }) => time > now + CLOCK_TOLERANCE_S).map(({ name }) => name);
  const times = cosigners.map(({ time }) => time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return [
    ...early.length > 0 ? [
      {
        warning: "cosigned_in_future",
        zh: `见证时间晚于本机时钟（${early.join("、")}）：见证人或本机的时钟不准，其见证时间不能作为依据。`,
        en: `Cosigned later than it is by this computer’s clock (${early.join(", ")}): its clock or the witness’s is wrong, and the time of that cosignature shows nothing.`
      }
    ] : [],
    ...last - first > FAR_APART_S ? [
      {
        warning: "cosigned_far_apart",
        zh: `各见证人的见证时间相差一天以上（${instant(first)} 至 ${instant(last)}）：有的时钟不准，或有的见证很晚才作出。`,
        en: `The witnesses’ times are over a day apart (${instant(first)} to ${instant(last)}): a clock is wrong, or one cosigned late.`
      }
    ] : []
  ];
}
function instant(time) {
  return new Date(time * 1e3).toISOString().replace(".000", "");
}

// src/portal/verifier/recorded-notice.ts
var folds = {
  NoticeDrafted: (notice, { data, recordedAt }) => {
    const d = data;
    const { category, documentNumber, decidedOn, partyKind, partyUscc, fineYuan, confiscatedYuan, licence, bodyId } = d;
    return {
      ...notice,
      ...{ category, documentNumber, decidedOn, partyKind, partyUscc, fineYuan, confiscatedYuan, licence, bodyId },
      recordedAt,
      text: { version: 1, ...wordsOf(d) },
      superseded: [],
      channels: (d.channels ?? []).map(({ channel, required, basis, dueOn }) => ({ channel, required, basis, dueOn }))
    };
  },
  NoticeDraftRevised: (notice, { data }) => ({ ...notice, text: { ...notice.text, ...wordsOf(data) } }),
  NoticePublished: (notice, { data }) => {
    const { channel, publishedOn, publicUntil, url } = data;
    const first = !notice.publishedOn && publishedOn;
    return {
      ...onChannel2(notice, channel, { publishedOn, publicUntil, url }),
      status: "published",
      ...first && { publishedOn, lagDays: daysBetween(notice.decidedOn, publishedOn) }
    };
  },
  NoticePublishedLate: (notice, { data }) => {
    const { channel, daysLate } = data;
    return onChannel2(notice, channel, { daysLate });
  },
  NoticeCorrected: (notice, { data }) => {
    const { version, reasonKind, reason, correctedOn } = data;
    const { text, superseded = [] } = notice;
    const before = text ? [text, ...superseded] : superseded;
    return {
      ...notice,
      superseded: reasonKind === "personal_data" ? before.map((v) => ({ ...v, hidden: true })) : before,
      text: { ...text, ...wordsOf(data), version, since: correctedOn, reason }
    };
  },
  NoticeWithdrawalRequired: (notice, { data }) => {
    const { cause = "", since, dueOn } = data;
    return { ...notice, withdrawal: { cause, requiredSince: since, dueOn } };
  },
  // What else was said of it is public no longer (行政处罚法 48 II).
  NoticeWithdrawn: ({ id, documentNumber, decidedOn, bodyId, withdrawal }, { data }) => {
    const { cause = "", withdrawnOn, reason } = data;
    const which = { id, documentNumber, decidedOn, bodyId };
    return { ...which, status: "withdrawn", withdrawal: { ...withdrawal, cause, withdrawnOn, reason } };
  },
  NoticeExpired: (notice, { data }) => {
    const { channel, expiredOn } = data;
    return onChannel2(notice, channel, { expiredOn });
  },
  ClockMissed: (notice, { data }) => {
    const { item } = data;
    return onChannel2(notice, item, { missed: true });
  },
  HistoricalPenaltyImported: (_, { data, source, recordedAt, stream }) => {
    const d = data;
    const { documentNumber, decidedOn, publishedOn, partyKind, bodyName, jurisdiction } = d;
    const { articles = [], aggravation = [], campaign, amount: amount2, currency, repairs = [], gates = "", violation } = d;
    return {
      ...{ id: stream, category: "penalty", status: "published", documentNumber, decidedOn, publishedOn, partyKind },
      bodyName: bodyName || jurisdiction,
      recordedAt,
      lagDays: daysBetween(decidedOn, publishedOn),
      text: {
        ...{ version: 1, partyPublicName: d.partyPublicName, violation, facts: violation },
        basis: articles.map(({ text }) => text).join("；"),
        penaltyKinds: d.kind && d.kind !== "unspecified" ? [d.kind] : []
      },
      historical: {
        ...{ sourceName: source?.name, fileSha256: source?.fileSha256, row: source?.row },
        ...{ articles, aggravation, campaign, amount: amount2, currency, repairs, gates }
      }
    };
  },
  HistoricalOutcomeRecorded: ({ historical, ...notice }, { data }) => ({
    ...notice,
    historical: { ...historical, outcome: data }
  })
};
function recordedNotice(events2) {
  const [first] = events2;
  return events2.reduce((notice, event) => folds[event.type]?.(notice, event) ?? notice, {
    id: first?.stream.replace(/^notice-/, "")
  });
}
var WORDS = ["partyPublicName", "violation", "facts", "basis", "penaltyKinds", "content", "remarks"];
function wordsOf(d) {
  const of = d;
  return Object.fromEntries(WORDS.filter((name) => of[name] !== void 0).map((name) => [name, of[name]]));
}
function onChannel2(notice, name, fields2) {
  const channels = notice.channels?.map((row) => row.channel === name ? { ...row, ...fields2 } : row);
  return { ...notice, ...channels && { channels } };
}
function daysBetween(from, to) {
  return from && to ? Math.round((Date.parse(to) - Date.parse(from)) / 864e5) : void 0;
}

// src/portal/verifier/verify-notice.ts
async function verifyNotice(offered2, policy, id) {
  const events2 = [];
  for (const each of offered2) events2.push(await verifyOne(each, policy));
  const reports = events2.flatMap(({ report: report2 }) => report2 ?? []);
  const disclosed = reports.map(disclosedEvent).sort((a, b) => a.revision - b.revision);
  const notice = recordedNotice(disclosed);
  return {
    events: events2,
    faults: faultsOf(disclosed, offered2.length, id === void 0 ? void 0 : { id, told: notice.id }),
    notice,
    fields: shownFields(notice),
    disclosed: reports.reduce((sum, report2) => sum + Object.keys(report2.disclosed).length, 0),
    withheld: reports.reduce((sum, { withheld }) => sum + withheld, 0),
    unseen: unseenAmong(disclosed)
  };
}
var holds = ({ events: events2, faults }) => faults.length === 0 && events2.every(({ failure }) => failure === void 0);
async function verifyOne(offered2, policy) {
  if (offered2.contradicted) return { offered: offered2, failure: offered2.contradicted };
  try {
    return { offered: offered2, report: await verifyProof(offered2.proof, policy, Math.floor(Date.now() / 1e3)) };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "unavailable") throw error;
    return { offered: offered2, failure: error.detail };
  }
}
function faultsOf(events2, offered2, of) {
  const faults = [];
  if (offered2 === 0) faults.push(verifyMessages["verify.fault.none"]);
  if (new Set(events2.map(({ stream }) => stream)).size > 1) faults.push(verifyMessages["verify.fault.streams"]);
  else if (of?.told && of.told !== of.id) faults.push(fillBoth(verifyMessages["verify.fault.other"], of.told, of.id));
  if (new Set(events2.map(({ revision }) => revision)).size < events2.length) {
    faults.push(verifyMessages["verify.fault.twice"]);
  }
  return faults;
}
function unseenAmong(events2) {
  const [first, last] = [events2[0], events2[events2.length - 1]];
  return first && last ? Math.max(0, last.revision - first.revision + 1 - events2.length) : 0;
}
function disclosedEvent({ disclosed }) {
  const data = Object.fromEntries(
    Object.entries(disclosed).flatMap(([path, value]) => path.startsWith("data.") ? [[path.slice(5), value]] : [])
  );
  const of = disclosed;
  return {
    type: String(of.type ?? ""),
    stream: String(of.stream ?? ""),
    revision: Number(of.revision ?? 0),
    recordedAt: disclosed["metadata.recordedAt"],
    source: disclosed["metadata.source"],
    data
  };
}

// src/portal/verifier/outcome.ts
async function outcomeView(outcome, page, trust) {
  const isVerified = holds(outcome) && (page?.differences.length ?? 0) === 0;
  const report2 = newest(outcome.events);
  return {
    verdict: isVerified ? verdict("good", ...verifiedWords(outcome, page)) : verdict("bad", ...refutedWords(outcome, page)),
    report: [
      ...page && page.differences.length > 0 ? [differences(page)] : [],
      ...isVerified ? [checks(outcome, page, trust)] : [],
      events(outcome.events),
      recorded(outcome),
      ...report2 ? [await checkpoint(report2)] : []
    ]
  };
}
function verdict(kind2, title, ...details) {
  return element(
    "div",
    { class: `verdict ${kind2}` },
    element("span", { class: "sign", "aria-hidden": "true" }),
    element("div", {}, element("strong", {}, title), ...details.map((text) => element("p", {}, text)))
  );
}
function verifiedWords({ events: events2 }, page) {
  const { checkpoint: checkpoint2, cosigners = [] } = newest(events2) ?? {};
  const { origin = "", size = 0 } = checkpoint2 ?? {};
  return [
    page ? say("verify.ok", page.same) : say("verify.ok.proofs", events2.length),
    say(
      cosigners.length > 0 ? "verify.ok.witnessed" : "verify.ok.unwitnessed",
      ...[events2.length, origin, size.toLocaleString("en-US"), cosigners.length]
    )
  ];
}
function refutedWords({ events: events2, faults }, page) {
  const bad = events2.filter(({ failure }) => failure);
  const differing = page?.differences.length ?? 0;
  const reasons = [
    bad.length > 0 && say("verify.bad.events", bad.length),
    faults.length > 0 && say("verify.bad.faults"),
    differing > 0 && say("verify.bad.page", differing)
  ].filter((reason) => reason !== false);
  return [
    `${say("verify.bad")}${inPageLanguage({ zh: "：", en: ": " })}${reasons.join(inPageLanguage({ zh: "；", en: "; " }))}`,
    ...bad.map(named),
    ...faults.map(inPageLanguage),
    differing > 0 ? say("verify.bad.partly") : say("verify.bad.what")
  ];
}
function named({ offered: { position, title }, failure = title }) {
  return position === void 0 ? say("verify.event.file", title, failure) : say("verify.event.named", position, title, failure);
}
function differences({ differences: differences2 }) {
  return element(
    "section",
    { class: "differences" },
    element("h3", {}, say("verify.differences")),
    table(
      say("verify.differences"),
      [say("verify.difference.item"), say("verify.difference.shown"), say("verify.difference.recorded")],
      differences2.map(({ label: label2, shown, recorded: recorded2 }) => [
        label2,
        shown === void 0 ? note(say("verify.difference.absent")) : element("del", {}, shown),
        recorded2 === void 0 ? note(say("verify.difference.unrecorded")) : element("ins", {}, recorded2)
      ])
    )
  );
}
var note = (text) => element("span", { class: "none" }, text);
function checks(outcome, page, trust) {
  const { events: events2, disclosed, withheld, unseen } = outcome;
  const report2 = newest(events2);
  const list = element("ul", { class: "checks" });
  const done = (...texts) => list.append(...texts.map((text) => element("li", { class: "done" }, text)));
  const known = (...texts) => list.append(...texts.map((text) => element("li", { class: "known" }, text)));
  done(say("verify.check.content", disclosed, events2.length, withheld), say("verify.check.place"));
  if (report2) done(say("verify.check.signature", report2.checkpoint.origin));
  for (const { name, time } of report2?.cosigners ?? []) done(say("verify.check.witness", name, atSecond(time)));
  if (page) done(say("verify.check.page", page.same));
  known(...(report2?.warnings ?? []).map(inPageLanguage), say(`verify.check.${trust}`));
  if (page && page.uncovered.length > 0) known(say("verify.check.uncovered", listed2(page.uncovered)));
  if (unseen > 0) known(say("verify.check.unseen", unseen));
  return list;
}
function events(outcomes) {
  const rows = outcomes.map(({ offered: offered2, report: report2, failure }) => [
    String(report2?.position ?? offered2.position ?? "—"),
    inPageLanguage(offered2.title),
    enteredAt(report2),
    report2 ? `${Object.keys(report2.disclosed).length} / ${report2.withheld}` : "—",
    element(
      "span",
      { class: `chip ${failure ? "warn" : "good"}` },
      say(failure ? "verify.event.bad" : "verify.event.ok")
    )
  ]);
  const titles = ["position", "title", "at", "fields", "result"].map((name) => say(`verify.event.${name}`));
  const fold = folded(say("verify.events"), table(say("verify.events"), titles, rows));
  fold.toggleAttribute(
    "open",
    outcomes.some(({ failure }) => failure)
  );
  return fold;
}
function enteredAt(report2) {
  const at = report2?.disclosed["metadata.recordedAt"];
  return typeof at === "string" ? inChina(at) : "—";
}
function recorded({ fields: shown, events: events2 }) {
  const rows = [...shown.values()].map(({ label: label2, text }) => [inPageLanguage(label2), inPageLanguage(text)]);
  const raw = events2.flatMap(({ report: report2 }) => Object.entries(report2?.disclosed ?? {}));
  return folded(
    say("verify.recorded"),
    fields(rows.length > 0 ? rows : raw.map(([path, value]) => [path, asText(value)]))
  );
}
var asText = (value) => typeof value === "string" ? value : JSON.stringify(value);
async function checkpoint({ checkpoint: checkpoint2, log: log2, cosigners }) {
  const key = async (line) => {
    const { id, sha256: sha2562 } = await fingerprintOf(line);
    return element("code", {}, say("verify.checkpoint.fingerprint", id, sha2562));
  };
  const times = cosigners.map(({ name, time }) => `${name}: ${atSecond(time)}`);
  return folded(
    say("verify.checkpoint"),
    fields([
      [say("verify.checkpoint.origin"), element("code", {}, checkpoint2.origin)],
      [say("verify.checkpoint.size"), say("verify.checkpoint.entries", checkpoint2.size.toLocaleString("en-US"))],
      [say("verify.checkpoint.root"), element("code", { class: "long" }, checkpoint2.root)],
      [say("verify.checkpoint.witnessed"), times.join("\n") || say("verify.checkpoint.unwitnessed")],
      [say("verify.checkpoint.key"), await key(log2)],
      ...await Promise.all(
        cosigners.map(async (c) => [say("verify.checkpoint.witness", c.name), await key(c.key)])
      ),
      [say("verify.when"), inChina((/* @__PURE__ */ new Date()).toISOString())]
    ])
  );
}
var newest = (events2) => events2.flatMap(({ report: report2 }) => report2 ?? []).reduce((a, b) => a && a.checkpoint.size >= b.checkpoint.size ? a : b, void 0);
var atSecond = (unixSeconds) => inChina(new Date(unixSeconds * 1e3).toISOString());
var listed2 = (texts) => texts.join(inPageLanguage({ zh: "、", en: ", " }));

// src/portal/verifier/own-policy.ts
var VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+(\S+)$/;
var COSIGNATURE_KEY = /^B[A-P]/;
function ownPolicy(pasted) {
  const text = `${pasted.replace(/\r\n?/g, "\n").trim()}
`;
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  if (!lines.every((line) => VERIFIER_KEY.test(line))) return text;
  const isWitness = (line) => COSIGNATURE_KEY.test(VERIFIER_KEY.exec(line)?.[1] ?? "");
  const witnesses = lines.filter(isWitness).map((key, i) => ({ name: nameOf(key, i), key }));
  return [
    ...lines.filter((line) => !isWitness(line)).map((key) => `log ${key}`),
    ...witnesses.map(({ name, key }) => `witness ${name} ${key}`),
    ...witnesses.length > 0 ? [`group all-of-them all ${witnesses.map(({ name }) => name).join(" ")}`] : [],
    `quorum ${witnesses.length > 0 ? "all-of-them" : "none"}`,
    ""
  ].join("\n");
}
var nameOf = (key, i) => `${key.slice(0, key.indexOf("+"))}#${i + 1}`;

// src/portal/verifier/panel.ts
function startPanel(panel) {
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const [button, keys] = [part("start"), part("keys")];
  const [told, report2] = [part("verdict"), part("report")];
  const own = keys?.querySelector("textarea");
  if (!button || !told || !report2) return;
  const show = (view) => {
    told.replaceChildren(view.verdict);
    report2.replaceChildren(...view.report);
  };
  let running = false;
  const run = async (pasted2) => {
    if (running) return;
    running = true;
    panel.dataset.state = "checking";
    show({ verdict: element("p", { class: "checking" }, say("verify.checking")), report: [] });
    show(await verified(panel, pasted2));
    panel.dataset.state = "done";
    button.textContent = say("verify.again");
    running = false;
  };
  const pasted = () => own?.value.trim() && own.value;
  button.addEventListener("click", () => void run(pasted() || void 0));
  keys?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (pasted()) void run(pasted());
    else show({ verdict: verdict("unable", say("verify.keys.empty")), report: [] });
  });
  part("script")?.remove();
  for (const hidden of panel.querySelectorAll("[hidden]")) hidden.removeAttribute("hidden");
}
async function verified(panel, pasted) {
  try {
    const own = pasted === void 0 ? void 0 : await parsePolicy(ownPolicy(pasted));
    const { trust, page, ...offer } = await offered(panel);
    const outcome = await verifyNotice(offer.proofs, own ?? await policyIn(offer), panel.dataset.notice);
    const comparison = page && holds(outcome) ? comparePage(page.article, outcome.fields, outcome.notice, page.lang) : void 0;
    return await outcomeView(outcome, comparison, own ? "own" : trust);
  } catch (error) {
    return { verdict: failureVerdict(error), report: [] };
  }
}
async function policyIn({ policy }) {
  try {
    return await parsePolicy(policy);
  } catch (error) {
    throw error instanceof Failure && error.kind === "invalid" ? new Unreadable2(error.detail) : error;
  }
}
async function offered(panel) {
  const { proofs = "", policy = "" } = panel.dataset;
  if (proofs === "file") {
    const [file] = panel.querySelector('[type="file"]')?.files ?? [];
    if (!file) throw new NothingChosen();
    return { ...await fileOffer(file), policy: await fetched(policy), trust: "served" };
  }
  const article = panel.closest("article");
  const page = article ? { article, lang: languageOf(document) } : void 0;
  return proofs.startsWith("#") ? { ...carriedOffer(document.querySelector(proofs)), trust: "carried", page } : { ...await servedOffer(proofs, policy), trust: "served", page };
}
var NothingChosen = class extends Error {
};
function failureVerdict(error) {
  if (error instanceof Unreadable2) {
    return verdict("bad", say("verify.bad"), inPageLanguage(error.why), say("verify.bad.what"));
  }
  const because = (why, todo) => verdict("unable", say("verify.unable"), `${why}${say("verify.unable.not_wrong")}`, ...todo ? [say(todo)] : []);
  if (error instanceof NothingChosen) return verdict("unable", say("verify.file.none"));
  if (error instanceof NoProof) return verdict("unable", say("verify.file.no_proof"), say("verify.file.no_proof.what"));
  if (error instanceof Unable) return because(inPageLanguage(error.why), error.todo);
  if (!(error instanceof Failure)) return because(String(error), "verify.unable.other.todo");
  if (error.code === "verification.webcrypto_missing") {
    return because(say("verify.unable.webcrypto"), "verify.unable.webcrypto.todo");
  }
  if (error.code === "verification.ed25519_missing") {
    return because(say("verify.unable.ed25519"), "verify.unable.ed25519.todo");
  }
  return because(inPageLanguage(error.detail));
}

// src/portal/verifier/main.ts
for (const panel of document.querySelectorAll("[data-proofs]")) startPanel(panel);
