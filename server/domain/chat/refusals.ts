/** There is no such room, or none that the caller may know of. */
export class RoomNotFound extends Error {
  override name = 'RoomNotFound'
}

/** The room is there for everybody, but only its members may do that. */
export class NotAMember extends Error {
  override name = 'NotAMember'
}

/** The caller is in the room, but may not do that in it. */
export class NotAllowedInRoom extends Error {
  override name = 'NotAllowedInRoom'
}

/** There is no such message in the room. */
export class MessageNotFound extends Error {
  override name = 'MessageNotFound'
}

/** There is no such message in the room to answer, or it was deleted. */
export class QuotedMessageNotFound extends Error {
  override name = 'NothingToAnswer'
}

/** The message was deleted: nothing more can be done with it. */
export class MessageDeleted extends Error {
  override name = 'MessageDeleted'
}

/** The client id belongs to another message of the same author. */
export class ClientIdReused extends Error {
  override name = 'ClientIdReused'
}

/** A message carries no more different reactions. */
export class TooManyReactions extends Error {
  override name = 'TooManyReactions'
}

/** Who is in the room cannot be asked into it. */
export class AlreadyInRoom extends Error {
  override name = 'AlreadyInRoom'
}

/** There is no such user to invite. */
export class InviteeNotFound extends Error {
  override name = 'InviteeNotFound'
}
