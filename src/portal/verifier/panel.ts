import { Failure } from '../../kernel/errors';
import { parsePolicy, type Policy } from '../../verification/policy';
import type { VerifyMessageKey } from '../verify-messages';
import { comparePage } from './compare-page';
import { element } from './elements';
import { carriedOffer, servedOffer, Unable, Unreadable, type Offer } from './offer';
import { outcomeView, verdict, type Trust } from './outcome';
import { ownPolicy } from './own-policy';
import { inPageLanguage, pageLanguage, say } from './say';
import { verifyNotice } from './verify-notice';

/**
 * Brings the panel of a notice's page to life: its button, and the form for one's own keys. In the page the panel says by
 * `data-proofs` where the proofs are: an address, or `#<id>` of a data block; by `data-policy` where the keys are; by
 * `data-notice` of which notice.
 */
export function startPanel(panel: HTMLElement): void {
  const part = <T extends HTMLElement>(name: string): T | null => panel.querySelector<T>(`[data-part="${name}"]`);
  const [button, keys, result] = [part<HTMLButtonElement>('start'), part<HTMLFormElement>('keys'), part('result')];
  const own = keys?.querySelector('textarea');
  if (!button || !result) return;
  let running = false;
  const run = async (pasted?: string): Promise<void> => {
    if (running) return; // one at a time; the button stays focusable
    running = true;
    panel.dataset.state = 'checking';
    result.replaceChildren(element('p', { class: 'checking' }, say('verify.checking')));
    result.replaceChildren(await verified(panel, pasted));
    panel.dataset.state = 'done';
    button.textContent = say('verify.again');
    running = false;
  };
  button.addEventListener('click', () => void run());
  keys?.addEventListener('submit', (event) => {
    event.preventDefault();
    if (own?.value.trim()) void run(own.value);
    else result.replaceChildren(verdict('unable', say('verify.keys.empty')));
  });
  part('script')?.remove();
  for (const hidden of panel.querySelectorAll('[hidden]')) hidden.removeAttribute('hidden');
}

/** Verifies what the panel points at, and says what came of it. */
async function verified(panel: HTMLElement, pasted: string | undefined): Promise<Node> {
  try {
    const own = pasted === undefined ? undefined : await parsePolicy(ownPolicy(pasted));
    const { offer, trust } = await offered(panel);
    const policy = own ?? (await policyIn(offer));
    const outcome = await verifyNotice(offer.proofs, policy, panel.dataset.notice);
    const article = panel.closest('article');
    const page = article ? comparePage(article, outcome.fields, outcome.notice, pageLanguage()) : undefined;
    return await outcomeView(outcome, page, own ? 'own' : trust);
  } catch (error) {
    return failureView(error);
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

async function offered({ dataset }: HTMLElement): Promise<{ offer: Offer; trust: Trust }> {
  const { proofs = '', policy = '' } = dataset;
  return proofs.startsWith('#')
    ? { offer: carriedOffer(document.querySelector(proofs)), trust: 'carried' }
    : { offer: await servedOffer(proofs, policy), trust: 'served' };
}

/** What kept it from being verified: damage to what should be verified, or something that says nothing about the record. */
function failureView(error: unknown): HTMLElement {
  if (error instanceof Unreadable) {
    return verdict('bad', say('verify.bad'), inPageLanguage(error.why), say('verify.bad.what'));
  }
  const because = (why: string, todo?: VerifyMessageKey): HTMLElement =>
    verdict('unable', say('verify.unable'), `${why}${say('verify.unable.not_wrong')}`, ...(todo ? [say(todo)] : []));
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
