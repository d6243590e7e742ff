import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  AppendReq,
  AppendResp,
  ReadReq,
  ReadResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { MemoryLog, TOMBSTONE, type Expected, type Logged, type Proposed } from './memory-log';

/** What happens to the next append. */
export type AppendFault =
  | 'stall' // it is never seen and never answered
  | 'commit_then_stall'
  | 'commit_later' // after the client has given up
  | 'disconnect'
  | 'commit_then_disconnect'
  | 'abort_then_commit' // the server's own timeout, after which it is committed all the same
  | 'not_leader'
  | 'unavailable';

/** What happens to the next read or subscription. */
export type ReadFault =
  'stall' | 'unavailable' | 'not_leader' | 'truncate' | 'duplicate' | 'end' | 'disconnect' | 'denied';

const LATE_MS = 400;
/** After this the server gives up waiting for a write to be committed, as `CommitTimeoutMs` is unless set. */
const COMMIT_TIMEOUT_MS = 2000;
/** New events that a subscription may be behind before EventStoreDB 23.10 drops it: those it holds live, and those on their way out. */
const LIVE_BUFFER = 64;

/**
 * An event store on the client's own service definitions, with a script of faults. It says what the adapter does under them, never
 * what a server does. Clients come through a TCP proxy that can be cut, so that a disconnect is one.
 */
export class ScriptedServer {
  readonly appendFaults: AppendFault[] = [];
  /** Of reads of streams, and of subscriptions to `$all`. */
  readonly readFaults: ReadFault[] = [];
  readonly subscriptionFaults: ReadFault[] = [];
  /** How often each was called, and with what rights. */
  readonly calls = {
    append: 0,
    dropped: 0,
    batchAppend: 0,
    read: 0,
    subscribe: 0,
    tooSlow: 0,
    any: 0,
    authorization: new Set<string>(),
  };
  /** Where the leader is, when this is a follower. */
  leader: ScriptedServer | undefined;
  maxAppendBytes = 1024 * 1024;
  maxEventBytes = Infinity;
  /** As EventStoreDB 24.2 and later: a reader that falls behind is let catch up, where 23.10 drops it. */
  catchesUp = false;
  /** Where clients come in; 0 is any free port. To be set before it is started. */
  address = '127.0.0.1';
  port = 0;
  private grpc: Server | undefined;
  private grpcPort = 0;
  private proxy: TcpServer | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly live = new Set<() => void>();
  private readonly late: Promise<void>[] = [];

  constructor(
    readonly log = new MemoryLog(),
    private readonly credentials = ServerCredentials.createInsecure(),
  ) {}

  get connectionString(): string {
    return `esdb://${this.address}:${this.port}?tls=false`;
  }

  async start(): Promise<this> {
    const grpc = (this.grpc = new Server({
      'grpc.max_receive_message_length': -1,
      'grpc.max_concurrent_streams': 100,
    }));
    grpc.addService(StreamsService, {
      append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) =>
        this.append(call, answer),
      batchAppend: (call: ServerWritableStream<unknown, unknown>) => {
        this.calls.batchAppend++;
        call.destroy();
      },
      read: (call: ServerWritableStream<ReadReq, ReadResp>) => this.read(call),
      delete: unimplemented,
      tombstone: (call: ServerUnaryCall<TombstoneReq, TombstoneResp>, answer: sendUnaryData<TombstoneResp>) =>
        this.tombstone(call, answer),
    });
    grpc.addService(GossipService, {
      read: (_: unknown, answer: sendUnaryData<ClusterInfo>) => answer(null, this.gossip()),
    });
    grpc.addService(ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: sendUnaryData<SupportedMethods>) => answer(null, features()),
    });
    this.grpcPort = await new Promise<number>((resolve, reject) =>
      grpc.bindAsync('127.0.0.1:0', this.credentials, (error, port) => (error ? reject(error) : resolve(port))),
    );
    await this.listen();
    return this;
  }

  /** Everybody's connection breaks. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** The server goes away; with `graceful`, it ends its calls in good order first. */
  async stop({ graceful = false } = {}): Promise<void> {
    if (graceful) for (const end of [...this.live]) end();
    if (graceful) await new Promise((resolve) => setTimeout(resolve, 50));
    const proxy = this.proxy;
    const closed = new Promise((resolve) => (proxy ? proxy.close(resolve) : resolve(undefined)));
    this.cut();
    await closed;
    this.grpc?.forceShutdown();
  }

  /** Resolves when nothing is left to be committed late. */
  async lateCommits(): Promise<void> {
    await Promise.all(this.late);
  }

  /** The subscriptions end, without an error. */
  endSubscriptions(): void {
    for (const end of [...this.live]) end();
  }

  private listen(): Promise<void> {
    const proxy = (this.proxy = createServer({ noDelay: true }, (client) => {
      const server = connect({ port: this.grpcPort, host: '127.0.0.1', noDelay: true });
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    }));
    return new Promise((resolve, reject) => {
      proxy.on('error', reject);
      proxy.listen(this.port, this.address, () => {
        this.port = (proxy.address() as { port: number }).port;
        resolve();
      });
    });
  }

  private append(call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void {
    this.calls.append++;
    let options: AppendReq.Options | undefined;
    const events: Proposed[] = [];
    let [bytes, refused] = [0, false]; // in the middle of the call, as soon as there is too much
    call.on('data', (message: AppendReq) => {
      options ??= message.getOptions();
      const proposed = message.getProposedMessage();
      if (!proposed || refused) return;
      const event = proposedOf(proposed);
      bytes += sizeOf(event);
      refused = sizeOf(event) > this.maxEventBytes || bytes > this.maxAppendBytes;
      if (refused) answer(bytes > this.maxAppendBytes ? tooLarge(this.maxAppendBytes) : eventTooLarge());
      else events.push(event);
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      // A call that is given up in the middle ends here too, with some of its events.
      setImmediate(() => {
        if (!call.cancelled && options && !refused) this.commit(call.metadata, options, events, answer);
      });
    });
  }

  private commit(
    metadata: Metadata,
    options: AppendReq.Options,
    events: readonly Proposed[],
    answer: sendUnaryData<AppendResp>,
  ): void {
    if (this.isFollower(metadata)) return answer(this.notLeader());
    const fault = this.appendFaults.shift();
    if (fault === 'stall') return;
    if (fault === 'disconnect') return this.cut();
    if (fault === 'not_leader') return answer(this.notLeader());
    if (fault === 'unavailable') return answer(refusal(status.UNAVAILABLE, 'Server Is Too Busy'));
    const expected = expectedOf(options);
    if (expected === 'any') this.calls.any++;
    const stream = nameOf(options.getStreamIdentifier()!);
    if (this.log.isDeleted(stream)) return answer(streamDeleted(stream));
    const commit = (): ReturnType<MemoryLog['append']> => this.log.append(stream, expected, events);
    if (fault === 'commit_later') return this.commitLate(commit, LATE_MS);
    if (fault === 'abort_then_commit') {
      answer(timedOut('Commit phase timeout.'));
      return this.commitLate(commit, LATE_MS / 4);
    }
    const outcome = commit();
    if (fault === 'commit_then_stall') return;
    if (fault === 'commit_then_disconnect') return this.cut();
    if (outcome.kind === 'dropped') {
      this.calls.dropped++;
      setTimeout(() => answer(timedOut('Commit phase timeout.')), COMMIT_TIMEOUT_MS).unref();
    } else if (outcome.kind === 'success' && !this.log.isReadable(outcome.last)) {
      void this.log.whenReadable(outcome.last).then(() => answer(null, answerTo(outcome, expected)));
    } else answer(null, answerTo(outcome, expected));
  }

  private read(call: ServerWritableStream<ReadReq, ReadResp>): void {
    const authorization = call.metadata.get('authorization')[0];
    if (authorization) this.calls.authorization.add(String(authorization));
    call.on('error', () => undefined);
    if (this.isFollower(call.metadata)) {
      call.emit('error', this.notLeader());
      return;
    }
    const options = call.request.getOptions()!;
    if (options.hasAll()) this.subscribe(call, options);
    else this.readStream(call, options);
  }

  private readStream(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): void {
    this.calls.read++;
    const fault = this.readFaults.shift();
    if (this.fails(call, fault)) return;
    const name = nameOf(options.getStream()!.getStreamIdentifier()!);
    if (this.log.isDeleted(name)) {
      call.emit('error', streamDeleted(name));
      return;
    }
    const visible = this.log.visible(name);
    if (!visible) {
      call.write(notFound(name));
      call.end();
      return;
    }
    const page = pageOf(visible, options);
    const given = fault === 'truncate' ? page.slice(0, Math.floor(page.length / 2)) : page;
    for (const event of given) call.write(eventMessage(event));
    call.end();
  }

  private subscribe(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): void {
    this.calls.subscribe++;
    const fault = this.subscriptionFaults.shift();
    if (this.fails(call, fault)) return;
    const isWanted = filterOf(options);
    let next = startOf(this.log, options.getAll()!);
    const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
    call.write(new ReadResp().setConfirmation(confirmation));
    let given = 0;
    let full = false; // the client reads more slowly than this
    const isNext = (event?: Logged): boolean => event !== undefined && this.log.isReadable(event) && !call.cancelled;
    const pump = (): void => {
      const { events } = this.log;
      let behind = 0;
      for (let i = next; caughtUp && isNext(events[i]); i++) behind += isWanted(events[i].stream) ? 1 : 0;
      const isBehind = behind > LIVE_BUFFER;
      if (isBehind) this.calls.tooSlow++;
      if (isBehind && this.catchesUp) {
        caughtUp = false;
        call.write(new ReadResp().setFellBehind(new ReadResp.FellBehind()));
      }
      let left = isBehind && caughtUp ? LIVE_BUFFER / 2 : Infinity; // what is on its way out still goes out
      for (; isNext(events[next]) && (!full || left < Infinity); next++) {
        const event = events[next];
        if (!isWanted(event.stream)) {
          if (next % 100 === 0) call.write(checkpointMessage(event));
          continue;
        }
        if (left-- === 0) return drop();
        full = !call.write(eventMessage(event));
        given += 1;
        if (fault === 'duplicate') call.write(eventMessage(event));
        if (given === 2 && fault === 'truncate') return end();
        if (given === 2 && fault === 'disconnect') return this.cut();
      }
      if (full || caughtUp || call.writableEnded) return;
      caughtUp = true;
      call.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
    };
    let caughtUp = false;
    call.on('drain', () => {
      full = false;
      pump();
    });
    const end = (): void => {
      stopListening();
      this.live.delete(end);
      call.end();
    };
    const drop = (): void => {
      stopListening();
      this.live.delete(end);
      call.emit('error', timedOut('Consumer too slow to handle event while live. Client resubscription required.'));
    };
    const stopListening = this.log.onWrite(pump);
    this.live.add(end);
    call.on('cancelled', () => {
      stopListening();
      this.live.delete(end);
    });
    pump();
    if (fault === 'end') end();
  }

  private fails(call: ServerWritableStream<ReadReq, ReadResp>, fault: ReadFault | undefined): boolean {
    if (fault === 'unavailable') call.emit('error', refusal(status.UNAVAILABLE, 'Server Is Not Ready'));
    if (fault === 'not_leader') call.emit('error', this.notLeader());
    if (fault === 'denied') call.emit('error', accessDenied());
    return fault === 'stall' || fault === 'unavailable' || fault === 'not_leader' || fault === 'denied';
  }

  private tombstone(call: ServerUnaryCall<TombstoneReq, TombstoneResp>, answer: sendUnaryData<TombstoneResp>): void {
    const stream = nameOf(call.request.getOptions()!.getStreamIdentifier()!);
    if (this.log.isDeleted(stream)) return answer(streamDeleted(stream));
    const { last } = this.log.write(stream, [tombstone()]);
    const at = String(last.commit);
    const position = new TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
    void this.log.whenReadable(last).then(() => answer(null, new TombstoneResp().setPosition(position)));
  }

  private commitLate(commit: () => unknown, ms: number): void {
    this.late.push(new Promise((resolve) => setTimeout(resolve, ms)).then(() => void commit()));
  }

  private isFollower(metadata: Metadata): boolean {
    return this.leader !== undefined && metadata.get('requires-leader')[0] === 'true';
  }

  private notLeader(): ReturnType<typeof refusal> {
    const { address, port } = this.leader ?? this;
    return refusal(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': address,
      'leader-endpoint-port': String(port),
    });
  }

  private gossip(): ClusterInfo {
    const leader = this.leader ?? this;
    const member = (server: ScriptedServer, state: MemberInfo.VNodeState): MemberInfo =>
      new MemberInfo()
        .setInstanceId(new UUID().setString(randomUUID()))
        .setTimeStamp('0')
        .setState(state)
        .setIsAlive(true)
        .setHttpEndPoint(new EndPoint().setAddress(server.address).setPort(server.port));
    const members = [member(leader, MemberInfo.VNodeState.LEADER)];
    if (this.leader) members.push(member(this, MemberInfo.VNodeState.FOLLOWER));
    return new ClusterInfo().setMembersList(members);
  }
}

/** An event of the server's own, such as metadata: `systemEvent('$metadata', { $maxCount: 1 })`. */
export function systemEvent(type: string, data: object): Proposed {
  const bytes = Buffer.from(JSON.stringify(data));
  return { id: randomUUID(), type, contentType: 'application/json', data: bytes, metadata: Buffer.alloc(0) };
}

/** What stands at the end of a deleted stream. */
export const tombstone = (): Proposed => ({
  ...systemEvent(TOMBSTONE, {}),
  contentType: 'application/octet-stream',
  data: Buffer.alloc(0),
});

/** What other applications and the server itself write into the same database, none of it a ledger's. */
export function othersWrite(log: MemoryLog): void {
  log.write('$stats-127.0.0.1:2113', [systemEvent('$statsCollected', { 'proc-cpu': 1 })]);
  log.write('orders-7', [systemEvent('OrderPlaced', {}), systemEvent('OrderPaid', {})]);
  log.write('$ce-orders', [systemEvent('$>', { link: '0@orders-7' })]);
  log.write('$projections-$by_category-checkpoint', [systemEvent('$ProjectionCheckpoint', {})]);
  log.write('$$orders-6', [systemEvent('$metadata', { $tb: 9223372036854775807 })]);
}

const unimplemented = (_: unknown, answer: sendUnaryData<never>): void =>
  answer(refusal(status.UNIMPLEMENTED, 'not scripted'));

function refusal(code: status, details: string, trailers: Record<string, string> = {}) {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

const timedOut = (what: string) => refusal(status.ABORTED, `Operation timed out: ${what}`);
const accessDenied = () => refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
const streamDeleted = (stream: string) =>
  refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
const eventTooLarge = () =>
  refusal(status.INVALID_ARGUMENT, 'Maximum Append Event Size Exceeded.', {
    exception: 'maximum-append-event-size-exceeded',
  });
const tooLarge = (bytes: number) =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(bytes),
  });

/** As EventStoreDB 23.10 says it: batched appends are there, and must not be used. */
function features(): SupportedMethods {
  const method = new SupportedMethod()
    .setServiceName('event_store.client.streams.streams')
    .setMethodName('batchappend');
  return new SupportedMethods().setEventStoreServerVersion('23.10.0.0').setMethodsList([method]);
}

function proposedOf(message: AppendReq.ProposedMessage): Proposed {
  return {
    id: message.getId()!.getString(),
    type: message.getMetadataMap().get('type')!,
    contentType: message.getMetadataMap().get('content-type')!,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasAny() ? 'any' : Number(options.getRevision());
}

/** What a server counts against its bound. */
const sizeOf = ({ type, data, metadata }: Proposed): number => 2 * type.length + data.length + metadata.length;

const NO_STREAM_AS_REVISION = '18446744073709551615';

function answerTo(
  outcome: Exclude<ReturnType<MemoryLog['append']>, { kind: 'dropped' }>,
  expected: Expected,
): AppendResp {
  if (outcome.kind === 'wrong') {
    const wrong = new AppendResp.WrongExpectedVersion();
    if (outcome.current >= 0) wrong.setCurrentRevision(String(outcome.current));
    else wrong.setCurrentNoStream(new Empty());
    if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
    else if (expected === 'no_stream') wrong.setExpectedRevision(NO_STREAM_AS_REVISION);
    return new AppendResp().setWrongExpectedVersion(wrong);
  }
  const at = String(outcome.last.commit); // twice, whatever the prepare position is
  const position = new AppendResp.Position().setCommitPosition(at).setPreparePosition(at);
  return new AppendResp().setSuccess(
    new AppendResp.Success().setCurrentRevision(String(outcome.revision)).setPosition(position),
  );
}

function pageOf(visible: readonly Logged[], options: ReadReq.Options): readonly Logged[] {
  const stream = options.getStream()!;
  const forwards = options.getReadDirection() === ReadReq.Options.ReadDirection.FORWARDS;
  const from = stream.hasRevision() ? Number(stream.getRevision()) : stream.hasEnd() ? Infinity : 0;
  const count = Number(options.getCount());
  const first = visible[0].revision;
  const start = Math.max(from - first, 0);
  if (forwards) return visible.slice(start, start + count);
  const end = Math.max(Math.min(from - first + 1, visible.length), 0);
  return visible.slice(Math.max(end - count, 0), end).reverse();
}

/** By the names of streams. */
function filterOf(options: ReadReq.Options): (stream: string) => boolean {
  const filter = options.getFilter()!.getStreamIdentifier()!;
  const [regex, prefixes] = [new RegExp(filter.getRegex(), 'u'), filter.getPrefixList()];
  // The server compares by the rules of a language: a letter and the accent after it are one.
  if (prefixes.length === 0) return (stream) => regex.test(stream);
  return (stream) =>
    prefixes.some((prefix) => stream.startsWith(prefix) && !/^\p{M}/u.test(stream.slice(prefix.length)));
}

/** Where a subscription begins: after the place. */
function startOf(log: MemoryLog, all: ReadReq.Options.AllOptions): number {
  const position = all.getPosition();
  if (!position) return all.hasEnd() ? log.events.length : 0;
  const [commit, prepare] = [Number(position.getCommitPosition()), Number(position.getPreparePosition())];
  return log.indexAfter({ commit, prepare });
}

function eventMessage(event: Logged): ReadResp {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(event.type === TOMBSTONE ? '9223372036854775807' : String(event.revision))
    .setCommitPosition(String(event.commit))
    .setPreparePosition(String(event.prepare))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type);
  recorded.getMetadataMap().set('content-type', event.contentType);
  recorded.getMetadataMap().set('created', '17000000000000000');
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(event.commit)));
}

function checkpointMessage({ commit, prepare }: Logged): ReadResp {
  return new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  );
}

const notFound = (stream: string): ReadResp =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)));
const identifierOf = (stream: string): StreamIdentifier => new StreamIdentifier().setStreamName(Buffer.from(stream));
const nameOf = (identifier: StreamIdentifier): string => Buffer.from(identifier.getStreamName_asU8()).toString();
