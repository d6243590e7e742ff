import { IN_FILES, inPostgres } from '../postgres/fresh-schema';
import { PASSWORD, send, startServer, type Answer, type TestServer } from './server';

describe.each([
  ['accounts.db', () => IN_FILES],
  ['PostgreSQL', inPostgres],
])('accounts in %s', (_, stores) => {
  let server: TestServer;
  let admin: string;
  beforeAll(async () => {
    server = await startServer(stores());
    admin = await server.signedIn('admin', ['admin']);
  });
  afterAll(() => server.close());

  const logIn = (login: string, password: string, from = '192.0.2.7'): Promise<Answer> =>
    send(server, 'POST', '/api/session', { body: { login, password }, from });

  describe('a session', () => {
    test('begins with a login, says who one is, and ends', async () => {
      await server.signedIn('zhang.san', ['officer'], 'body-1');
      const answer = await logIn('Zhang.San', PASSWORD);
      expect(answer.status).toBe(201);
      expect(answer.text).not.toContain('argon2');
      const token = String(answer.body.token);
      const me = await send(server, 'GET', '/api/session', { token });
      expect(me.body).toMatchObject({
        account: { login: 'zhang.san', roles: ['officer'], bodyId: 'body-1' },
        expiresAt: answer.body.expiresAt,
      });
      expect((await send(server, 'DELETE', '/api/session', { token })).status).toBe(204);
      expect((await send(server, 'GET', '/api/session', { token })).body.code).toBe('access.token_invalid');
    });

    test('expires', async () => {
      const token = await server.signedIn('expires', ['officer']);
      const { ms } = server.clock;
      server.clock.ms = ms + 12 * 3_600_000 - 1;
      expect((await send(server, 'GET', '/api/session', { token })).status).toBe(200);
      server.clock.ms = ms + 12 * 3_600_000;
      const late = await send(server, 'GET', '/api/session', { token });
      server.clock.ms = ms;
      expect(late.status).toBe(401);
      expect(late.headers['www-authenticate']).toContain('error="invalid_token"');
    });

    test('a wrong password and an unknown login are answered alike', async () => {
      await server.signedIn('known', ['officer']);
      const [wrong, unknown] = [await logIn('known', 'wrong-password'), await logIn('nobody', 'wrong-password')];
      expect(wrong.status).toBe(401);
      expect({ ...wrong.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    });

    test('guessing is slowed down, for this login from this address only', async () => {
      await server.signedIn('guessed', ['officer']);
      await server.signedIn('colleague', ['officer']);
      const guesses = await Promise.all(
        Array.from({ length: 8 }, (_, i) => logIn('guessed', `guess-${i}`, '198.51.100.1')),
      );
      expect(guesses.filter((g) => g.status === 401)).toHaveLength(5);
      const refused = guesses.filter((g) => g.status === 429);
      expect(refused).toHaveLength(3);
      expect(refused[0].body.code).toBe('request.throttled');
      expect(Number(refused[0].headers['retry-after'])).toBeGreaterThan(0);
      expect((await logIn('guessed', PASSWORD, '198.51.100.1')).status).toBe(429);
      expect((await logIn('colleague', PASSWORD, '198.51.100.1')).status).toBe(201);
      expect((await logIn('guessed', PASSWORD, '198.51.100.2')).status).toBe(201);
    });

    test('a new password needs the old one, and ends every session', async () => {
      const token = await server.signedIn('changes', ['officer']);
      const change = (current: string) =>
        send(server, 'POST', '/api/session/password', { token, body: { current, password: 'a-much-better-one' } });
      expect((await change('not-it-at-all')).status).toBe(401);
      expect((await change(PASSWORD)).status).toBe(204);
      expect((await send(server, 'GET', '/api/session', { token })).status).toBe(401);
      expect((await logIn('changes', 'a-much-better-one')).status).toBe(201);
    });

    test('characters that no store can hold are no login and no name', async () => {
      expect((await logIn('\0', PASSWORD)).body.code).toBe('session.wrong_login');
      const cursor = Buffer.from('a\0').toString('base64url');
      expect((await send(server, 'GET', `/api/accounts?cursor=${cursor}`, { token: admin })).status).toBe(200);
      const body = { login: 'nul', displayName: '\0', password: PASSWORD, roles: ['cashier'] };
      const refused = await send(server, 'POST', '/api/accounts', { token: admin, body });
      expect(refused.body).toMatchObject({ status: 400, code: 'account.bad_text', field: 'displayName' });
    });

    test('a login with unknown fields or none is refused by field', async () => {
      const answer = await send(server, 'POST', '/api/session', { body: { login: 'x', remember: true } });
      expect(answer.status).toBe(400);
      expect(answer.body.code).toBe('request.invalid');
      expect(answer.text).toContain('password');
      expect(answer.text).toContain('remember');
    });
  });

  describe('who may', () => {
    test('nobody signed in: public routes and public commands, nothing else', async () => {
      expect((await send(server, 'GET', '/api/notes')).status).toBe(200);
      const rated = await send(server, 'POST', '/api/notes/rated/rate-note', { body: { stars: 5 } });
      expect(rated.status).toBe(201);
      for (const [method, url] of [
        ['GET', '/api/notes/x'],
        ['GET', '/api/notes/x/secret'],
        ['GET', '/api/accounts'],
        ['GET', '/api/readings'],
        ['GET', '/api/session'],
        ['GET', '/api/operations/projections'],
        ['POST', '/api/notes/x/open-note'],
        ['POST', '/api/accounts'],
      ] as const) {
        const answer = await send(server, method, url);
        expect([url, answer.status, answer.body.code]).toEqual([url, 401, 'access.sign_in_required']);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="mingjing"');
      }
    });

    test('a token that does not hold is refused even where none is needed', async () => {
      expect((await send(server, 'GET', '/api/notes', { token: 'x'.repeat(43) })).status).toBe(401);
      expect((await send(server, 'GET', '/api/notes', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401);
    });

    test('a role that is missing is named', async () => {
      const token = await server.signedIn('cashier', ['cashier']);
      const command = await send(server, 'POST', '/api/notes/x/open-note', { token, body: { title: 'x' } });
      expect(command.body).toMatchObject({ status: 403, code: 'access.role_required', basis: 'D01' });
      expect((await send(server, 'GET', '/api/notes/x/secret', { token })).status).toBe(403);
      expect((await send(server, 'POST', '/api/notes/x/sweep-notes', { token })).status).toBe(403);
    });
  });

  describe('accounts', () => {
    const newAccount = (fields: object, token = admin) =>
      send(server, 'POST', '/api/accounts', {
        token,
        body: {
          ...{ login: 'new', displayName: '赵六', password: 'long-enough-pw', roles: ['officer'], officerId: 'o-6' },
          ...fields,
        },
      });

    test('whoever decides is known as an officer', async () => {
      for (const role of ['officer', 'reviewer', 'head']) {
        const answer = await newAccount({ login: 'nobody', officerId: undefined, roles: ['supervisor', role] });
        expect(answer.body).toMatchObject({ status: 400, code: 'account.officer_required', field: 'officerId' });
      }
      const clerk = await newAccount({ login: 'clerk', officerId: undefined, roles: ['registrar'] });
      expect(clerk.status).toBe(201);
      const promoted = await send(server, 'PATCH', `/api/accounts/${String(clerk.body.id)}`, {
        token: admin,
        body: { roles: ['head'] },
      });
      expect(promoted.body.code).toBe('account.officer_required');
    });

    test('are made, listed in pages, and their logins are taken once', async () => {
      const made = await newAccount({ login: 'zhao.liu', bodyId: 'body-2' });
      expect(made.status).toBe(201);
      expect((await newAccount({ login: 'ZHAO.LIU' })).body).toMatchObject({
        status: 409,
        code: 'account.login_taken',
      });
      const logins: string[] = [];
      for (let next: unknown = ''; next !== undefined;) {
        const page = await send(server, 'GET', `/api/accounts?limit=2${next ? `&cursor=${String(next)}` : ''}`, {
          token: admin,
        });
        const items = page.body.items as Array<{ login: string }>;
        expect(items.length).toBeLessThanOrEqual(2);
        expect(page.text).not.toContain('argon2');
        logins.push(...items.map((i) => i.login));
        next = page.body.next;
      }
      expect(logins).toEqual([...new Set(logins)].sort());
      expect(logins).toContain('zhao.liu');
    });

    test('are listed by code point, whatever the order of the database', async () => {
      const logins = ['名', 'é', 'a_1', 'a.1', 'a-1', 'a1', '𠮷', '一'];
      for (const login of logins) await newAccount({ login, bodyId: 'body-order' });
      const local = await server.signedIn('b.admin', ['admin'], 'body-order');
      const found: string[] = [];
      for (let next: unknown = ''; next !== undefined;) {
        const cursor = next ? `&cursor=${String(next)}` : '';
        const page = await send(server, 'GET', `/api/accounts?limit=1${cursor}`, { token: local });
        found.push(...(page.body.items as Array<{ login: string }>).map((account) => account.login));
        next = page.body.next;
      }
      const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(found).toEqual([...logins, 'b.admin'].sort(byBytes));
    });

    test.each([
      ['roles', { roles: ['system'] }],
      ['roles', { roles: [] }],
      ['password', { password: 'short' }],
      ['login', { login: 'a b' }],
      ['bodyId', { bodyId: '../x' }],
    ])('are bounded: %s', async (field, fields) => {
      expect((await newAccount({ login: 'bounded', ...fields })).body).toMatchObject({ status: 400, field });
    });

    test('a disabled account is out at once; new roles hold at once; nobody changes their own', async () => {
      const token = await server.signedIn('leaver', ['officer'], 'body-1');
      const { account } = (await send(server, 'GET', '/api/session', { token })).body as { account: { id: string } };
      const change = (body: object, id = account.id) =>
        send(server, 'PATCH', `/api/accounts/${id}`, { token: admin, body });
      expect((await change({ roles: ['investigator'] })).status).toBe(200);
      expect((await send(server, 'GET', '/api/notes/x/secret', { token })).status).toBe(200);
      expect((await change({ disabled: true })).status).toBe(200);
      expect((await send(server, 'GET', '/api/session', { token })).status).toBe(401);
      expect((await logIn('leaver', PASSWORD)).status).toBe(401);
      await change({ disabled: false, password: 'a-new-beginning' });
      expect((await logIn('leaver', 'a-new-beginning')).status).toBe(201);
      const changes = await send(server, 'GET', `/api/accounts/${account.id}/changes`, { token: admin });
      expect(changes.text).toContain('investigator');
      expect(changes.text).not.toContain('a-new-beginning');
      const own = (await send(server, 'GET', '/api/session', { token: admin })).body as { account: { id: string } };
      expect((await change({ roles: ['admin', 'head'] }, own.account.id)).body.code).toBe('account.own');
      expect((await change({ disabled: true }, 'no-such')).status).toBe(404);
    });

    test('an administrator of one body stays within it', async () => {
      const local = await server.signedIn('local.admin', ['admin'], 'body-1');
      expect((await newAccount({ login: 'far' }, local)).body.code).toBe('access.other_body');
      expect((await newAccount({ login: 'far', bodyId: 'body-2' }, local)).status).toBe(403);
      expect((await newAccount({ login: 'near', bodyId: 'body-1' }, local)).status).toBe(201);
      const page = await send(server, 'GET', '/api/accounts', { token: local });
      const bodies = (page.body.items as Array<{ bodyId: string }>).map((i) => i.bodyId);
      expect(new Set(bodies)).toEqual(new Set(['body-1']));
    });
  });

  test('who read what is on record, and those who look into it find it', async () => {
    const reader = await server.signedIn('reader', ['officer'], 'body-1');
    const investigator = await server.signedIn('investigator', ['investigator']);
    const opened = await send(server, 'POST', '/api/notes/read-1/open-note', { token: reader, body: { title: '甲' } });
    await send(server, 'GET', `/api/notes/read-1?position=${String(opened.body.position)}`, { token: reader });
    await send(server, 'GET', '/api/notes/unread', { token: reader });
    expect((await send(server, 'GET', '/api/readings', { token: reader })).status).toBe(403);
    const found = await send(server, 'GET', '/api/readings?collection=notes&record=read-1', { token: investigator });
    expect(found.body.items).toEqual([
      expect.objectContaining({
        collection: 'notes',
        record: 'read-1',
        body: 'body-1',
        at: '2026-03-10T02:00:00.000Z',
      }),
    ]);
    expect((await send(server, 'GET', '/api/readings?record=unread', { token: investigator })).body.items).toEqual([]);
    expect((await send(server, 'GET', '/api/readings?shape=1', { token: investigator })).status).toBe(400);
  });
});
