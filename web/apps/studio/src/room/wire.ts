export type { RoomInfo, RoomSnapshot, Seat, SeatRequest, StageEntry, User } from '@dais/client';
