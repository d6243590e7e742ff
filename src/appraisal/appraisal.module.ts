import { Module } from '@nestjs/common';
import {
  AppraisalsController,
  OfficerFilesController,
  OfficerFileEntriesController,
  OfficerWorkController,
  PublishedAppraisalsController,
  RatingsController,
} from './appraisal.controller';

@Module({
  controllers: [
    AppraisalsController,
    OfficerFilesController,
    OfficerFileEntriesController,
    OfficerWorkController,
    PublishedAppraisalsController,
    RatingsController,
  ],
})
export class AppraisalModule {}
