export default defineAppConfig({
  pages: [
    'pages/home/index',
    'pages/trace/index',
    'pages/me/index',
    'pages/report/index',
    'pages/follow/index',
    'pages/privacy/index',
  ],
  subPackages: [
    {
      root: 'farmer',
      pages: [
        'enter/index',
        'farm/index',
        'record/index',
        'batch/index',
        'outbox/index',
      ],
    },
    {
      root: 'officer',
      pages: [
        'enter/index',
        'queue/index',
        'producer/index',
        'visit/index',
        'case/index',
        'declaration/index',
      ],
    },
  ],
  // WeChat: private interfaces wait for consent, and the position says what for.
  __usePrivacyCheck__: true,
  requiredPrivateInfos: ['getLocation'],
  permission: { 'scope.userLocation': { desc: '用于记下实地核验时您站在哪里，只在您点了按钮以后' } },
  window: { navigationBarTitleText: '陇溯', navigationBarBackgroundColor: '#f4f1e6', navigationBarTextStyle: 'black', backgroundColor: '#f4f1e6' },
  lazyCodeLoading: 'requiredComponents',
})
