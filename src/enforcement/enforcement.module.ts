import { Module } from '@nestjs/common';
import { CaseAtHandler, CaseDifferencesHandler, CaseEventsHandler } from './case.queries';
import { CaseHistoryController, CasesController } from './cases.controller';

@Module({
  controllers: [CasesController, CaseHistoryController],
  providers: [CaseAtHandler, CaseDifferencesHandler, CaseEventsHandler],
})
export class EnforcementModule {}
