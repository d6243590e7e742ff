import { join } from 'node:path';
import type { Command } from 'commander';
import type { ErasureRow } from '../../projections/erasures/erasures';
import { eraseCommand } from '../../src/cli/erase.command';
import { exportCommand } from '../../src/cli/export.command';
import { rebuildCommand } from '../../src/cli/rebuild.command';
import { AcceptComplaint, LodgeComplaint, ReopenComplaint } from '../../src/oversight/complaint-commands';
import { ComplaintClosed, ComplaintLodged } from '../../src/oversight/complaint-events';
import { complaintDecider } from '../../src/oversight/complaint';
import { ERASED } from '../../src/kernel/erased';
import { Failure } from '../../src/kernel/errors';
import { event } from '../../src/kernel/event';
import { subjectDecider } from '../../src/privacy/erasure';
import { ErasePersonalData } from '../../src/privacy/erasure-commands';
import { vaultCopy } from '../commitment/vault-copy';
import { Agency } from './agency';
import { body } from './sample-acts';

const SUBJECT = 'complainant:complainant-c1';
const ADDRESS = 'complainant.complainant-c1';
const NAME = '彭爨龗';
const privacy = { account: 'privacy-1', officer: undefined, body: undefined, roles: ['privacy'] };
const supervisor = { account: 'supervisor-1', roles: ['supervisor'] };

describe('carrying an erasure out', () => {
  let agency: Agency;

  beforeEach(async () => {
    agency = await new Agency().on('2026-03-01').open();
    await agency.happened('body-b1', ...body);
    const lodged = event(ComplaintLodged, {
      ...{ topic: 'other', source: 'report', bodyId: 'b1', misconduct: [], anonymous: false, reachable: true },
      ...{ complainantId: 'complainant-c1', text: '态度差', name: NAME, contact: '13900000000' },
    });
    await agency.happened('complaint-c1', lodged, event(ComplaintClosed, { closing: 'resolved' }));
    await agency.settled();
  });
  afterEach(() => agency.close());

  const erase = () =>
    agency.give(subjectDecider, ADDRESS, [ErasePersonalData, { ground: 'consent_withdrawn' }], privacy);
  const hasKey = async () => (await agency.running.vault.keysForReading([SUBJECT])).has(SUBJECT);
  const row = () => agency.running.rows.readModel.get<ErasureRow>('erasures', 'erasure', ADDRESS);
  const nameInRow = async () =>
    (await agency.running.rows.readModel.get<{ name: string }>('complaints', 'complaint', 'c1'))?.name;

  test('the key is destroyed, and the row says when and by whose decision', async () => {
    await erase();
    await agency.settled();
    expect(await hasKey()).toBe(false);
    expect(await nameInRow()).toBe(ERASED);
    expect(await row()).toMatchObject({
      ...{ id: ADDRESS, subject: SUBJECT, kind: 'complainant', ground: 'consent_withdrawn', decidedBy: 'privacy-1' },
      destroyedAt: '2026-03-01T02:00:00.000Z',
    });
  });

  test('a vault that is away holds it up and no more; it is done when the vault is back', async () => {
    const { vault } = agency.running;
    const away = new Failure('unavailable', 'privacy.vault_busy', { zh: '忙', en: 'busy' });
    const destroy = jest.spyOn(vault, 'destroy').mockRejectedValueOnce(away);
    await erase();
    await agency.settled();
    expect(destroy).toHaveBeenCalledTimes(2);
    expect(await hasKey()).toBe(false);
    expect(await agency.typesIn('erasure-register')).toEqual(['SubjectKeyDestroyed']);
  });

  test('a crash after the destruction, before it is on record, is made good; the record is made once', async () => {
    await agency.running.vault.destroy(SUBJECT, '2026-03-01T02:00:00.000Z');
    await erase();
    await agency.settled();
    expect(await agency.typesIn('erasure-register')).toEqual(['SubjectKeyDestroyed']);
    await agency.forgetReadModel(); // everything is told to the processes again
    expect(await agency.typesIn('erasure-register')).toEqual(['SubjectKeyDestroyed']);
    expect(await agency.running.rows.processes.refusals()).toEqual([]);
  });

  test('a restored vault, beside rows that have to be built again, shows nothing at any moment', async () => {
    await agency.shut();
    const putVaultBack = await vaultCopy(agency.directory, agency.stores);
    await agency.open();
    await erase();
    await agency.settled();
    await agency.restart(putVaultBack);
    expect(await hasKey()).toBe(false);
    await agency.forgetReadModel();
    expect(await nameInRow()).toBe(ERASED);
  });

  test('what was folded before the erasure is folded anew: the complaint cannot be reopened, another can be lodged', async () => {
    const reopen = () => agency.give(complaintDecider, 'c1', [ReopenComplaint, { reason: '新线索' }], supervisor);
    const accept = () => agency.give(complaintDecider, 'c1', [AcceptComplaint, {}], supervisor);
    await expect(accept()).rejects.toMatchObject({ code: 'complaint.wrong_stage' }); // now it is in memory
    await erase();
    await agency.settled();
    await expect(reopen()).rejects.toMatchObject({ code: 'complaint.erased' });
    const again = { topic: 'other', source: 'report', bodyId: 'b1', anonymous: true, text: '又' };
    await agency.give(complaintDecider, 'c3', [LodgeComplaint, again as LodgeComplaint], supervisor);
  });

  describe('on the command line', () => {
    let printed = '';

    beforeEach(() => {
      printed = '';
      const told = (text: unknown) => ((printed += String(text)), true);
      jest.spyOn(process.stdout, 'write').mockImplementation(told);
      jest.spyOn(process.stderr, 'write').mockImplementation(told);
      const { postgresUrl, postgresSchema } = agency.stores;
      Object.assign(process.env, {
        MINGJING_DATA: agency.directory,
        ...(postgresUrl && { MINGJING_POSTGRES: postgresUrl, MINGJING_POSTGRES_SCHEMA: postgresSchema }),
      });
    });
    afterEach(() => {
      jest.restoreAllMocks();
      for (const name of ['MINGJING_DATA', 'MINGJING_POSTGRES', 'MINGJING_POSTGRES_SCHEMA']) delete process.env[name];
    });

    const run = (command: Command, ...args: string[]) => command.exitOverride().parseAsync(args, { from: 'user' });

    test('erases while no server runs, and says what is left to do with backups', async () => {
      await expect(run(eraseCommand(), SUBJECT, '--basis', 'consent_withdrawn', '--yes')).rejects.toMatchObject({
        code: 'privacy.server_running',
        detail: { zh: expect.stringContaining('POST /api/subjects/') as unknown },
      });
      await agency.shut();
      await expect(run(eraseCommand(), SUBJECT, '--basis', 'consent_withdrawn')).rejects.toMatchObject({
        code: 'privacy.not_confirmed', // nobody to ask
      });
      expect(printed).toMatch(/1 条事件 events, 1 条记录 records/);
      expect(printed).toMatch(/complaints\.complaint: 1 行 rows/);
      await run(eraseCommand(), ADDRESS, '--basis', 'consent_withdrawn', '--reason', '本人申请', '--yes');
      expect(printed).toMatch(/已删除 erased: complainant:complainant-c1 · 个人信息保护法第47条第1款第3项/);
      expect(printed).toMatch(/Destroy earlier backups of vault\.db/);
      await run(eraseCommand(), SUBJECT, '--basis', 'consent_withdrawn', '--yes');
      expect(printed).toMatch(/此前已删除 had been erased before/);
      await agency.open();
      expect(await row()).toMatchObject({ decidedBy: 'command-line', reason: '本人申请' });
      expect(printed).not.toContain(NAME);
    });

    test('what only reads a restored vault refuses; a rebuild destroys the key again first', async () => {
      await agency.shut();
      const putVaultBack = await vaultCopy(agency.directory, agency.stores);
      await agency.open();
      await erase();
      await agency.settled();
      await agency.shut();
      await putVaultBack();
      await expect(run(exportCommand())).rejects.toMatchObject({ code: 'privacy.vault_outdated' });
      await run(rebuildCommand());
      await run(exportCommand(), '-o', join(agency.directory, 'export.jsonl'));
      await agency.open();
      expect(await nameInRow()).toBe(ERASED);
    });
  });
});
