import type { Bilingual } from '../kernel/errors';
import { m } from './bilingual';

/** The page of the transparency log. */
export const logMessages = {
  'nav.log': m('透明日志', 'Transparency log'),
  'log.title': m('透明日志', 'Transparency log'),
  'log.lead': m(
    '一本公开的账，只增不改。每一次执法登记在其中占一行；谁要悄悄改动、删去或插入一行，都会被看出来，包括我们自己。',
    'A public book that only grows. Every act that is entered takes one line of it, and nobody can alter, remove or insert a line unseen: not even we.',
  ),
  'log.frozen': m('警报：日志停住了', 'Alarm: the log stands still'),
  'log.frozen.what': m(
    '有 {0} 条登记等候写入，最早的一条已等了 {1} 秒。执法登记照常进行；如长时间如此，请向监督机关询问原因。',
    '{0} entries are waiting to be written, the oldest for {1} seconds. Acts are recorded as ever; if this lasts, ask the supervisor why.',
  ),
  'log.frozen.witnesses': m(
    '原因：见证人没有附署（{0}），新的检查点凑不够见证，不予发布；见证人恢复后，等候的登记自动写入。',
    'The reason: witnesses have not cosigned ({0}), and without enough of them no checkpoint is published. When they are back, what waits is written by itself.',
  ),
  'log.frozen.conflict': m(
    '原因：有见证人见过与此不同的日志，在查明之前不再发布。',
    'The reason: a witness has seen another history of this log; nothing is published until that is explained.',
  ),
  'log.frozen.other': m(
    '原因：写入日志的程序或存储有故障，已向管理员报警，与见证人无关。',
    'The reason: a fault of the program or the storage that writes the log, not of its witnesses. The operator has been alarmed.',
  ),
  'log.off': m('这台服务器只展示日志，不写入日志。', 'This server shows the log and does not write it.'),
  'log.none': m('日志刚刚建立，还没有发布检查点。', 'The log has just been made; no checkpoint is published yet.'),
  'log.what': m('这是什么', 'What it is'),
  'log.what.1': m(
    '每次登记的每一项内容，先与一串随机数一起算成摘要，再合成 32 个字节，作为日志的一行。日志里没有任何内容，个人信息无从泄露；公开了哪一项，就能核对哪一项。',
    'Each item of an act is hashed together with random bytes, and from all of them come the 32 bytes that are its line in the log. The log itself says nothing, so no personal data can leak from it; whatever is disclosed can be checked.',
  ),
  'log.what.2': m(
    '所有的行结成一棵哈希树。任何一行变了一个字节，树根就完全不同。',
    'All lines form a tree of hashes. If one byte of one line changes, the root is another.',
  ),
  'log.what.3': m(
    '日志把“共有多少行、树根是什么”写成检查点，签上名，随登记不断发布。',
    'The log writes how many lines there are, and their root, into a checkpoint, signs it, and publishes one after another as acts are entered.',
  ),
  'log.what.4': m(
    '见证人是本机关管不着的机构。它们核对每个新检查点确实是上一个的延续，才在上面附署；对不上的，它们留作证据。',
    'Witnesses are bodies that this agency does not control. They cosign a checkpoint only if it continues the one before; one that does not they keep as evidence.',
  ),
  'log.newest': m('最新的检查点', 'The newest checkpoint'),
  'log.state': m('状态', 'State'),
  'log.state.live': m('正常', 'Live'),
  'log.state.frozen': m('停住', 'Stands still'),
  'log.state.off': m('只展示', 'Shown only'),
  'log.published': m('发布时间', 'Published'),
  'log.behind': m('等候写入', 'Waiting'),
  'log.raw': m('原始文件：', 'As files: '),
  'log.raw.checkpoint': m('检查点', 'checkpoint'),
  'log.raw.vkey': m('公钥', 'verifier keys'),
  'log.raw.policy': m('信任策略', 'trust policy'),
  'log.keys': m('公钥与见证人', 'Keys and witnesses'),
  'log.keys.what': m(
    '请与从别处得到的指纹核对：公报、报纸、见证机构自己的网站。这里列出的与别处一致，才说明没有人把钥匙一起换掉。',
    'Compare these with fingerprints from elsewhere: the gazette, a newspaper, the witnesses’ own sites. Only if they agree has nobody changed the keys as well.',
  ),
  'log.key.role': m('谁的', 'Whose'),
  'log.key.role.log': m('日志', 'Log'),
  'log.key.role.earlier': m('日志（旧）', 'Log (earlier)'),
  'log.key.role.witness': m('见证人', 'Witness'),
  'log.key.name': m('名称', 'Name'),
  'log.key.id': m('编号', 'Id'),
  'log.key.fingerprint': m('公钥的 SHA-256 指纹', 'SHA-256 of the public key'),
  'log.key.cosigned': m('最近一次附署', 'Cosigned the newest'),
  'log.key.not_cosigned': m('没有附署最新的检查点', 'not the newest'),
  'log.quorum.none': m(
    '目前不要求见证：这时只能证明日志这样签过名，不能排除它给别人看的是另一本。',
    'No witness is required at present: proofs show what the log has signed, not that it shows everyone the same.',
  ),
  'log.quorum': m(
    '检查点须有足够的见证人附署才算数：信任策略的要求是“{0}”，见证人共 {1} 个。',
    'A checkpoint counts when enough witnesses have cosigned it: the trust policy requires “{0}”, of {1} witnesses.',
  ),
  'log.check': m('怎样自己查验', 'How to check for yourself'),
  'log.check.notice': m('核对一条公示', 'A notice'),
  'log.check.notice.what': m(
    '打开任何一条公示，点“验证此记录”；也可以下载一份自带证明的副本，断网也能核对。',
    'Open any notice and press “Verify this record”; or download the copy that verifies without a network.',
  ),
  'log.check.verify': m('核对证明文件', 'A proof file'),
  'log.check.verify.what': m(
    '取得信任策略以后不再联网，也不依赖本站。trust.policy 写明您信任谁，最好自己从别处抄录。',
    'Offline once you have the policy, and without this site. The file trust.policy says whom you trust; best of all, write it yourself from other sources.',
  ),
  'log.check.monitor': m('盯住整本日志', 'The whole log'),
  'log.check.monitor.what': m(
    '持续跟随检查点，核对每一个都是前一个的延续，保存分叉或停住的证据。任何人都可以运行。',
    'Follows the checkpoints, checks that each continues the one before, and keeps evidence of a fork or of a log that stands still. Anyone can run it.',
  ),
  'log.check.witness': m('做见证人', 'Be a witness'),
  'log.check.witness.what': m(
    '检察院、大学、报社等可以运行见证人：一个程序，自己保存状态。把它的公钥交给本机关，也在自己的网站上公布。',
    'A procuratorate, a university or a newspaper can run one: a single program with a store of its own. Give its key to this agency, and publish it on your own site.',
  ),
  'log.check.formats': m(
    '格式都是公开的，用别人写的软件也能核对：C2SP 的 tlog-tiles、tlog-checkpoint、tlog-proof、tlog-cosignature、tlog-witness、tlog-policy，哈希树照 RFC 6962，披露照 RFC 9901（SD-JWT）。',
    'All formats are public, so that software by others can check as well: C2SP tlog-tiles, tlog-checkpoint, tlog-proof, tlog-cosignature, tlog-witness and tlog-policy, the tree of RFC 6962, disclosures as in RFC 9901 (SD-JWT).',
  ),
} as const satisfies Record<string, Bilingual>;
