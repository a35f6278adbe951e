/** Settings, and what is kept of a person. */
export const me = {
  care_mode: ['关怀模式（大字、大按钮）', 'Care mode (large text and buttons)'],
  text_size: ['文字大小', 'Text size'],
  size_1: ['标准', 'Normal'],
  size_2: ['大', 'Large'],
  size_3: ['特大', 'Largest'],
  language: ['语言', 'Language'],
  privacy: ['隐私说明', 'Privacy'],
  privacy_1: ['看追溯信息不需要登录，我们不记录您是谁。', 'Looking at a trace needs no login; we do not record who you are.'],
  privacy_2: ['看过的追溯码只存在这部手机里，可以随时清空。', 'Codes you looked at are kept on this phone only and can be cleared.'],
  privacy_3: ['种养户的登录凭据和还没上传的记录存在这部手机里，退出登录也不会丢记录。', 'A farmer’s login and records not yet sent are kept on this phone; logging out loses no record.'],
  privacy_4: ['照片只在您点了“拍照”时才会用到相机，照片里的位置信息会被去掉。', 'The camera is used only when you tap for a photo; positions inside photos are removed.'],
  clear_seen: ['清空看过的追溯码', 'Clear codes seen'],
  cleared: ['已清空', 'Cleared'],
  log_out: ['退出登录', 'Log out'],
  logged_in_as: ['已登录：{name}', 'Logged in: {name}'],
} as const
