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
        'records/index',
        'site/index',
        'product/index',
        'stock/index',
        'buy/index',
        'shelf/index',
        'inbox/index',
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
  permission: { 'scope.userLocation': { desc: '只在您点了记位置的按钮时用，记下地块、核验或问题发生的地方' } },
  window: { navigationBarTitleText: '陇溯', navigationBarBackgroundColor: '#f4f1e6', navigationBarTextStyle: 'black', backgroundColor: '#f4f1e6' },
  lazyCodeLoading: 'requiredComponents',
})
