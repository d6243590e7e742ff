import './production-react';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { createElement } from 'react';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { useProblemPage } from '../api/problem-page';
import { DrawsModule } from '../draws/draws.module';
import { ComplaintPagesController } from './complaint-pages.controller';
import { DrawPagesController } from './draw-pages.controller';
import { FeedsController } from './feeds.controller';
import { InformationPagesController } from './information-pages.controller';
import { KeptPages } from './kept-pages';
import { renderPage } from './layout';
import { NoticePagesController } from './notice-pages.controller';
import { NoticeSearch } from './notice-search';
import { ProblemPage, problemTitle } from './problem.page';
import { PublishedLog } from './published-log';
import { PublicRows } from './public-rows';
import { RegisterPagesController } from './register-pages.controller';
import { viewOf } from './view';

/** The public portal: pages rendered here; the only script verifies records, and nothing needs it. `CONFIG`, `ReadModel` and the buses come from global modules. */
@Module({
  imports: [DrawsModule],
  controllers: [
    NoticePagesController,
    RegisterPagesController,
    InformationPagesController,
    ComplaintPagesController,
    DrawPagesController,
    FeedsController,
  ],
  providers: [PublicRows, NoticeSearch, PublishedLog, KeptPages],
})
export class PortalModule implements OnModuleInit {
  constructor(@Inject(CONFIG) private readonly config: ApiConfig) {}

  onModuleInit(): void {
    useProblemPage((problem, request) => {
      const view = viewOf(this.config, request);
      const content = createElement(ProblemPage, { problem });
      return renderPage(view, { title: problemTitle(view, problem), noindex: true, content });
    });
  }
}
