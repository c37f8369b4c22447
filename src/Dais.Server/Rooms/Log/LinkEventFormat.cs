using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Server.Storage;

namespace Dais.Server.Rooms.Log;

/// <summary>
/// The events of a connection as its own stream stores them, by the rules of <see cref="RoomEventFormat"/>. The numbers of their
/// kinds are those of these streams alone.
/// </summary>
public static class LinkEventFormat
{
    /// <summary>What the name of every connection's stream begins with; the connection's id follows.</summary>
    public const string Prefix = "link:";

    private const ushort Version = 1;

    /// <summary>The stream of the connection <paramref name="id"/>.</summary>
    public static string StreamOf(LinkId id) => Prefix + id.Value;

    /// <summary><paramref name="change"/> as the log takes it.</summary>
    /// <param name="change">What happens.</param>
    /// <param name="at">When.</param>
    /// <param name="retention">How long the log keeps the stream after the connection has ended.</param>
    public static StreamAppend ToAppend(LinkChange change, WallClockTime at, TimeSpan retention)
    {
        DateTimeOffset? endedAt = change.IsEnd ? DateTimeOffset.FromUnixTimeMilliseconds(at.Milliseconds) : null;
        return new StreamAppend(StreamOf(change.Id), change.Head, [.. change.Events.Select(happened => ToStored(happened, at))])
        {
            ExpiresAt = endedAt + retention,
        };
    }

    /// <summary><paramref name="happened"/> as the log takes it.</summary>
    public static NewEvent ToStored(LinkEvent happened, WallClockTime at)
    {
        var to = new RecordWriter();
        ushort type = Write(to, happened);
        return new NewEvent(type, Version, DateTimeOffset.FromUnixTimeMilliseconds(at.Milliseconds), to.ToArray());
    }

    /// <summary>The event that <paramref name="stored"/> is.</summary>
    /// <exception cref="EventLogException">It is of a kind or version this server does not know, or makes no sense.</exception>
    public static LinkEvent FromStored(LogEvent stored)
    {
        var from = new RecordReader(stored.Body);
        try
        {
            var happened = (stored.Version == Version ? Read(stored.Type, from) : null)
                ?? throw new EventLogException(
                    $"The event log holds a connection's event of kind {stored.Type} in version {stored.Version}, which this version "
                    + "of Dais does not know. Start the version that wrote it, or move the data path away to begin with nothing.");
            from.End();
            return happened;
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentException)
        {
            throw new EventLogException(
                $"The event log holds a connection's event of kind {stored.Type} that makes no sense ({damage.Message}) "
                + "Restore the data path from a backup, or move it away to begin with nothing.",
                damage);
        }
    }

    private static ushort Write(RecordWriter to, LinkEvent happened)
    {
        switch (happened)
        {
            case LinkEvent.Started started:
                to.Number(started.LayoutTemplateId);
                return 1;
            case LinkEvent.Joined joined:
                to.Write(joined.Room);
                return 2;
            case LinkEvent.Left left:
                to.Write(left.Room);
                StoredEnums.HostLeave.Write(to, left.Reason);
                return 3;
            case LinkEvent.Ended:
                return 4;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} has no stored form.");
        }
    }

    private static LinkEvent? Read(ushort type, RecordReader from) => type switch
    {
        1 => new LinkEvent.Started(from.Whole()),
        2 => new LinkEvent.Joined(from.RoomHost()),
        3 => new LinkEvent.Left(from.RoomHost(), StoredEnums.HostLeave.Read(from)),
        4 => new LinkEvent.Ended(),
        _ => null,
    };
}
