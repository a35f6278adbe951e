/** What a person was told. */
export const inbox = {
  inbox: ['消息', 'Messages'],
  unread: ['{count} 条没看', '{count} unread'],
  all_read: ['都看过了', 'All read'],
  not_read: ['新', 'new'],
  inbox_none: ['还没有消息。可以采收了、该申报了、合格证有变动，都会在这里告诉您。', 'No messages yet. Lawful harvest, declarations and certificates are told here.'],
  inbox_late: ['现在读不到新消息，下面是手机里存着的。', 'New messages cannot be read now; these are the ones kept on the phone.'],
  read_all: ['全部标成看过', 'Mark all as read'],
  read_it: ['知道了', 'Got it'],
  open_it: ['去看看', 'Open it'],
  remind: ['到期提醒我', 'Tell me when it is over'],
  remind_inbox: ['好的。到那天，“消息”里会告诉您。', 'On that day it will stand in your messages.'],
  remind_refused: ['没有允许微信提醒。到那天，“消息”里还是会告诉您。', 'No message in WeChat, then. It will stand in your messages here.'],
  remind_agreed: ['好的，到那天微信会提醒您（还能提醒 {count} 次）。', 'WeChat will tell you ({count} messages agreed).'],
  remind_later: ['现在没有信号，没有设成。“消息”里到时还是会告诉您。', 'No signal, so nothing was set. It will stand in your messages anyway.'],
} as const
