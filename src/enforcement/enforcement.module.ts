import { Module } from '@nestjs/common';
import { CaseAtHandler, CaseDifferencesHandler, CaseEventsHandler } from './case.queries';
import { CaseController, CasesController } from './cases.controller';

@Module({
  controllers: [CasesController, CaseController],
  providers: [CaseAtHandler, CaseDifferencesHandler, CaseEventsHandler],
})
export class EnforcementModule {}
