/**
 * Gives the nodes their account in the event store, and says who may do what there, so that nobody can hide or delete an event
 * (src/ledger/eventstoredb/README.md, "Rights"). Runs in Mingjing's image, before the nodes; running it again changes nothing.
 *
 * EVENTSTORE_HOSTS (host:port, …), EVENTSTORE_CA (file), EVENTSTORE_ADMIN_PASSWORD_FILE, EVENTSTORE_PASSWORD_FILE. Node trusts the
 * authority by NODE_EXTRA_CA_CERTS.
 */
const { readFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { isDeepStrictEqual } = require('node:util');
const { EventStoreDBClient, jsonEvent, BACKWARDS, END, ANY, StreamNotFoundError } = require('@eventstore/db-client');

const ACCOUNT = 'mingjing';
const DEFAULT_ACL = {
  $userStreamAcl: {
    $r: [ACCOUNT, '$admins'],
    $w: [ACCOUNT],
    $d: ['$admins'],
    $mr: [ACCOUNT, '$admins'],
    $mw: ['$admins'],
  },
  $systemStreamAcl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
};
const ALL_ACL = { $acl: { $r: [ACCOUNT, '$admins'] } };

const { EVENTSTORE_HOSTS, EVENTSTORE_CA, EVENTSTORE_ADMIN_PASSWORD_FILE, EVENTSTORE_PASSWORD_FILE } = process.env;
const secret = (file) => readFileSync(file, 'utf8').trim();
const admin = { username: 'admin', password: secret(EVENTSTORE_ADMIN_PASSWORD_FILE) };

/** Where users are kept, by HTTP: the client has no call for them. */
async function users(method, path, body) {
  const authorization = `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const [host] = EVENTSTORE_HOSTS.split(',');
  const url = `https://${host}/users/${path}`;
  return fetch(url, { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) });
}

async function makeAccount() {
  const password = secret(EVENTSTORE_PASSWORD_FILE);
  const made = await users('POST', '', { loginName: ACCOUNT, fullName: 'Mingjing', groups: [], password });
  if (made.status === 201) return 'made';
  // It is there: its password becomes the one that the nodes have.
  if (made.status !== 409) throw new Error(`making the account was answered ${made.status}`);
  const reset = await users('POST', `${ACCOUNT}/command/reset-password`, { newPassword: password });
  if (!reset.ok) throw new Error(`its password could not be set: ${reset.status}`);
  return 'there';
}

/** The newest event of a stream; undefined when there is none. */
async function newest(client, stream) {
  try {
    for await (const { event } of client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }))
      return event;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return undefined;
}

async function unlessSaid(client, stream, type, data) {
  const said = await newest(client, stream);
  if (said && said.type === type && isDeepStrictEqual(said.data, data)) return 'there';
  // With credentials of its own: otherwise the client takes batched appends, which it never gives up on.
  await client.appendToStream(stream, jsonEvent({ type, data }), { expectedRevision: ANY, credentials: admin });
  return 'made';
}

async function setRights() {
  const client = EventStoreDBClient.connectionString(
    `esdb://${admin.username}:${admin.password}@${EVENTSTORE_HOSTS}?tls=true&tlsCAFile=${EVENTSTORE_CA}`,
  );
  try {
    console.log(`account ${ACCOUNT}: ${await makeAccount()}`);
    console.log(`default rights: ${await unlessSaid(client, '$settings', 'update-default-acl', DEFAULT_ACL)}`);
    console.log(`rights of $all: ${await unlessSaid(client, '$$$all', '$metadata', ALL_ACL)}`);
  } finally {
    await client.dispose();
  }
}

/** A cluster that has just started has no leader yet: tried again until it has, for two minutes. */
async function main() {
  for (const end = Date.now() + 120_000; ; await sleep(2000)) {
    try {
      return await setRights();
    } catch (error) {
      if (Date.now() > end) throw error;
      console.error(`not yet: ${error.message}`);
    }
  }
}

// A server that neither answers nor refuses: the engine tries again.
setTimeout(() => {
  console.error('the event store does not answer');
  process.exit(1);
}, 150_000).unref();

main().catch((error) => {
  console.error(`the event store’s rights could not be set: ${error.message}`);
  process.exitCode = 1;
});
