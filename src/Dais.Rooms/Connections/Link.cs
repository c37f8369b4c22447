using System.Collections.Immutable;

namespace Dais.Rooms.Connections;

/// <summary>A connection as its own stream tells it: who is in it, and whether it is over.</summary>
/// <param name="Id">The connection's id.</param>
public sealed record Link(LinkId Id)
{
    /// <summary>How the stage of its rooms is drawn.</summary>
    public int LayoutTemplateId { get; init; }

    /// <summary>How many events it has.</summary>
    public long Version { get; init; }

    /// <summary>The connected rooms, in the order in which they came.</summary>
    public ImmutableArray<RoomHost> Members { get; init; } = [];

    /// <summary>Whether it has ended; it does not begin again.</summary>
    public bool IsOver { get; init; }

    /// <summary>The connection after <paramref name="happened"/>.</summary>
    public Link Apply(LinkEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.ApplyTo(this) with { Version = Version + 1 };
    }
}

/// <summary>What happened to a connection, as its own stream has it.</summary>
public abstract record LinkEvent
{
    private LinkEvent() { }

    /// <summary>The connection after this event.</summary>
    internal abstract Link ApplyTo(Link link);

    /// <summary>It began, with nobody in it yet.</summary>
    public sealed record Started(int LayoutTemplateId) : LinkEvent
    {
        internal override Link ApplyTo(Link link) => link with { LayoutTemplateId = LayoutTemplateId };
    }

    /// <summary>A room came.</summary>
    public sealed record Joined(RoomHost Room) : LinkEvent
    {
        internal override Link ApplyTo(Link link) => link with { Members = link.Members.Add(Room) };
    }

    /// <summary>A room went.</summary>
    public sealed record Left(RoomHost Room, HostLeaveReason Reason) : LinkEvent
    {
        internal override Link ApplyTo(Link link) =>
            link with { Members = link.Members.RemoveAll(member => member.RoomId == Room.RoomId) };
    }

    /// <summary>It is over.</summary>
    public sealed record Ended : LinkEvent
    {
        internal override Link ApplyTo(Link link) => link with { IsOver = true };
    }
}

/// <summary>What a joint decision adds to the stream of a connection.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Head">How many events its stream has before.</param>
/// <param name="Events">What happened, in order.</param>
public sealed record LinkChange(LinkId Id, long Head, ImmutableArray<LinkEvent> Events)
{
    /// <summary>Whether the connection is over with it.</summary>
    public bool IsEnd => Events is [.., LinkEvent.Ended];
}
