import { Controller, Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { CurrentActor, Public } from '../access/access.decorators';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { ReadingRecord } from '../access/reading-record';
import type { Actor } from '../kernel/event';
import { EventProofs } from './event-proofs';
import { EventReaders, notFound } from './event-readers';
import { showsPath } from './event-sight';
import { NoticeProofs, type NoticeProof } from './notice-proofs';

class ProofQuery {
  /** `none`: that there is such an entry, and nothing of what it says. */
  @IsOptional()
  @IsIn(['none'])
  disclose?: 'none';
}

const POSITION = /^[1-9]\d{0,14}$/;
const PROOF_FILE = /^([1-9]\d{0,14})\.tlog-proof$/;

/** Proofs of events for whoever may see them. */
@ApiTags('log 透明日志')
@Controller('api/events')
export class EventProofsController {
  constructor(
    private readonly proofs: EventProofs,
    private readonly readers: EventReaders,
    private readonly readings: ReadingRecord,
  ) {}

  /**
   * The event as far as the caller may read it anyway, provably as it was recorded. Handing out what it says is a reading of
   * its record, and is entered as one.
   */
  @Get(':position/proof')
  @ApiParam({ name: 'position', schema: { type: 'integer', minimum: 1 } })
  @ApiProduces('text/plain')
  @ApiOperation({
    summary: '某条记录的证明文件 · The proof file (c2sp.org/tlog-proof) of an event',
    operationId: 'get-event-proof',
  })
  async proof(
    @Param('position') position: string,
    @Query() { disclose }: ProofQuery,
    @CurrentActor() actor: Actor,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const event = POSITION.test(position) ? await this.proofs.eventAt(Number(position)) : undefined;
    if (!event) throw notFound();
    const { sight, reading } = await this.readers.seen(event, actor);
    const proof = await this.proofs.proofOf(event, disclose === 'none' ? () => false : showsPath(event, sight));
    if (reading && disclose !== 'none') await this.readings.enter(actor, reading.collection, reading.id, request.id);
    sendProof(reply, event.position, proof);
  }
}

/** Proofs of public notices, for everybody. */
@ApiTags('public-notices')
@Public()
@Controller()
export class NoticeProofsController {
  constructor(private readonly proofs: NoticeProofs) {}

  @Get('api/public-notices/:id/proofs')
  @ApiOperation({
    summary: '一份公示信息可核验的记录 · The events of a notice that can be verified, and where their proofs are',
    operationId: 'list-notice-proofs',
  })
  async list(@Param('id') id: string): Promise<{ items: NoticeProof[] }> {
    return { items: await this.proofs.list(id) };
  }

  @Get('notices/:id/proofs/:file')
  @ApiExcludeEndpoint()
  async proof(@Param('id') id: string, @Param('file') file: string, @Res() reply: HttpReply): Promise<void> {
    const [, position] = PROOF_FILE.exec(file) ?? [];
    if (!position) throw new NotFoundException();
    const proof = await this.proofs.proof(id, Number(position));
    // What was withdrawn must be gone at once.
    sendProof(reply.header('Cache-Control', 'no-cache'), Number(position), proof);
  }
}

/** Sends a proof file under a name that tells it from others. */
function sendProof(reply: HttpReply, position: number, proof: string): void {
  reply
    .header('Content-Type', 'text/plain; charset=utf-8')
    .header('Content-Disposition', `attachment; filename="mingjing-${position}.tlog-proof"`)
    .send(proof);
}
