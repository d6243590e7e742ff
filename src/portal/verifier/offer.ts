import type { Bilingual } from '../../kernel/errors';
import { looksLikeProof } from '../../verification/proof-file';
import { languageOf } from './say';
import { verifyMessages, type VerifyMessageKey } from '../verify-messages';
import type { Offer } from './verify-notice';

/** The page that proofs are compared with. */
export interface ShownPage {
  readonly article: Element;
  readonly lang: keyof Bilingual;
}

/** Nothing can be verified now. Says nothing about the record. */
export class Unable extends Error {
  constructor(
    readonly why: Bilingual,
    readonly todo: VerifyMessageKey,
    /** The server's, where it answered. */
    readonly code?: string,
  ) {
    super(why.en);
  }
}

/** What should be verified cannot be read: it is damaged, or was changed. */
export class Unreadable extends Error {
  constructor(readonly why: Bilingual) {
    super(why.en);
  }
}

/** What somebody chose is no proof at all: there is nothing to judge. */
export class NoProof extends Error {}

const TIMEOUT_MS = 20_000;
/** What the server answers about a record that is not, or no longer, what the log holds. */
const DISPROVED: ReadonlySet<string> = new Set(['log.event_differs', 'ledger.corrupt']);
const MAX_FILE_BYTES = 32 * 1024 * 1024;

interface Listed {
  readonly position: number;
  readonly title: Bilingual;
  readonly href: string;
}

/**
 * The offer in a page's own data block: that of a downloaded copy.
 * @throws Unreadable
 */
export function carriedOffer(block: Element | null): Offer {
  try {
    const { policy, proofs } = JSON.parse(block?.textContent ?? '') as Offer;
    return { policy: String(policy), proofs: proofs.map(({ position, title, proof }) => ({ position, title, proof })) };
  } catch {
    throw new Unreadable(verifyMessages['verify.fault.unreadable']);
  }
}

/**
 * Fetches the proofs of a notice and the policy from the server of this page.
 * @throws Unable
 */
export async function servedOffer(listAddress: string, policyAddress: string): Promise<Offer> {
  const [list, policy] = await Promise.all([fetched(listAddress), fetched(policyAddress)]);
  const { items } = JSON.parse(list) as { items: readonly Listed[] };
  const proofs = items.map(async ({ position, title, href }) => ({ position, title, ...(await proofAt(href)) }));
  return { policy, proofs: await Promise.all(proofs) };
}

/**
 * What a chosen file holds: the proofs of a saved copy and the page they are of, or one `.tlog-proof`. The file's own keys are
 * left aside: they are whoever's who made it.
 * @throws NoProof, Unreadable
 */
export async function fileOffer(file: File): Promise<Pick<Offer, 'proofs'> & { readonly page?: ShownPage }> {
  if (file.size > MAX_FILE_BYTES) throw new NoProof();
  const text = await file.text();
  if (looksLikeProof(text)) return { proofs: [{ title: { zh: file.name, en: file.name }, proof: text }] };
  if (!/^\s*<!doctype html/i.test(text)) throw new NoProof();
  // Parsed, never shown: no script of it runs, nothing of it is fetched.
  const copy = new DOMParser().parseFromString(text, 'text/html');
  const article = copy.querySelector('article');
  const block = copy.querySelector('#proofs');
  if (!block) throw new NoProof();
  const { proofs } = carriedOffer(block);
  return { proofs, ...(article && { page: { article, lang: languageOf(copy) } }) };
}

/** A proof file; or what the server says where the log contradicts the ledger or the record is damaged: it has none to give. */
async function proofAt(address: string): Promise<{ readonly proof: string; readonly contradicted?: Bilingual }> {
  try {
    return { proof: await fetched(address) };
  } catch (error) {
    if (error instanceof Unable && DISPROVED.has(error.code ?? '')) return { proof: '', contradicted: error.why };
    throw error;
  }
}

export async function fetched(address: string): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { headers: { accept: '*/*' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch {
    throw new Unable(verifyMessages['verify.unable.network'], 'verify.unable.network.todo');
  }
  if (response.ok) return text;
  const {
    code = '',
    detail_zh: zh = `HTTP ${response.status}`,
    detail_en: en = `HTTP ${response.status}`,
  } = problemIn(text);
  throw new Unable(
    { zh, en },
    code === 'log.not_sealed_in_time' ? 'verify.unable.soon.todo' : 'verify.unable.other.todo',
    code,
  );
}

/** What this needs of the server's problem details (RFC 9457). */
interface Problem {
  readonly code?: string;
  readonly detail_zh?: string;
  readonly detail_en?: string;
}

function problemIn(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
