import { Module } from '@nestjs/common';
import {
  AppraisalsController,
  OfficerFilesController,
  OfficerWorkController,
  PublishedAppraisalsController,
  RatingsController,
} from './appraisal.controller';

@Module({
  controllers: [
    AppraisalsController,
    OfficerFilesController,
    OfficerWorkController,
    PublishedAppraisalsController,
    RatingsController,
  ],
})
export class AppraisalModule {}
