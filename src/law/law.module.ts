import { Module } from '@nestjs/common';
import { LawController } from './law.controller';

@Module({ controllers: [LawController] })
export class LawModule {}
