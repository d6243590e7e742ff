import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentActor, Public } from '../access/access.decorators';
import { unauthenticated } from '../access/access.guard';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import { Commands, type RegisteredCommand } from '../ledger/deciding/commands';
import type { CommandResult } from '../ledger/deciding/decider-handler';
import { checkMediaType, readCommand, readId, readPreconditions } from './command-request';
import { nearestNames } from './nearest-names';
import { COMMAND_ROUTE } from './route-table';

/** Every command of every decider, at `POST /api/<collection>/<id>/<command>`. The commands themselves say who may give them. */
@ApiExcludeController()
@Public()
@Controller()
export class CommandController {
  constructor(private readonly commands: Commands) {}

  @Post(COMMAND_ROUTE)
  @HttpCode(201)
  async give(
    @Param('collection') collection: string,
    @Param('id') id: string,
    @Param('command') name: string,
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<CommandResult> {
    const { decider, rule } = this.find(collection, name);
    if (actor.kind === 'public' && !rule.may.includes('anyone')) throw unauthenticated(false);
    checkMediaType(request, body);
    const command = readCommand<object>(rule.command, body);
    const result = await this.commands.give(decider, readId(id), command, {
      actor,
      correlationId: request.id,
      ...readPreconditions(request),
    });
    reply.header('ETag', `"${result.revision}"`).header('Mingjing-Position', result.position);
    if (result.repeated) reply.header('Idempotent-Replayed', 'true');
    if (result.events.length === 0) reply.status(200); // there was nothing to record
    return result;
  }

  private find(collection: string, name: string): RegisteredCommand {
    const found = this.commands.find(collection, name);
    if (found) return found;
    const all = this.commands.all();
    const own = all.filter((c) => c.decider.collection === collection);
    const near = own.length
      ? nearestNames(
          name,
          own.map((c) => c.name),
        )
      : nearestNames(
          collection,
          all.map((c) => c.decider.collection),
        );
    const hint = {
      zh: near.length ? `您是否要找：${near.join('、')}？` : '',
      en: near.length ? ` Did you mean ${near.join(', ')}?` : '',
    };
    throw own.length
      ? new Failure('not_found', 'request.no_such_command', {
          zh: `此处没有这条命令。${hint.zh}`,
          en: `There is no such command here.${hint.en}`,
          field: 'command',
        })
      : new Failure('not_found', 'request.no_such_collection', {
          zh: `没有此类记录。${hint.zh}`,
          en: `There is no such collection.${hint.en}`,
          field: 'collection',
        });
  }
}
