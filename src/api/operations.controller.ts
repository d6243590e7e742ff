import { Controller, Get, Inject, Optional, Res, type OnApplicationBootstrap } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Public, Roles } from '../access/access.decorators';
import type { HttpReply } from '../access/http-exchange';
import { EventStore } from '../ledger/event-store';
import type { Lease } from '../ledger/postgres/lease';
import { ProcessRunner, type ProcessStatus } from '../ledger/projecting/process-manager';
import type { ProcessRefusal } from '../ledger/projecting/process-records';
import { LogHealth, type LogCondition } from './log-health';
import { CAUSES, FirstBuild, type Cause } from './readiness';
import { ReadModel, type ProjectionStatus } from '../ledger/projecting/read-model';

/** Whether the event store that this node follows is away or behind; missing where the ledger is embedded. */
export const EVENT_STORE_TROUBLE = Symbol('event store trouble');

/** Why PostgreSQL does not answer; undefined while it does. Missing where there is none. */
export const POSTGRES_TROUBLE = Symbol('PostgreSQL trouble');

/** The lease of this node; missing where there is no other. */
export const LEASE = Symbol('lease');

/** The ledger must say its head within this time to count as open. */
const LEDGER_ANSWER_MS = 2000;

interface Readiness {
  readonly ready: boolean;
  /** Why not. */
  readonly cause?: Cause;
  /** `away`: acts are refused for now. A node whose event store is away still answers from its rows, and stays ready. */
  readonly ledger: 'open' | 'away';
  /** Missing where there is none. While it is away, what it holds is not told: what cannot be read is neither well nor stalled. */
  readonly postgres?: 'open' | 'away';
  /** While rows are built for the first time: how far, of how many events. */
  readonly building?: { readonly position: number; readonly head: number };
  readonly projections?: ReadonlyArray<Pick<ProjectionStatus, 'name' | 'state' | 'lagEvents' | 'lagMs'>>;
  /** Whether this node runs projections and the log, where several share the work. */
  readonly leads?: boolean;
  /** How many processes stand still, and how many events a rule kept them from acting on: for people, not for the balancer. */
  readonly processes?: { readonly stalled: number; readonly refusals: number };
  /** The transparency log. One that is frozen is an alarm, but acts are recorded all the same: the balancer need not know. */
  readonly log?: Pick<LogCondition, 'state' | 'origin' | 'size' | 'behind' | 'ageMs' | 'publishedAt' | 'cosignedBy'> & {
    /** The code of what is wrong. */
    readonly trouble?: string;
  };
}

/** How the server is: for the supervisor of the process, and for whoever runs it. */
@ApiTags('operations 运行')
@Controller()
export class OperationsController implements OnApplicationBootstrap {
  private readonly firstBuild = new FirstBuild();

  constructor(
    private readonly ledger: EventStore,
    private readonly readModel: ReadModel,
    private readonly processes: ProcessRunner,
    @Optional() private readonly logHealth?: LogHealth,
    @Optional() @Inject(EVENT_STORE_TROUBLE) private readonly eventStoreTrouble?: () => boolean,
    @Optional() @Inject(LEASE) private readonly lease?: Pick<Lease, 'fence' | 'holder'>,
    @Optional() @Inject(POSTGRES_TROUBLE) private readonly postgresTrouble?: () => Promise<unknown>,
  ) {}

  /** Whether there are rows is seen before the first balancer asks. */
  async onApplicationBootstrap(): Promise<void> {
    await this.readModel.status().then(
      (projections) => this.firstBuild.progress(projections),
      () => undefined,
    );
  }

  @Get('healthz')
  @Public()
  @SkipThrottle()
  @ApiOperation({ summary: '进程存活 · The process is alive' })
  healthz(): { alive: true } {
    return { alive: true };
  }

  /** 200 when queries can be served: the stores answer, there are rows, and no projection is stalled. Otherwise 503 with the cause. */
  @Get('readyz')
  @Public()
  @SkipThrottle()
  @ApiOperation({
    summary: '可以提供服务 · Ready to serve: the stores answer, rows are there, and no projection is stalled',
  })
  async readyz(@Res({ passthrough: true }) reply: HttpReply): Promise<Readiness> {
    const readiness = await this.readiness();
    if (!readiness.ready) reply.status(503).header('Retry-After', 5);
    return readiness;
  }

  @Get('api/operations/log')
  @Roles('admin', 'investigator')
  @ApiOperation({
    summary: '透明日志的封存与见证 · How far the transparency log has come, who cosigned it, and what is wrong',
  })
  async log(): Promise<LogCondition | { readonly state: 'off' }> {
    return (await this.logHealth?.now()) ?? { state: 'off' };
  }

  @Get('api/operations/projections')
  @Roles('admin', 'investigator')
  @ApiOperation({ summary: '各投影的进度 · How far each projection has come, and why one stands still' })
  projections(): Promise<ProjectionStatus[]> {
    return this.readModel.status();
  }

  @Get('api/operations/processes')
  @Roles('admin', 'investigator')
  @ApiOperation({
    summary: '各自动流程的进度与被拒事项 · How far each process has come, and the latest events it was refused on',
  })
  async processStatus(): Promise<{ items: ProcessStatus[]; refusals: ProcessRefusal[] }> {
    return { items: await this.processes.status(), refusals: await this.processes.refusals() };
  }

  @Get('api/operations/lease')
  @Roles('admin', 'investigator')
  @ApiOperation({ summary: '主节点 · Which node runs projections and the log, and whether it is this one' })
  async leads(): Promise<{ readonly leads: boolean; readonly node?: string; readonly epoch?: number }> {
    if (!this.lease) return { leads: true };
    return { leads: this.lease.fence !== undefined, ...(await this.lease.holder()) };
  }

  private async readiness(): Promise<Readiness> {
    const [ledger, trouble] = await Promise.all([this.ledgerIsOpen(), this.postgresTrouble?.()]);
    const stores: Pick<Readiness, 'ledger' | 'postgres' | 'leads'> = {
      ledger: ledger && !this.eventStoreTrouble?.() ? 'open' : 'away',
      ...(this.postgresTrouble && { postgres: trouble ? 'away' : 'open' }),
      ...(this.lease && { leads: this.lease.fence !== undefined }),
    };
    if (trouble) return { ready: false, cause: CAUSES.postgres, ...stores };
    const projections = await this.readModel.status();
    const processes = await this.processes.status().catch((): undefined => undefined);
    const log = await this.logHealth?.now().catch((): undefined => undefined);
    const building = this.firstBuild.progress(projections);
    const stalled = projections.some(({ state }) => state === 'stalled');
    const cause = !ledger ? CAUSES.ledger : stalled ? CAUSES.stalled : building && CAUSES.building;
    return {
      ready: cause === undefined,
      ...(cause && { cause }),
      ...stores,
      ...(building && { building }),
      projections: projections.map(({ name, state, lagEvents, lagMs }) => ({ name, state, lagEvents, lagMs })),
      ...(processes && {
        processes: {
          stalled: processes.filter((p) => p.state === 'stalled').length,
          refusals: processes.reduce((sum, p) => sum + p.refusals, 0),
        },
      }),
      ...(log && { log: withoutDetails(log) }),
    };
  }

  private async ledgerIsOpen(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), LEDGER_ANSWER_MS);
    });
    const answers = this.ledger.head().then(
      () => true,
      () => false,
    );
    return Promise.race([answers, late]).finally(() => clearTimeout(timer));
  }
}

/** For everybody: that something is wrong, not where on this machine. */
function withoutDetails({ witnessTroubles: _, trouble, ...log }: LogCondition): NonNullable<Readiness['log']> {
  return { ...log, ...(trouble && { trouble: trouble.code }) };
}
