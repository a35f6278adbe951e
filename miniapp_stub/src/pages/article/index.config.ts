export default definePageConfig({ navigationBarTitleText: '陇溯', enableShareAppMessage: true })
