/** Where a notice leads. Pure. */
export interface Subject { page: string }

/** The page that shows what the notice speaks of; undefined when its words are all there is. */
export function subject(kind: string, id: string): Subject | undefined {
  switch (kind) {
    case 'phi_ended':
      return id ? { page: `/farmer/records/index?batch=${encodeURIComponent(id)}` } : undefined
    case 'declaration_due':
    case 'declaration_decided':
      return { page: `/farmer/declare/index?producer=${id.split('.')[0]}` }
    case 'question_asked':
      return { page: `/farmer/question/index?id=${encodeURIComponent(id)}` }
    case 'question_answered':
      return { page: `/officer/question/index?id=${encodeURIComponent(id)}` }
    case 'shipment_sent':
    case 'shipment_answered':
      return id ? { page: `/goods/arrival/index?id=${encodeURIComponent(id)}` } : undefined
    case 'complaint_moved':
      return { page: '/pages/follow/index' }
    default:
      return undefined
  }
}
