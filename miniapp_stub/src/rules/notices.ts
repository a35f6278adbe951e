/** Where a notice leads. Pure. */
export interface Subject { page: string }

/** The page that shows what the notice speaks of; undefined when its words are all there is. */
export function subject(kind: string, id: string): Subject | undefined {
  switch (kind) {
    case 'phi_ended':
      return id ? { page: `/farmer/records/index?batch=${encodeURIComponent(id)}` } : undefined
    case 'shipment_sent':
    case 'shipment_answered':
      return id ? { page: `/goods/arrival/index?id=${encodeURIComponent(id)}` } : undefined
    case 'complaint_moved':
      return { page: '/pages/follow/index' }
    default:
      return undefined
  }
}
