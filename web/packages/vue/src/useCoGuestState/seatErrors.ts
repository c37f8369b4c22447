/** The codes an application for a seat can fail with. */
export const SeatApplicationErrorCode = {
  tooManySeats: -2340,
  noSuchSeat: -2344,
  noPermission: 100006,
  seatLocked: 100200,
  seatOccupied: 100201,
  alreadyInQueue: 100202,
  alreadySeated: 100203,
  notInQueue: 100204,
  allSeatsOccupied: 100205,
  notSeated: 100206,
  takenByOther: 100210,
  noLinkMic: 100211,
  emptySeatList: 100251,
} as const;
export type SeatApplicationErrorCode = (typeof SeatApplicationErrorCode)[keyof typeof SeatApplicationErrorCode];

const messages: Readonly<Record<number, string>> = {
  [-2340]: 'Maximum seat count exceeds package limit',
  [-2344]: 'Seat index does not exist',
  100006: 'Insufficient operation permissions',
  100200: 'Seat is locked',
  100201: 'Seat is already occupied',
  100202: 'User is already on the seat queue',
  100203: 'User is already in a seat',
  100204: 'User is not on the seat queue',
  100205: 'All seats are occupied',
  100206: 'User is not in a seat',
  100210: 'User is already on seat',
  100211: 'Seat does not support link mic',
  100251: 'Empty seat list',
};

/** The message that belongs to a code, as `onGuestApplicationError` tells it. */
export function seatApplicationErrorMessage(code: number): string {
  return messages[code] ?? 'Failed to apply for seat';
}
