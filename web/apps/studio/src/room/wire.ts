export type { Request, RoomInfo, RoomSnapshot, Seat, StageEntry, User } from '@dais/client';
