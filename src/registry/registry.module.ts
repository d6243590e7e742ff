import { Module } from '@nestjs/common';
import { BenchmarksController, BodiesController, OfficersController, PowersController } from './registry.controller';

@Module({ controllers: [BodiesController, OfficersController, PowersController, BenchmarksController] })
export class RegistryModule {}
