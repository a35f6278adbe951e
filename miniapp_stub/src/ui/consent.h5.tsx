/** In a browser the browser itself asks before camera and position. */
export function Consent() {
  return null
}
