import { Module } from '@nestjs/common';
import { DrawNotices } from './draw-notices.queries';
import {
  DrawItemDraftsController,
  DrawItemsController,
  DrawNoticesController,
  DrawsController,
} from './draws.controller';

/** What is public of random inspections: the list of items, the draws, and the notice of each. */
@Module({
  providers: [DrawNotices],
  exports: [DrawNotices],
  controllers: [DrawItemsController, DrawItemDraftsController, DrawsController, DrawNoticesController],
})
export class DrawsModule {}
