export default defineAppConfig({
  pages: [
    'pages/home/index',
    'pages/trace/index',
    'pages/me/index',
    'pages/report/index',
    'pages/follow/index',
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
  ],
  window: { navigationBarTitleText: '陇溯', navigationBarBackgroundColor: '#f4f1e6', navigationBarTextStyle: 'black', backgroundColor: '#f4f1e6' },
  lazyCodeLoading: 'requiredComponents',
})
