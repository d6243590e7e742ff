import { Failure } from '../kernel/errors';
import { hasWitnessKey, witnessKey, type WitnessKey } from './witness-key';
import { WitnessStore } from './witness-store';

export interface OpenedWitness {
  readonly key: WitnessKey;
  readonly store: WitnessStore;
}

/**
 * A witness's key and its memory, which belong together: a key beside an empty memory would believe the first history it is
 * shown, and might contradict what it has signed. Both are made in a new directory; a crash while they are made may leave a key
 * without a memory, which is refused like a lost one.
 * @throws Failure `witness.store_lost` unless `beginAnew`, `witness.store_of_another`, `witness.locked`, or what `witnessKey` throws
 */
export async function openWitness(
  directory: string,
  { name, beginAnew = false }: { readonly name?: string; readonly beginAnew?: boolean } = {},
): Promise<OpenedWitness> {
  const isNew = !hasWitnessKey(directory);
  const store = WitnessStore.open(directory);
  try {
    const key = await witnessKey(directory, name);
    const { vkey } = store;
    if (vkey === undefined && !isNew && !beginAnew) throw storeLost(directory);
    if (vkey !== undefined && vkey !== key.vkey) throw storeOfAnother(directory, vkey);
    if (vkey === undefined) store.belongsTo(key.vkey);
    return { key, store };
  } catch (error) {
    store.close();
    throw error;
  }
}

const storeLost = (directory: string): Failure =>
  new Failure('invalid', 'witness.store_lost', {
    zh: `${directory} 中有见证人密钥，却没有它见证过什么的记录（witness.db）：继续使用该密钥，可能为与此前相反的历史作证。请换用新目录和新密钥；确知没有矛盾时可用 --begin-anew 启动一次。`,
    en: `${directory} has a witness's key but no memory of what it has cosigned (witness.db): with this key it might cosign what contradicts that. Take a new directory and a new key; or, when you know that nothing does, start once with --begin-anew.`,
  });

const storeOfAnother = (directory: string, vkey: string): Failure =>
  new Failure('invalid', 'witness.store_of_another', {
    zh: `${directory} 中的 witness.db 属于另一把公钥（${vkey}）。`,
    en: `The witness.db in ${directory} is that of another key (${vkey}).`,
  });
