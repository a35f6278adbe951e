export default definePageConfig({ navigationBarTitleText: '陇溯' })
