import type { Bilingual } from '../kernel/errors';
import { m } from './bilingual';

/** What a browser says while it verifies, and what the panel says without one. */
export const verifyMessages = {
  'verify.title': m('验证此记录', 'Verify this record'),
  'verify.link': m('验证此记录', 'Verify this record'),
  'verify.lead': m(
    '本公示逐项登入一本公开的透明日志：只增不改，任何人都能查验，连管理数据库的人改动了也会留下破绽。点一下，您的浏览器就重新计算一遍，看页面所示是否就是当时登记的内容。',
    'What this notice says was entered, item by item, in a public log that only grows and that anyone can check: not even those who run the database could alter it unseen. One click, and your browser computes everything again and compares this page with what was entered.',
  ),
  'verify.start': m('在浏览器中核对', 'Verify in this browser'),
  'verify.again': m('重新核对', 'Verify again'),
  'verify.download': m('下载可离线验证的副本', 'Download a copy that verifies offline'),
  'verify.script': m(
    '没有出现“核对”按钮：您的浏览器没有运行脚本。不用脚本也可以核对，见下面的证明文件。',
    'If there is no button here, your browser runs no scripts. The proof files below verify without one.',
  ),
  'verify.files': m('不用脚本：证明文件与命令', 'Without a script: proof files and a command'),
  'verify.files.what': m(
    '每条登记有一个证明文件（格式 c2sp.org/tlog-proof）。下载后在自己的电脑上核对，不必联网，也不必信任本站的页面：',
    'Each entry has a proof file (format c2sp.org/tlog-proof). Verify them on a computer of your own, offline, without trusting the pages of this site:',
  ),
  'verify.files.policy': m('信任策略（公钥与见证要求）', 'Trust policy: keys, and which witnesses are required'),
  'verify.files.none': m(
    '这些登记还没有写入日志的检查点，通常只需几秒，请稍后刷新。',
    'No checkpoint of the log covers these entries yet. It takes a few seconds as a rule: reload the page.',
  ),
  'verify.files.entry': m('第 {0} 号登记', 'entry {0}'),
  'verify.keys': m('用我自己信任的公钥', 'Use keys I trust'),
  'verify.keys.what': m(
    '核对要用日志和见证人的公钥。默认使用本站提供的公钥：能发现记录被改动，但不能发现本站把公钥也一起换掉。如果您从别处得到了公钥（公报、报纸、见证机构的网站），请贴在这里，就只按它们核对。',
    'Verifying takes the public keys of the log and of its witnesses. As a rule they come from this site: that shows whether records were changed, but not whether the site has changed its keys as well. If you have keys from elsewhere (the gazette, a newspaper, a witness’s own site), paste them here, and only they will count.',
  ),
  'verify.keys.label': m('公钥（每行一个）或信任策略', 'Verifier keys, one a line, or a trust policy'),
  'verify.keys.hint': m(
    '只贴公钥时：列出的日志须有一个签名，列出的见证人须全部附署。',
    'Of keys alone: one of the logs must have signed, and all of the witnesses must have cosigned.',
  ),
  'verify.keys.start': m('用这些公钥核对', 'Verify with these keys'),
  'verify.keys.empty': m('请先粘贴公钥。', 'Paste the keys first.'),
  'verify.means': m('核对能说明什么，不能说明什么', 'What this shows, and what it does not'),
  'verify.means.1': m(
    '能说明：页面所示与登记时一字不差；登记的次序和时间没有改过；日志给您看的与给见证人看的是同一本。',
    'It shows that the page says, to the letter, what was entered; that order and times were not changed; and that you are shown the same log as its witnesses.',
  ),
  'verify.means.2': m(
    '不能说明：登记的内容本身属实。它只保证事后无人能悄悄改动；内容有误，请投诉举报。',
    'It does not show that what was entered is true: only that nobody could alter it unseen afterwards. If it is wrong, complain.',
  ),
  'verify.means.3': m(
    '核对的脚本也来自本页。如果连页面也不放心，请下载证明文件，用另行取得的 mingjing 程序和公钥核对；别人发来的副本，请到{0}核对。',
    'The script that verifies comes with this page. If you do not trust the page either, take the proof files and verify them with a mingjing program and keys from elsewhere. A copy that somebody sent you is best checked at {0}.',
  ),
  'verify.means.log': m('透明日志页', 'the page of the log'),

  'verify.checking': m('正在核对…', 'Verifying…'),
  'verify.ok': m('已核实：页面所示 {0} 项与登记内容一致', 'Verified: the {0} items shown here are what was entered'),
  'verify.ok.proofs': m('已核实：{0} 条登记都在日志中', 'Verified: {0} entries are in the log'),
  'verify.ok.witnessed': m(
    '{0} 条登记都在日志“{1}”的 {2} 条之中；日志的签名成立，{3} 个见证人附署。',
    'All {0} entries are among the {2} of the log “{1}”; its signature holds, and {3} witnesses have cosigned.',
  ),
  'verify.ok.unwitnessed': m(
    '{0} 条登记都在日志“{1}”的 {2} 条之中；日志的签名成立，没有见证人附署。',
    'All {0} entries are among the {2} of the log “{1}”; its signature holds; no witness has cosigned.',
  ),
  'verify.bad': m('核对未通过', 'Not verified'),
  'verify.bad.page': m('有 {0} 项与登记内容不一致', '{0} items differ from what was entered'),
  'verify.bad.events': m('{0} 条登记的证明不成立', 'the proofs of {0} entries do not hold'),
  'verify.bad.faults': m('证明不属于本公示', 'the proofs are not of this notice'),
  'verify.bad.what': m(
    '请不要把本页当作原始记录。请保存本页和证明文件，并向监督机关反映。',
    'Do not take this page for the record. Keep the page and the proof files, and tell the supervisor.',
  ),
  'verify.bad.partly': m(
    '登记本身的证明都成立，不一致的是页面。请以登记内容为准，并向监督机关反映。',
    'The proofs themselves hold; it is the page that differs. Go by what was entered, and tell the supervisor.',
  ),
  'verify.unable': m('无法在此核对', 'It cannot be verified here'),
  'verify.unable.not_wrong': m('这不表示记录有误。', ' It does not mean that the record is wrong.'),
  'verify.unable.webcrypto': m(
    '浏览器只对 https 页面和存到本机的页面提供核对所需的密码学功能。',
    'Browsers offer the cryptography for this only to https pages and to pages saved on your device.',
  ),
  'verify.unable.webcrypto.todo': m(
    '请改用 https 地址打开本页，或者下载副本后从本机打开，或者用证明文件核对。',
    'Open this page by its https address, or download the copy and open it from your device, or use the proof files.',
  ),
  'verify.unable.ed25519': m('这个浏览器不认识 Ed25519 签名。', 'This browser does not know Ed25519 signatures.'),
  'verify.unable.ed25519.todo': m(
    '请换用较新的浏览器（Chrome 和 Edge 137、Firefox 129、Safari 17 起），或者用证明文件核对。',
    'Take a newer browser (Chrome and Edge from 137, Firefox from 129, Safari from 17), or use the proof files.',
  ),
  'verify.unable.network': m(
    '没有取得证明：网络不通，或者服务器没有应答。',
    'The proofs could not be fetched: there is no network, or the server does not answer.',
  ),
  'verify.unable.network.todo': m(
    '联网后请再试。下载过的副本不联网也能核对。',
    'Try again when you are connected. A downloaded copy verifies without a network.',
  ),
  'verify.unable.soon.todo': m('请过几秒再试。', 'Try again in a few seconds.'),
  'verify.unable.other.todo': m('请刷新页面后再试。', 'Reload the page and try again.'),

  'verify.fault.none': m('没有一条登记可以核对。', 'There is no entry to verify.'),
  'verify.fault.streams': m('各条登记不属于同一份公示。', 'The entries are not of one and the same notice.'),
  'verify.fault.other': m(
    '证明属于公示 {0}，而不是本页的公示 {1}。',
    'The proofs are of notice {0}, not of this one, {1}.',
  ),
  'verify.fault.twice': m('同一条登记出现了两次。', 'The same entry is given twice.'),

  'verify.fault.unreadable': m(
    '随副本保存的证明无法读取：文件已损坏或被改动。',
    'The proofs in this copy cannot be read: the file is damaged or was changed.',
  ),

  'verify.check.content': m(
    '内容：公开的 {0} 个字段逐一重算摘要，都属于这 {1} 条登记。另有 {2} 项只登记摘要、不公开内容（个人信息和内部信息）。',
    'Content: the digests of {0} disclosed fields were computed again, and all belong to these {1} entries. {2} further items are committed to but not disclosed: personal and internal data.',
  ),
  'verify.check.place': m(
    '位置：由摘要重算出日志条目，再沿证明路径重算到树根，与检查点所载一致。',
    'Place: from the digests the log entries, and from these along their paths the root of the log, which is the checkpoint’s.',
  ),
  'verify.check.signature': m(
    '签名：检查点由日志“{0}”签名，签名成立。',
    'Signature: the checkpoint is signed by the log “{0}”, and the signature holds.',
  ),
  'verify.check.witness': m(
    '见证：“{0}”于 {1} 附署同一检查点，签名成立。',
    'Witness: “{0}” cosigned the same checkpoint at {1}, and the signature holds.',
  ),
  'verify.check.page': m(
    '页面：所示 {0} 项与登记内容逐字一致。页面上若有别的话，以下面“登记的内容”为准。',
    'Page: the {0} items that it shows are, to the letter, what was entered. If it says anything else, go by “What was entered” below.',
  ),
  'verify.check.uncovered': m(
    '页面上的“{0}”未作核对：取自名录、由程序写出，或者证明已不再披露。',
    'Not compared, because it is from a register, written by the program, or disclosed no longer: {0}.',
  ),
  'verify.check.unseen': m(
    '这些登记之间另有 {0} 条内部环节（如审核、期限），不属于公示内容。',
    'Between these entries lie {0} of internal steps (review, time limits), which are not part of the notice.',
  ),
  'verify.check.own': m('核对用的是您粘贴的公钥。', 'Verified with the keys you pasted.'),
  'verify.check.served': m(
    '核对用的是本站提供的公钥；从别处取得公钥再核对一次，更为可靠。',
    'Verified with the keys that this site offers; keys from elsewhere make it stronger.',
  ),
  'verify.check.carried': m(
    '核对用的是随副本保存的公钥；从别处取得公钥再核对一次，更为可靠。',
    'Verified with the keys that were saved with this copy; keys from elsewhere make it stronger.',
  ),

  'verify.differences': m('不一致之处', 'What differs'),
  'verify.difference.item': m('项目', 'Item'),
  'verify.difference.shown': m('页面所示', 'Shown here'),
  'verify.difference.recorded': m('登记内容', 'Entered'),
  'verify.difference.absent': m('（页面没有显示）', '(not shown here)'),
  'verify.difference.unrecorded': m('（登记中没有）', '(not in what was entered)'),

  'verify.checkpoint': m('所依据的检查点', 'The checkpoint it rests on'),
  'verify.checkpoint.origin': m('日志', 'Log'),
  'verify.checkpoint.size': m('大小', 'Size'),
  'verify.checkpoint.entries': m('{0} 条', '{0} entries'),
  'verify.checkpoint.root': m('树根', 'Root'),
  'verify.checkpoint.witnessed': m('见证时间', 'Witnessed'),
  'verify.checkpoint.unwitnessed': m('没有见证人附署', 'by nobody'),
  'verify.checkpoint.key': m('日志公钥', 'Key of the log'),
  'verify.checkpoint.witness': m('见证人“{0}”的公钥', 'Key of the witness “{0}”'),
  'verify.checkpoint.fingerprint': m('编号 {0}，SHA-256 指纹 {1}', 'id {0}, SHA-256 fingerprint {1}'),
  'verify.when': m('核对时间（本机）', 'Verified at (this device)'),

  'verify.events': m('逐条登记', 'Entry by entry'),
  'verify.event.position': m('登记序号', 'Entry'),
  'verify.event.title': m('事项', 'What'),
  'verify.event.at': m('登记时间', 'Entered at'),
  'verify.event.fields': m('公开 / 未公开', 'Disclosed / withheld'),
  'verify.event.result': m('结果', 'Result'),
  'verify.event.ok': m('成立', 'holds'),
  'verify.event.bad': m('不成立', 'does not hold'),
  'verify.event.named': m('第 {0} 号登记“{1}”：{2}', 'Entry {0}, “{1}”: {2}'),
  'verify.event.file': m('“{0}”：{1}', '“{0}”: {1}'),
  'verify.recorded': m('登记的内容', 'What was entered'),

  'verify.file': m('核对别人给您的文件', 'Check a file that somebody gave you'),
  'verify.file.what': m(
    '可以是证明文件（.tlog-proof），也可以是从公示页下载的副本（.html）。文件不会上传：只在您的浏览器里核对，也不运行副本自带的程序，不采用它自带的公钥。',
    'A proof file (.tlog-proof), or a copy downloaded from a notice (.html). It is not sent anywhere: your browser verifies it, without running the copy’s program and without believing the keys it brings.',
  ),
  'verify.file.label': m('选择文件', 'Choose a file'),
  'verify.file.start': m('核对这个文件', 'Verify this file'),
  'verify.file.none': m('请先选择文件。', 'Choose a file first.'),
  'verify.file.no_proof': m('这不是证明文件', 'This is not a proof file'),
  'verify.file.no_proof.what': m(
    '它既不是 .tlog-proof，也不是从公示页下载的副本：不能用它核对什么，也不说明任何记录有误。',
    'It is neither a .tlog-proof nor a copy downloaded from a notice: it proves nothing, and does not mean that any record is wrong.',
  ),
  'verify.file.script': m(
    '在这里核对需要浏览器运行脚本；也可以用上面的 mingjing verify。',
    'This takes a browser that runs scripts; mingjing verify, above, does not.',
  ),

  'copy.title': m('可离线验证的副本', 'A copy that verifies offline'),
  'copy.what': m(
    '保存于 {0}。本文件自带证明和核对程序：用浏览器打开即可核对，不需要网络。公示此后如有更正、撤回或期满，以原地址为准：',
    'Saved at {0}. This file holds its proofs and the program that verifies them: open it in a browser, no network needed. Whether the notice was corrected, withdrawn or expired since is said at its address:',
  ),
} as const satisfies Record<string, Bilingual>;

export type VerifyMessageKey = keyof typeof verifyMessages;
