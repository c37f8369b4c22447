using Dais.Rooms;
using Dais.Server.Storage;

namespace Dais.Server.Rooms.Log;

/// <summary>
/// Room events as the log stores them: each kind has a number, a version and a body of its own, written field by field. The
/// domain may be renamed and rearranged; what is stored stays.
/// </summary>
/// <remarks>
/// To change a body: give its kind a new version, write that, and keep reading the older ones. Numbers are never used again.
/// The golden files of the tests hold a body of every kind.
/// </remarks>
public static partial class RoomEventFormat
{
    /// <summary>The number of <see cref="RoomEvent.Started"/>, after which nothing of before matters.</summary>
    public const ushort StartedType = 1;

    /// <summary>The number of <see cref="RoomEvent.Ended"/>, by which the end of a room is known without reading it.</summary>
    public const ushort EndedType = 4;

    /// <summary>The version of a kind whose body has never changed.</summary>
    private const ushort Version = 1;

    /// <summary>The version of the kinds that tell what is decided about a room: since then, whether messages are disabled.</summary>
    private const ushort SettingsVersion = 2;

    private const ushort UpdatedType = 2;

    /// <summary><paramref name="happened"/> as the log takes it.</summary>
    public static NewEvent ToStored(RoomEvent happened, WallClockTime at)
    {
        var to = new RecordWriter();
        ushort type = WriteLife(to, happened) ?? WriteAudience(to, happened) ?? WriteSeats(to, happened)
            ?? WriteConnections(to, happened) ?? WriteMessages(to, happened)
            ?? throw new InvalidOperationException($"{happened.GetType().Name} has no stored form.");
        return new NewEvent(type, VersionOf(type), DateTimeOffset.FromUnixTimeMilliseconds(at.Milliseconds), to.ToArray());
    }

    /// <summary>The event that <paramref name="stored"/> is.</summary>
    /// <exception cref="EventLogException">It is of a kind or version this server does not know, or makes no sense.</exception>
    public static RoomEvent FromStored(LogEvent stored)
    {
        var from = new RecordReader(stored.Body);
        try
        {
            var happened = stored.Version == Version
                ? ReadLife(stored.Type, from) ?? ReadAudience(stored.Type, from) ?? ReadSeats(stored.Type, from)
                    ?? ReadConnections(stored.Type, from) ?? ReadMessages(stored.Type, from)
                : stored.Version == SettingsVersion ? ReadSettings(stored.Type, from)
                : null;
            if (happened is null)
            {
                throw new EventLogException(
                    $"The event log holds a room event of kind {stored.Type} in version {stored.Version}, which this version of Dais "
                    + "does not know. Start the version that wrote it, or move the data path away to begin with nothing.");
            }

            from.End();
            return happened;
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentException)
        {
            throw new EventLogException(
                $"The event log holds a room event of kind {stored.Type} that makes no sense ({damage.Message}) "
                + "Restore the data path from a backup, or move it away to begin with nothing.",
                damage);
        }
    }

    private static ushort VersionOf(ushort type) => type is StartedType or UpdatedType ? SettingsVersion : Version;

    private static ushort? WriteLife(RecordWriter to, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.Started started:
                to.Write(started.Owner);
                to.Write(started.Settings);
                to.Write(started.At);
                to.Bool(started.Settings.MessagesDisabled);
                return StartedType;
            case RoomEvent.Updated updated:
                to.Write(updated.Changes);
                to.Bool(updated.Changes.MessagesDisabled is not null);
                if (updated.Changes.MessagesDisabled is { } disabled)
                {
                    to.Bool(disabled);
                }

                return UpdatedType;
            case RoomEvent.PhaseChanged phase:
                StoredEnums.Phase.Write(to, phase.Phase);
                to.WriteOptional(phase.EndsAt);
                return 3;
            case RoomEvent.Ended ended:
                StoredEnums.EndReason.Write(to, ended.Reason);
                to.WriteOptional(ended.By);
                return EndedType;
            case RoomEvent.StageChanged stage:
                to.Each(stage.Stage, StoredValues.Write);
                to.Write(stage.Canvas);
                return 5;
            default:
                return null;
        }
    }

    private static RoomEvent? ReadLife(ushort type, RecordReader from) => type switch
    {
        StartedType => new RoomEvent.Started(from.User(), from.RoomSettings(), from.Time()),
        UpdatedType => new RoomEvent.Updated(from.RoomChanges()),
        3 => new RoomEvent.PhaseChanged(StoredEnums.Phase.Read(from), from.OptionalTime()),
        EndedType => new RoomEvent.Ended(StoredEnums.EndReason.Read(from), from.OptionalUser()),
        5 => new RoomEvent.StageChanged([.. from.Each(StoredValues.StageEntry)], from.Canvas()),
        _ => null,
    };

    private static RoomEvent? ReadSettings(ushort type, RecordReader from)
    {
        switch (ReadLife(type, from))
        {
            case RoomEvent.Started started:
                return started with { Settings = started.Settings with { MessagesDisabled = from.Bool() } };
            case RoomEvent.Updated updated:
                return updated with { Changes = updated.Changes with { MessagesDisabled = from.Bool() ? from.Bool() : null } };
            default:
                return null;
        }
    }
}
