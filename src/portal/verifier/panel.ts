import { Failure } from '../../kernel/errors';
import { parsePolicy, type Policy } from '../../verification/policy';
import type { VerifyMessageKey } from '../verify-messages';
import { comparePage } from './compare-page';
import { element } from './elements';
import { carriedOffer, fetched, fileOffer, NoProof, servedOffer, Unable, Unreadable, type ShownPage } from './offer';
import { outcomeView, verdict, type Trust, type View } from './outcome';
import { ownPolicy } from './own-policy';
import { inPageLanguage, languageOf, say } from './say';
import { holds, verifyNotice, type Offer } from './verify-notice';

/**
 * Brings the panel of a notice's page to life: its button, and the form for one's own keys. In the page the panel says by
 * `data-proofs` where the proofs are: an address, `#<id>` of a data block, or `file` for one that the reader chooses; by
 * `data-policy` where the keys are; by `data-notice` of which notice.
 */
export function startPanel(panel: HTMLElement): void {
  const part = <T extends HTMLElement>(name: string): T | null => panel.querySelector<T>(`[data-part="${name}"]`);
  const [button, keys] = [part<HTMLButtonElement>('start'), part<HTMLFormElement>('keys')];
  const [told, report] = [part('verdict'), part('report')];
  const own = keys?.querySelector('textarea');
  if (!button || !told || !report) return;
  const show = (view: View): void => {
    told.replaceChildren(view.verdict);
    report.replaceChildren(...view.report);
  };
  let running = false;
  const run = async (pasted?: string): Promise<void> => {
    if (running) return; // one at a time; the button stays focusable
    running = true;
    panel.dataset.state = 'checking';
    show({ verdict: element('p', { class: 'checking' }, say('verify.checking')), report: [] });
    show(await verified(panel, pasted));
    panel.dataset.state = 'done';
    button.textContent = say('verify.again');
    running = false;
  };
  const pasted = (): string | undefined => own?.value.trim() && own.value;
  button.addEventListener('click', () => void run(pasted() || undefined)); // who pasted keys wants only these to count
  keys?.addEventListener('submit', (event) => {
    event.preventDefault();
    if (pasted()) void run(pasted());
    else show({ verdict: verdict('unable', say('verify.keys.empty')), report: [] });
  });
  part('script')?.remove();
  for (const hidden of panel.querySelectorAll('[hidden]')) hidden.removeAttribute('hidden');
}

/** Verifies what the panel points at, and says what came of it. */
async function verified(panel: HTMLElement, pasted: string | undefined): Promise<View> {
  try {
    const own = pasted === undefined ? undefined : await parsePolicy(ownPolicy(pasted));
    const { trust, page, ...offer } = await offered(panel);
    const outcome = await verifyNotice(offer.proofs, own ?? (await policyIn(offer)), panel.dataset.notice);
    // What an event says that is not verified is unknown: without it every comparison would be with something else.
    const comparison =
      page && holds(outcome) ? comparePage(page.article, outcome.fields, outcome.notice, page.lang) : undefined;
    return await outcomeView(outcome, comparison, own ? 'own' : trust);
  } catch (error) {
    return { verdict: failureVerdict(error), report: [] };
  }
}

/** @throws Unreadable when the keys that came with the proofs are no policy */
async function policyIn({ policy }: Offer): Promise<Policy> {
  try {
    return await parsePolicy(policy);
  } catch (error) {
    throw error instanceof Failure && error.kind === 'invalid' ? new Unreadable(error.detail) : error;
  }
}

interface Offered extends Offer {
  readonly trust: Trust;
  readonly page?: ShownPage;
}

async function offered(panel: HTMLElement): Promise<Offered> {
  const { proofs = '', policy = '' } = panel.dataset;
  if (proofs === 'file') {
    const [file] = panel.querySelector<HTMLInputElement>('[type="file"]')?.files ?? [];
    if (!file) throw new NothingChosen();
    return { ...(await fileOffer(file)), policy: await fetched(policy), trust: 'served' };
  }
  const article = panel.closest('article');
  const page = article ? { article, lang: languageOf(document) } : undefined;
  return proofs.startsWith('#')
    ? { ...carriedOffer(document.querySelector(proofs)), trust: 'carried', page }
    : { ...(await servedOffer(proofs, policy)), trust: 'served', page };
}

class NothingChosen extends Error {}

/** What kept it from being verified: damage to what should be verified, or something that says nothing about the record. */
function failureVerdict(error: unknown): HTMLElement {
  if (error instanceof Unreadable) {
    return verdict('bad', say('verify.bad'), inPageLanguage(error.why), say('verify.bad.what'));
  }
  const because = (why: string, todo?: VerifyMessageKey): HTMLElement =>
    verdict('unable', say('verify.unable'), `${why}${say('verify.unable.not_wrong')}`, ...(todo ? [say(todo)] : []));
  if (error instanceof NothingChosen) return verdict('unable', say('verify.file.none'));
  if (error instanceof NoProof) return verdict('unable', say('verify.file.no_proof'), say('verify.file.no_proof.what'));
  if (error instanceof Unable) return because(inPageLanguage(error.why), error.todo);
  if (!(error instanceof Failure)) return because(String(error), 'verify.unable.other.todo');
  if (error.code === 'verification.webcrypto_missing') {
    return because(say('verify.unable.webcrypto'), 'verify.unable.webcrypto.todo');
  }
  if (error.code === 'verification.ed25519_missing') {
    return because(say('verify.unable.ed25519'), 'verify.unable.ed25519.todo');
  }
  return because(inPageLanguage(error.detail)); // keys that were pasted and are none
}
