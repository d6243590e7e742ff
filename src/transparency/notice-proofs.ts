import { Inject, Injectable } from '@nestjs/common';
import { publicPaths, publicPathsIn, statusOfNotice, streamOfNotice } from '../disclosure/public-paths';
import { Failure, type Bilingual } from '../kernel/errors';
import { definitionNamed, type RecordedEvent } from '../kernel/event';
import type { Instant } from '../kernel/time';
import { EventStore, MAX_PAGE_EVENTS } from '../ledger/event-store';
import { EventProofs, STORED_EVENTS } from './event-proofs';
import { notFound } from './event-readers';

/** An event that a notice's page tells of, and where its proof is. */
export interface NoticeProof {
  readonly position: number;
  readonly type: string;
  readonly title: Bilingual;
  readonly recordedAt: Instant;
  readonly href: string;
}

/**
 * Proofs of public notices (公示信息的证明), for everybody: what the page shows, no more and no longer (`public-paths.ts`). They are
 * made from the ledger, not from rows, so that a notice that has just come down discloses nothing any more.
 */
@Injectable()
export class NoticeProofs {
  constructor(
    private readonly store: EventStore,
    @Inject(STORED_EVENTS) private readonly stored: EventStore,
    private readonly proofs: EventProofs,
  ) {}

  /** The events of a notice that can be proven, in their order. @throws Failure `record.not_found`, `notice.no_longer_shown` */
  async list(id: string): Promise<NoticeProof[]> {
    const history = await this.history(id);
    if (statusOfNotice(history) === 'expired') throw noLongerShown();
    const pathsOf = publicPathsIn(history);
    const shown = history.filter((event) => pathsOf(event).length > 0);
    if (shown.length === 0) throw notFound();
    return shown.map(({ position, type, metadata }) => ({
      position,
      type,
      title: definitionNamed(type)?.title ?? { zh: type, en: type },
      recordedAt: metadata.recordedAt,
      href: `/notices/${id}/proofs/${position}.tlog-proof`,
    }));
  }

  /** The proof of one of them. @throws Failure `record.not_found`, `notice.no_longer_shown` */
  async proof(id: string, position: number): Promise<string> {
    const history = await this.history(id);
    const event = history.find((e) => e.position === position);
    const paths = event ? publicPaths(event, history) : [];
    if (!event || paths.length === 0) {
      // Which events such a notice had is not told either.
      throw ['withdrawn', 'expired'].includes(statusOfNotice(history)) ? noLongerShown() : notFound();
    }
    const [stored] = await this.stored.readStream(event.stream, {
      direction: 'forwards',
      from: event.revision,
      limit: 1,
    });
    return this.proofs.proofOf(stored, (path) => paths.includes(path));
  }

  /**
   * In the current schema version, as the profile reads it; a field that was stored under another name is not disclosed. To its
   * end: what came down last must not be seen less than what went up first.
   */
  private async history(id: string): Promise<RecordedEvent[]> {
    const stream = streamOfNotice(id);
    const history: RecordedEvent[] = [];
    for (;;) {
      const from = history.length === 0 ? undefined : history[history.length - 1].revision + 1;
      const page = { direction: 'forwards', limit: MAX_PAGE_EVENTS, ...(from !== undefined && { from }) } as const;
      const events = await this.store.readStream(stream, page);
      for (const event of events) history.push(event);
      if (events.length < MAX_PAGE_EVENTS) return history;
    }
  }
}

const noLongerShown = (): Failure =>
  new Failure('gone', 'notice.no_longer_shown', {
    zh: '该公示信息已期满或者撤回，不再公开其内容；此前取得的证明仍可核验。',
    en: 'This notice has expired or was withdrawn, and its content is disclosed no longer; proofs obtained before still verify.',
    basis: '行政处罚法第48条、总局令45号第11、13条',
  });
