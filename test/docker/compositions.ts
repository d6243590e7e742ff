import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const DOCKER = join(__dirname, '../../docker');
export const COMPOSITIONS = ['compose.yaml', 'compose.cluster.yaml'] as const;

/** A service as compose reads it, as far as these tests look at one. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: ReadonlyArray<string | { readonly source: string; readonly target: string }>;
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly network_mode?: string;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[]; readonly [timing: string]: unknown };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
}

export interface Composition {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

/** A file of ours with its variables filled in, as compose fills them in: `${NAME:-default}`, `${NAME:?what is missing}`, `$$`. */
export function composition(file: string, env: NodeJS.ProcessEnv = process.env, folder = DOCKER): Composition {
  const text = readFileSync(join(folder, file), 'utf8').replace(
    /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (_, name: string | undefined, how: string | undefined, otherwise: string | undefined) => {
      if (name === undefined) return '$';
      const value = env[name];
      if (value) return value;
      if (how === '?') throw new Error(`${name}: ${otherwise}`);
      return otherwise ?? '';
    },
  );
  return parse(text, { merge: true, uniqueKeys: true }) as Composition;
}

/** What these tests fill in. */
export const SETTINGS_OF_COMPOSE = { MINGJING_PUBLIC_URL: 'https://jc.example.gov.cn' };

export const networksOf = ({ networks = [] }: Service): string[] =>
  Array.isArray(networks) ? [...(networks as string[])] : Object.keys(networks);

/** Where in the container each secret of a service stands, and in which file of ours it is kept. */
export function secretsOf({ secrets = {} }: Composition, service: Service): Array<{ path: string; file: string }> {
  return (service.secrets ?? []).map((secret) => {
    const { source, target } = typeof secret === 'string' ? { source: secret, target: secret } : secret;
    return { path: target.startsWith('/') ? target : `/run/secrets/${target}`, file: secrets[source]?.file };
  });
}
