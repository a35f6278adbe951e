/** Settings, and what is kept of a person. */
export const me = {
  care_mode: ['关怀模式（大字、大按钮）', 'Care mode (large text and buttons)'],
  text_size: ['文字大小', 'Text size'],
  size_1: ['标准', 'Normal'],
  size_2: ['大', 'Large'],
  size_3: ['特大', 'Largest'],
  language: ['语言', 'Language'],
  clear_seen: ['清空看过的追溯码', 'Clear codes seen'],
  cleared: ['已清空', 'Cleared'],
  log_out: ['退出登录', 'Log out'],
  logged_in_as: ['已登录：{name}', 'Logged in: {name}'],
} as const
