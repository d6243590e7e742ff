import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyVault } from '../ledger/commitment/key-vault';
import { renderPage, type Page } from './layout';
import type { View } from './view';

const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** A page as it is sent. `etag` is of these bytes, so it is the same on every node and another one after an upgrade. */
export interface SentPage {
  readonly html: Buffer;
  readonly etag: string;
}

/**
 * Pages that were rendered before, found by everything that they are written from. Rows and ledger are read anew for every answer, and
 * what they say now is the key: a notice that was withdrawn, masked or erased since is another one, and its old page is never asked
 * for again. Nothing else decides what is shown, so nothing has to be thrown away at the right moment.
 */
@Injectable()
export class KeptPages {
  private readonly pages = new LRUCache<string, SentPage>({
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: ({ html }) => html.length,
  });

  constructor(vault: KeyVault) {
    vault.onDestroyed(() => this.pages.clear()); // an old page is not shown, but no memory shall hold it either
  }

  /** `pageOf` writes the page from the view and `parts`, and from nothing that changes while the program runs. `parts` are JSON. */
  page<Parts>(view: View, parts: Parts, pageOf: (view: View, parts: Parts) => Page): SentPage {
    const { lang, here, origin, base, agency } = view;
    const key = digest(JSON.stringify([pageOf.name, lang, here, origin, base, agency, parts]));
    const kept = this.pages.get(key);
    if (kept) return kept;
    const html = Buffer.from(renderPage(view, pageOf(view, parts)));
    const page = { html, etag: `"${digest(html)}"` };
    this.pages.set(key, page);
    return page;
  }
}

const digest = (of: string | Buffer): string => createHash('sha256').update(of).digest('base64url');
