import type { CoHostRequestInfo, SeatRequestInfo } from '@dais/vue';

/** What a host on a small screen is shown above the controls. */
export type NextRequest =
  | { readonly kind: 'received' | 'sent'; readonly request: CoHostRequestInfo }
  | { readonly kind: 'application'; readonly request: SeatRequestInfo };

/** The oldest request to answer, hosts before guests; with none, the request of one's own that is waited for. */
export function nextOf(
  received: readonly CoHostRequestInfo[],
  applications: readonly SeatRequestInfo[],
  sent: readonly CoHostRequestInfo[],
): NextRequest | null {
  const [host] = received;
  if (host !== undefined) {
    return { kind: 'received', request: host };
  }
  const [guest] = applications;
  if (guest !== undefined) {
    return { kind: 'application', request: guest };
  }
  const [asked] = sent;
  return asked === undefined ? null : { kind: 'sent', request: asked };
}
