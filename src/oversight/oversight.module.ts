import { Module } from '@nestjs/common';
import {
  AccountabilityBoardController,
  AnswersController,
  ClocksController,
  ComplaintsController,
  ComplaintTopicsController,
  MattersController,
} from './oversight.controller';

@Module({
  controllers: [
    ComplaintsController,
    ComplaintTopicsController,
    MattersController,
    ClocksController,
    AnswersController,
    AccountabilityBoardController,
  ],
})
export class OversightModule {}
