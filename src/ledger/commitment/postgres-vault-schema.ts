/**
 * The vault's tables in PostgreSQL; `[v]` leads from version v to v + 1, and is never edited once released. No key is in them as it is: each
 * is wrapped under a wrapping key, and the reference to that one keeps it registered for as long as anything is kept under it.
 */
export const POSTGRES_VAULT: readonly string[] = [
  `
  CREATE TABLE wrapping_key (
    id            text COLLATE "C" PRIMARY KEY,  -- tells which it is, and nothing of its bytes
    n             bigint GENERATED ALWAYS AS IDENTITY,  -- the highest is current
    registered_at text NOT NULL
  );
  CREATE TABLE subject_key (
    subject       text COLLATE "C" PRIMARY KEY,  -- <kind>:<opaque id>
    wrapped       bytea CHECK (octet_length(wrapped) = 92),  -- nonce, 64 bytes encrypted, tag
    wrapped_under text COLLATE "C" REFERENCES wrapping_key (id),
    made_at       text,
    destroyed_at  text,
    CHECK ((wrapped IS NULL) = (wrapped_under IS NULL)),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
  );
  CREATE TABLE ledger_key (
    name          text COLLATE "C" PRIMARY KEY,
    wrapped       bytea NOT NULL CHECK (octet_length(wrapped) = 60),
    wrapped_under text COLLATE "C" NOT NULL REFERENCES wrapping_key (id),
    made_at       text NOT NULL
  );
  CREATE TABLE sealed_mark (
    origin text COLLATE "C" PRIMARY KEY,
    size   bigint NOT NULL CHECK (size >= 0),
    root   bytea NOT NULL CHECK (octet_length(root) = 32)
  );

  CREATE FUNCTION vault_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
  CREATE TRIGGER destroyed_once BEFORE UPDATE ON subject_key FOR EACH ROW WHEN (old.destroyed_at IS NOT NULL)
    EXECUTE FUNCTION vault_refuses('a destruction stays on record');
  CREATE TRIGGER subject_key_kept BEFORE DELETE ON subject_key FOR EACH ROW
    EXECUTE FUNCTION vault_refuses('a key is destroyed on record');
  CREATE TRIGGER ledger_key_kept BEFORE DELETE ON ledger_key FOR EACH ROW EXECUTE FUNCTION vault_refuses('the salts hang on it');
  CREATE TRIGGER sealed_mark_kept BEFORE DELETE ON sealed_mark FOR EACH ROW EXECUTE FUNCTION vault_refuses('a mark is only raised');
  CREATE TRIGGER sealed_mark_raised BEFORE UPDATE ON sealed_mark FOR EACH ROW
    WHEN (new.size <= old.size OR new.origin <> old.origin) EXECUTE FUNCTION vault_refuses('a mark is only raised');
  `,
  // Which events all this is of: a node that brings others has a setting wrong.
  `
  CREATE TABLE ledger_identity (one boolean PRIMARY KEY DEFAULT true CHECK (one), id text COLLATE "C" NOT NULL);
  `,
];
