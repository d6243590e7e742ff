import { Module } from '@nestjs/common';
import {
  DutiesController,
  NoticesController,
  PublicNoticesController,
  StatisticsController,
} from './notices.controller';
import { PublicationLagHandler } from './statistics.queries';

@Module({
  controllers: [PublicNoticesController, NoticesController, DutiesController, StatisticsController],
  providers: [PublicationLagHandler],
})
export class DisclosureModule {}
