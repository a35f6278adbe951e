// Every sentence the page's script says, in both languages. `{name}` is filled in.

const SAID = {
  zh: {
    good_not_listed: ['签名有效；截至 {asOf} 未见作废', '{who}的这张合格证是平台在当时签下的，此后没有改动；截至上述时间的作废名单里没有它。'],
    good_stale: ['签名有效；作废名单还是 {days} 天前的', '这张合格证没有改过，但名单旧了：{asOf} 以后有没有作废，要联网打开本页更新名单才知道。'],
    good_older: ['签名有效；作废名单比这张证还早', '{asOf} 的名单说不了 {issued} 才开的证：有没有作废还不知道。请过一会儿联网重新打开本页。'],
    good_listed: ['签名有效，但很可能已作废', '作废名单（截至 {asOf}）里有它。名单为了小巧，有{rate}的可能把别的证误认进来：请联网查一下再下结论。'],
    good_no_list: ['签名有效，是否作废不知道', '手机里还没有作废名单。联网打开本页一次就会取来。'],
    good_bad_list: ['签名有效，是否作废不知道', '手机里的作废名单自己的签名不对，没有采用。请联网重新打开本页。'],
    good_expired: ['签名有效，但已过有效期', '有效期到 {until}。这张证不应再用于现在的货。'],
    altered: ['签名不符，不要相信', '内容被改动过，或者不是平台签的。'],
    other_code: ['给的是另一个码的证，不要相信', '您查的是一个码，平台给的却是另一个码的证。请核对追溯码，过一会儿再查；还是这样，就不要相信，并请向监管部门反映。'],
    unknown_key: ['不认识签名的密钥', '密钥 {kid} 不在清单（截至 {keysAsOf}）里。如果这是新开的证，请联网打开本页更新清单；更新后仍不认识，就不要相信。'],
    revoked_key: ['签名的密钥已吊销，不要只凭签名相信', '这把密钥于 {revokedAt} 吊销（{reason}）。请联网查询这张证。'],
    wrong_purpose: ['签名用错了密钥，不要相信', '这把密钥不是用来签合格证的。'],
    out_of_time: ['签名时间不对，不要相信', '签名写的时间，这把密钥并不在用。'],
    no_keys: ['还不能验', '手机里还没有密钥清单。请联网打开本页一次，以后没有网络也能验。'],
    unsupported: ['这个浏览器验不了', '浏览器不支持这种签名（{alg}），或本页不是用 https 打开的。请换一个新一些的浏览器。'],
    garbage: ['看不懂这段内容', '它不是陇溯的签名。请扫合格证上“电子签名”那个二维码，或粘贴完整内容。'],
    fetch_failed: ['没有取到', '要按追溯码查，需要网络。没有网络时，请扫合格证上“电子签名”那个二维码。'],
    not_found: ['查无此码', '平台没有这个追溯码，请核对后再试。'],
    unsigned: ['这张合格证没有电子签名', '它是在启用电子签名之前开具的，可以在追溯页上查看。'],
    record_good: ['登记属实', '这条记录最晚在 {by} 已在签名的登记簿里，此后一个字也没有改。'],
    record_hidden: ['登记簿里有这一条，内容不公开', '这份证明只有记录的散列值：可以确认它最晚在 {by} 已经登记，看不到内容。'],
    record_unsealed: ['内容与登记相符，还没有封存', '封存（通常几分钟内）之后再取一次证明，才能确认它在已签名的登记簿里。'],
    record_altered: ['内容与登记不符，不要相信', '记录被改动过，或者盐值、种类不对。'],
    record_misplaced: ['登记路径不对，不要相信', '这条记录走不到已签名的登记簿。'],
    kind: '记录种类', by: '登记不晚于', by_head: '{at}（检查点里签下的时间）',
    who: '承诺主体', what: '产品', much: '数量', when: '开具时间', until: '有效期到', code: '追溯码',
    compare: '请对照手里的纸和货：个人姓名这里只显示姓，其余应一字不差。',
    not_proven: '签名说明：这些话是平台在当时签下的，此后没有改动。签名不说明：生产者说的都是真的。',
    trace: '查看追溯页（联网）', asked: '联网查询这张证',
    details: '是怎么验的', key: '签名密钥', key_state: '密钥状态', key_list: '密钥清单截至', revoked_list: '作废名单截至',
    none: '没有', listed_count: '{asOf}，共 {count} 张', current: '使用中', retired: '已停用，在用期间的签名仍有效', revoked: '已吊销',
    whole: '合格证全文', whole_fits: '全文与签名相符。', whole_differs: '全文与签名不符：有字被改动。', whole_absent: '只有签名，没有全文；要看全文，请联网打开追溯页。',
    in_register: '存证登记', register_none: '这份证明里没有登记路径：可能还没有封存。',
    register_good: '这条记录在已签名的登记簿里：第 {index} 条，当时共 {size} 条。',
    register_not_linked: '路径通到已签名的登记簿，但没有附盐值，不能确认这一条就是这张证。',
    register_other_record: '登记的内容不是这张证，不要相信这条路径。', register_wrong_root: '路径走不到签名的根，不要相信这条路径。',
    register_unknown_key: '登记簿的根不是我们认识的密钥签的。', register_altered: '登记簿根的签名不符，不要相信。',
    register_revoked_key: '签登记簿根的密钥已吊销。', register_out_of_time: '登记簿根写的签名时间，那把密钥并不在用，不要相信。', register_unsupported: '这个浏览器验不了登记簿根的签名（Ed25519）。', register_malformed: '登记路径残缺，看不懂。',
    migrated: '这一条是系统升级时补登的：只能证明封存以后没有改过，证明不了封存以前的样子。',
    tree: '从这条记录（下）到已签名的根（上）', root: '根', record: '本记录', checkpoint: '检查点',
    lists: '密钥清单截至 {keysAsOf}；作废名单截至 {asOf}。', lists_none: '还没有密钥清单：请先联网打开本页一次。', offline: '现在没有网络，用手机里存的清单。',
    scanning: '对准“电子签名”二维码…', no_scanner: '这个浏览器不会读二维码。可以用微信或相机扫码，会自动打开本页；也可以粘贴内容。', no_camera: '没有打开摄像头。可以选一张照片，或粘贴内容。', no_code: '照片里没有看到二维码，请拍近些、拍清楚些。',
    rare: '不到百万分之一', rate: '约{count}分之一', compromised: '私钥泄露或疑似泄露', lost: '私钥遗失', mistake: '误用', checking: '正在验…',
  },
  en: {
    good_not_listed: ['The signature holds; not taken back as of {asOf}', 'This platform signed this certificate of {who} then, and it was not changed since; the list of certificates taken back as of that time does not name it.'],
    good_stale: ['The signature holds; the list of those taken back is {days} days old', 'This certificate was not changed, but the list is old: whether it was taken back after {asOf} is known only when this page is opened online and renews it.'],
    good_older: ['The signature holds; the list of those taken back is older than this certificate', 'A list of {asOf} says nothing of a certificate issued at {issued}: whether it was taken back is not known. Open this page online again in a while.'],
    good_listed: ['The signature holds, but it was probably taken back', 'It is on the list of certificates taken back (as of {asOf}). The list is small and mistakes {rate} of others for one of its own: ask online before you decide.'],
    good_no_list: ['The signature holds; whether it was taken back is not known', 'There is no list of certificates taken back on this device yet. Opening this page online once fetches it.'],
    good_bad_list: ['The signature holds; whether it was taken back is not known', 'The stored list of certificates taken back has a bad signature itself and was not used. Open this page online again.'],
    good_expired: ['The signature holds, but the certificate is past its time', 'It was valid until {until} and is not for goods of today.'],
    altered: ['The signature does not fit: do not trust it', 'The content was changed, or this platform did not sign it.'],
    other_code: ['A certificate of another code was given: do not trust it', 'You asked for one code and were given the certificate of another. Compare the code and ask again in a while; if it stays so, do not trust it, and tell the authority in charge.'],
    unknown_key: ['The key is not known', 'Key {kid} is not on the list (as of {keysAsOf}). If the certificate is new, open this page online to renew the list; if it is still not known then, do not trust it.'],
    revoked_key: ['The key was revoked: do not trust the signature alone', 'This key was revoked on {revokedAt} ({reason}). Ask for this certificate online.'],
    wrong_purpose: ['Signed with the wrong key: do not trust it', 'This key is not for certificates.'],
    out_of_time: ['Signed at the wrong time: do not trust it', 'The key was not in use at the time that the signature claims.'],
    no_keys: ['It cannot be checked yet', 'There is no key list on this device. Open this page online once; from then on it works without a network.'],
    unsupported: ['This browser cannot check it', 'It does not know this kind of signature ({alg}), or the page was not opened by https. Please use a newer browser.'],
    garbage: ['This is nothing we know', 'It is no signature of LongTrace. Scan the code “电子签名” on the certificate, or paste the whole of it.'],
    fetch_failed: ['It could not be fetched', 'A trace code can be looked up online only. Without a network, scan the code “电子签名” on the certificate.'],
    not_found: ['No such code', 'The platform does not know this trace code. Compare it and try again.'],
    unsigned: ['This certificate carries no electronic signature', 'It was issued before there were any; its trace page shows it.'],
    record_good: ['Registered, and not changed since', 'This record was in the signed register by {by} at the latest, and not one character was changed since.'],
    record_hidden: ['It is in the register; its content is not public', 'This proof holds the hash alone: it shows that something was registered by {by} at the latest, not what.'],
    record_unsealed: ['The content fits; it is not sealed yet', 'Fetch the proof again after the seal, usually within minutes, to see that it is in the signed register.'],
    record_altered: ['The content does not fit: do not trust it', 'The record was changed, or its salt or kind is wrong.'],
    record_misplaced: ['The path is wrong: do not trust it', 'This record does not lead to the signed register.'],
    kind: 'Kind of record', by: 'Registered by', by_head: '{at} at the latest (the time signed in the checkpoint)',
    who: 'Committed by', what: 'Product', much: 'Quantity', when: 'Issued', until: 'Valid until', code: 'Trace code',
    compare: 'Compare with the paper and the goods: of a person only the family name is shown here; all else should be the same, letter by letter.',
    not_proven: 'The signature shows that the platform signed these words then and nobody changed them since. It does not show that what the producer said is true.',
    trace: 'Open the trace page (online)', asked: 'Ask for it online',
    details: 'How it was checked', key: 'Key', key_state: 'State of the key', key_list: 'Key list as of', revoked_list: 'List of those taken back as of',
    none: 'none', listed_count: '{asOf}, {count} in all', current: 'in use', retired: 'retired; what it signed in its time still holds', revoked: 'revoked',
    whole: 'The whole certificate', whole_fits: 'It fits the signature.', whole_differs: 'It does not fit the signature: something was changed.', whole_absent: 'Only the signature is here; the trace page shows the whole certificate online.',
    in_register: 'Place in the register', register_none: 'This proof carries no path into the register: it may not be sealed yet.',
    register_good: 'This record is in the signed register: number {index} of {size} at the time.',
    register_not_linked: 'The path leads to a signed register, but without its salt nobody can tell that the record is this certificate.',
    register_other_record: 'What was registered is not this certificate: do not trust the path.', register_wrong_root: 'The path does not lead to the signed root: do not trust it.',
    register_unknown_key: 'The root is not signed with a key we know.', register_altered: 'The signature of the root does not fit: do not trust it.',
    register_revoked_key: 'The key that signed the root was revoked.', register_out_of_time: 'The root claims a time at which its key was not in use: do not trust it.', register_unsupported: 'This browser cannot check the signature of the root (Ed25519).', register_malformed: 'The path is broken or incomplete.',
    migrated: 'This entry was made when the register was upgraded: it proves the content from its own seal on, and nothing of the time before.',
    tree: 'From this record (below) to the signed root (above)', root: 'root', record: 'this record', checkpoint: 'Checkpoint',
    lists: 'Key list as of {keysAsOf}; list of those taken back as of {asOf}.', lists_none: 'There is no key list yet: open this page online once.', offline: 'There is no network now; the stored lists are used.',
    scanning: 'Point at the code “电子签名” …', no_scanner: 'This browser reads no QR codes. Scan with WeChat or the camera, which opens this page by itself, or paste the content.', no_camera: 'The camera could not be opened. Choose a photo, or paste the content.', no_code: 'No QR code was seen in the photo; come closer, keep it sharp.',
    rare: 'less than one in a million', rate: 'about one in {count}', compromised: 'the private key leaked, or may have', lost: 'the private key was lost', mistake: 'used by mistake', checking: 'Checking …',
  },
}

export const LANG = globalThis.document?.documentElement.lang === 'en' ? 'en' : 'zh'

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '—')
}

/** One sentence. */
export const say = (name, values = {}) => filled(SAID[LANG][name], values)

/** A headline and its explanation. */
export const tell = (name, values = {}) => SAID[LANG][name].map((sentence) => filled(sentence, values))

/** 2026-10-01 10:15 in China time, whatever the device's own zone is. */
export function minute(ms) {
  return ms ? new Date(ms + 8 * 3600e3).toISOString().slice(0, 16).replace('T', ' ') : say('none')
}

export const ALL = SAID
