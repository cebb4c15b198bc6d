/** There is no such room, or it is not visible to the caller. */
export class RoomNotFound extends Error {
  override name = 'RoomNotFound'
}

/** The caller can see the room, but only its members may do this. */
export class NotAMember extends Error {
  override name = 'NotAMember'
}

/** The caller is in the room, but may not do this in it. */
export class NotAllowedInRoom extends Error {
  override name = 'NotAllowedInRoom'
}

/** There is no such message in the room. */
export class MessageNotFound extends Error {
  override name = 'MessageNotFound'
}

/** There is no such message in the room to reply to, or it was deleted. */
export class QuotedMessageNotFound extends Error {
  override name = 'QuotedMessageNotFound'
}

/** The message was deleted, so it can no longer be changed. */
export class MessageDeleted extends Error {
  override name = 'MessageDeleted'
}

/** The client id belongs to another message of the same author. */
export class ClientIdReused extends Error {
  override name = 'ClientIdReused'
}

/** The message has the maximum number of different reactions. */
export class TooManyReactions extends Error {
  override name = 'TooManyReactions'
}

/** A member of the room cannot be invited to it. */
export class AlreadyInRoom extends Error {
  override name = 'AlreadyInRoom'
}

/** There is no such user to invite. */
export class InviteeNotFound extends Error {
  override name = 'InviteeNotFound'
}
